"""Bookings of the example classes, written by the dozen: what the deeds write one by one. Nobody is told of them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

from people.demo_clock import clock_at
from people.models import User
from people.phones import normalised, phone_index

from .models import Booking, BookingStep, Learner, Session
from .refusals import person_index
from .topics import age_band

Deed, State, Who = BookingStep.Deed, Booking.State, BookingStep.Who


def learners(count: int, random: Random) -> list[Learner]:
    """예시 주민 1 …, with phones from 010-0000-2001 on; most of them over 60."""
    this_year = timezone.localdate().year
    made = []
    for n in range(1, count + 1):
        phone, name = normalised(f"010-0000-{2000 + n}"), f"예시 주민 {n}"
        born = this_year - random.choice((54, 62, 65, 67, 68, 70, 71, 73, 74, 76, 78, 79, 81, 83, 85, 88))
        made.append(
            Learner(
                name=name,
                phone=phone,
                birth_year=str(born) if n % 5 else None,
                person_index=person_index(name, phone),
                phone_index=phone_index(phone),
            )
        )
    return Learner.objects.bulk_create(made)


def book(session: Session, people: Sequence[Learner], at: datetime, by: User | None = None) -> list[Booking]:
    """In this order: as many as there are seats get one, the others wait."""
    year = timezone.localdate(session.starts_at).year
    rows = [
        Booking(
            session=session,
            learner=one,
            phone_index=one.phone_index,
            age_band=age_band(year - int(one.birth_year) if one.birth_year else None),
            way=Booking.Way.CALL if by else Booking.Way.SELF,
            entered_by=by,
            is_example=True,
        )
        for one in people
    ]
    with clock_at(at):
        Booking.objects.bulk_create(rows)
    states = dict(Booking.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", "state"))
    for row in rows:
        row.state = states[row.pk]
    _write([(row, Deed.BOOKED) for row in rows], "", at, Who.STAFF if by else Who.LEARNER, by)
    return rows


def move(
    rows: Sequence[Booking],
    deed: str,
    after: str,
    at: datetime,
    who: str = Who.LEARNER,
    offer_until: datetime | None = None,
) -> None:
    """All of them, which were in one state, to another."""
    if not rows:
        return
    before = rows[0].state
    ended = None if after in (State.CONFIRMED, State.OFFERED, State.WAITING) else at
    Booking.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=after, offer_until=offer_until, ended_at=ended
    )
    for row in rows:
        row.state = after
    _write([(row, deed) for row in rows], before, at, who)


def attend(rows: Sequence[Booking], absent: Collection[Booking], at: datetime, by: User) -> None:
    """All of them came but those."""
    came, missed = ([row for row in rows if (row in absent) == is_absent] for is_absent in (False, True))
    for some, said in ((came, Booking.Attendance.CAME), (missed, Booking.Attendance.ABSENT)):
        Booking.objects.filter(pk__in=[row.pk for row in some]).update(attendance=said)
    deeds = [(row, Deed.ABSENT if row in absent else Deed.CAME) for row in rows]
    _write(deeds, State.CONFIRMED, at, Who.STAFF, by)


def _write(
    deeds: Iterable[tuple[Booking, str]], before: str, at: datetime, who: str, by: User | None = None
) -> None:
    steps = [
        BookingStep(booking=row, deed=deed, before=before, after=row.state, who=who, by=by, told_at=at)
        for row, deed in deeds
    ]
    with clock_at(at):
        BookingStep.objects.bulk_create(steps)


def in_state(rows: Sequence[Booking], state: str) -> list[Booking]:
    return [row for row in rows if row.state == state]


# ---- what happens to a class


def over(session: Session, people: Sequence[Learner], random: Random, by: User) -> list[Booking]:
    """Booked, some gave their seat back, who waited got it or not; then it was held. All of its bookings."""
    starts = session.starts_at
    rows = book(session, people, starts - timedelta(days=9), by if session.pk % 3 == 0 else None)
    gone = in_state(rows, State.CONFIRMED)[: random.choice((0, 1, 1, 2))]
    move(gone, Deed.CANCELLED, State.CANCELLED, starts - timedelta(days=4))
    offered = in_state(rows, State.WAITING)[: len(gone)]
    at = starts - timedelta(days=4) + timedelta(minutes=1)
    move(offered, Deed.OFFERED, State.OFFERED, at, Who.SYSTEM, at + timedelta(hours=20))
    ends = ((Deed.TOOK, State.CONFIRMED), (Deed.DECLINED, State.DECLINED), (Deed.EXPIRED, State.EXPIRED))
    for row in offered:
        deed, after = random.choices(ends, (6, 1, 1))[0]
        who = Who.SYSTEM if after == State.EXPIRED else Who.LEARNER
        move([row], deed, after, starts - timedelta(days=3, hours=5), who)
    move(in_state(rows, State.WAITING), Deed.NO_SEAT, State.NO_SEAT, starts, Who.SYSTEM)
    seated = in_state(rows, State.CONFIRMED)
    absent = [row for row in seated if random.random() < 0.13]
    if timezone.now() - session.ends_at > timedelta(days=1):  # the last ones are left for whoever tries it
        attend(seated, absent, session.ends_at, by)
    return rows


def called_off(session: Session, people: Sequence[Learner]) -> None:
    """휴강: whoever had a seat or waited has none any more."""
    rows = book(session, people, session.starts_at - timedelta(days=9))
    at = min(session.starts_at - timedelta(days=1), timezone.now())
    for state in (State.CONFIRMED, State.WAITING):
        move(in_state(rows, state), Deed.CALLED_OFF, State.CALLED_OFF, at, Who.STAFF)
    session.state, session.why = Session.State.CANCELLED, "예시: 강사 사정으로 쉽니다"
    session.save(update_fields=["state", "why"])


def lively(session: Session, people: Sequence[Learner]) -> list[Booking]:
    """A full class to come in which seats came free: one taken, one declined, one offer over, one to be answered, one
    who moved away, and others who wait. `people`: twelve more than seats; the last but six gets the open offer."""
    now = timezone.now()
    rows = book(session, people, now - timedelta(days=6))
    seated, line = in_state(rows, State.CONFIRMED), in_state(rows, State.WAITING)
    ends = ((Deed.TOOK, State.CONFIRMED), (Deed.DECLINED, State.DECLINED), (Deed.EXPIRED, State.EXPIRED))
    move(seated[:2], Deed.CANCELLED, State.CANCELLED, now - timedelta(days=5))
    for n, (deed, after) in enumerate(ends):
        at = now - timedelta(days=4 - n)
        move([line[n]], Deed.OFFERED, State.OFFERED, at, Who.SYSTEM, at + timedelta(hours=12))
        move([line[n]], deed, after, at + timedelta(hours=8), Who.LEARNER if n < 2 else Who.SYSTEM)
    offer_until = min(now + timedelta(hours=24), session.starts_at - timedelta(hours=1))
    move([line[3]], Deed.OFFERED, State.OFFERED, now - timedelta(hours=1), Who.SYSTEM, offer_until)
    return rows
