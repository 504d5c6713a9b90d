"""Which classes a member of staff can offer somebody on the telephone, with the seats that are left."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from people.models import User

from .booking_states import NotPossible
from .models import Series, Session, SessionQuerySet
from .refusals import NotNow

#: More than this nobody reads out on the telephone: topic, centre and day make it less.
MOST = 30


@dataclass(frozen=True)
class Choice:
    """One line: a class, or a series that is booked as a whole. `sessions`: those to come, the first first."""

    key: str
    sessions: list[Session]

    @property
    def first(self) -> Session:
        return self.sessions[0]

    @property
    def seats_left(self) -> int:
        """Of a series: in the fullest of its classes."""
        return min(each.seats_left for each in self.sessions)  # type: ignore[attr-defined]

    @property
    def waiting(self) -> int:
        return max(each.waiting for each in self.sessions)  # type: ignore[attr-defined]

    @property
    def has_seat(self) -> bool:
        """Whether who books now gets one: nobody is passed who waits already."""
        return self.seats_left > 0 and self.waiting == 0

    @property
    def opens_at(self) -> object:
        """When booking begins, if it has not; staff do not go before those who book for themselves."""
        return self.first.opens_at if self.first.opens_at > timezone.now() else None


def offered(
    user: User, topic: str = "", centre: int | None = None, day: date | None = None
) -> SessionQuerySet:
    """Classes to come that this user may book, narrowed by what is not empty, the next first."""
    rows = (
        Session.objects.for_user(user)
        .for_public()
        .with_seats()
        .select_related("course", "room__centre", "series")
    )
    if topic:
        rows = rows.filter(course__topic=topic)
    if centre:
        rows = rows.filter(room__centre=centre)
    if day:
        rows = rows.filter(starts_at__date=day)
    return rows


def choices(user: User, **narrowed: object) -> list[Choice]:
    """What can be booked, as `offered` is narrowed. Two queries, however many there are."""
    rows = list(offered(user, **narrowed)[:MOST])  # type: ignore[arg-type]
    whole: dict[int, list[Session]] = {each.series_id: [] for each in rows if _as_one(each)}
    if whole:
        for each in offered(user).filter(series__in=whole):
            whole[each.series_id].append(each)
    found, seen = [], set()
    for each in rows:
        if not _as_one(each):
            found.append(Choice(f"s{each.pk}", [each]))
        elif each.series_id not in seen:
            seen.add(each.series_id)
            found.append(Choice(f"r{each.series_id}", whole[each.series_id] or [each]))
    return found


def _as_one(session: Session) -> bool:
    return session.series is not None and session.series.as_one


def _named(user: User, key: str) -> SessionQuerySet | None:
    """What `Choice.key` names, as far as this user may book it; None if it names nothing. One class also while it is
    going on: somebody came without booking."""
    kind, number = key[:1], key[1:]
    if kind not in ("s", "r") or not number.isdecimal() or len(number) > 9:
        return None
    own = Session.objects.for_user(user).exclude(state=Session.State.CANCELLED)
    if kind == "r":
        return own.upcoming().filter(series=int(number))
    return own.filter(pk=int(number), ends_at__gt=timezone.now())


def choice(user: User, key: str) -> Choice | None:
    """The line of what was chosen, or None."""
    named = _named(user, key)
    rows = (
        list(named.with_seats().select_related("course", "room__centre", "series"))
        if named is not None
        else []
    )
    return Choice(key, rows) if rows else None


def picked(user: User, key: str) -> Session | Series:
    """What `Choice.key` names, if this user may book it. NotPossible if it is none, or not open yet."""
    named = _named(user, key)
    first = named.for_booking().select_related("series").first() if named is not None else None
    if first is None:
        raise NotPossible("그 수업은 지금 신청할 수 없습니다. 수업을 목록에서 골라 주세요.")
    if first.opens_at > timezone.now():
        raise NotNow("early", first)
    return first.series if key[0] == "r" and first.series else first


def instead_of(user: User, session: Session, **narrowed: object) -> list[Choice]:
    """Classes to which somebody can be moved from this one: those with a seat, each by itself."""
    rows = offered(user, **narrowed).exclude(pk=session.pk).filter(seats_left__gt=0, waiting=0)  # type: ignore[arg-type]
    return [Choice(f"s{each.pk}", [each]) for each in rows[:MOST]]
