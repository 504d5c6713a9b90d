"""Why somebody gets no booking, in words that say what to do."""

import uuid
from collections.abc import Iterable

from django.utils import timezone
from django.utils.formats import date_format

from privacy.keys import blind_index

from . import conditions
from .booking_states import NotPossible, State
from .models import Booking, Session

#: Why not now, by what the database says (migration 0003) or a deed.
NOT_NOW = {
    "called_off": "휴강된 수업입니다. 다른 수업을 골라 주세요.",
    "over": "이미 끝난 수업입니다. 다른 수업을 골라 주세요.",
    "early": "아직 신청을 받지 않습니다. 신청은 {opens}부터 받습니다.",
    "closed": "신청을 마감한 수업입니다. 다른 수업을 골라 주세요.",
    "late": "신청 기간이 지났습니다. 자리가 남았는지 전화로 물어봐 주세요.",
    "begun": "이미 시작한 수업은 취소할 수 없습니다.",
    "none": "지금 신청할 수 있는 회차가 없습니다. ‘내 신청’을 확인하시거나 다른 수업을 골라 주세요.",
}


class NotNow(NotPossible):
    """Not yet open, closed, called off or over: `code` of NOT_NOW."""

    def __init__(self, code: str, session: Session | None = None) -> None:
        opens = date_format(timezone.localtime(session.opens_at), "n월 j일(D) A g시 i분") if session else ""
        super().__init__(NOT_NOW[code].format(opens=opens))
        self.code = code


class AlreadyBooked(NotPossible):
    """They have a seat or a place in the line. `booking_id` is that booking; show it only to whom it belongs."""

    def __init__(self, booking_id: uuid.UUID) -> None:
        super().__init__("이미 신청하신 수업입니다. ‘내 신청’에서 보실 수 있습니다.")
        self.booking_id = booking_id


class SameTime(NotPossible):
    """They have a seat in another class at that time (`booking_id`)."""

    def __init__(self, booking_id: uuid.UUID) -> None:
        super().__init__(
            "같은 시간에 다른 수업을 신청하셨습니다. 그 수업을 먼저 취소하시면 신청하실 수 있습니다."
        )
        self.booking_id = booking_id


class TooManyPeople(NotPossible):
    """One phone, too many people: whoever has many names takes no class for themselves."""

    def __init__(self, most: int) -> None:
        super().__init__(
            f"전화번호 하나로 한 수업에 {most}분까지 신청하실 수 있습니다."
            " 더 많은 분이 오시려면 아래 번호로 전화해 주세요."
        )


class DoesNotFit(NotPossible):
    """The conditions of the course. `reasons` has each."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def person_index(name: str, phone: str) -> str:
    """Blind index of one person: name and phone (E.164). Spaces in a name do not count."""
    return blind_index("learning person", f"{''.join(name.split())}|{phone}")


def check_conditions(session: Session, name: str, phone: str, birth_year: int | None) -> None:
    """DoesNotFit. Asks the database nothing if the course's rules are loaded (Session.objects.for_booking) and none
    asks for a level."""
    terms = [
        conditions.Terms(r.from_on, r.until_on, r.age_from, r.age_until, r.needs_level, r.reason)
        for r in session.course.rules.all()
    ]
    if not terms:
        return
    attended: Iterable[int] = ()
    if any(each.needs_level for each in terms):
        attended = Booking.objects.filter(
            learner__person_index=person_index(name, phone),
            attendance=Booking.Attendance.CAME,
            session__course__topic=session.course.topic,
        ).values_list("session__course__level", flat=True)
    day = timezone.localdate(session.starts_at)
    if reasons := conditions.refusals(terms, day, birth_year=birth_year, attended=attended):
        raise DoesNotFit(reasons)


def at_the_same_time(learner: uuid.UUID, session: Session, but: uuid.UUID | None = None) -> Booking | None:
    """Their seat in another class that overlaps with this one."""
    held = Booking.objects.filter(learner=learner, state__in=[State.CONFIRMED, State.OFFERED])
    held = held.filter(session__starts_at__lt=session.ends_at, session__ends_at__gt=session.starts_at)
    held = held.exclude(session=session.pk)
    return (held.exclude(pk=but) if but else held).first()
