"""What the coordinator or a centre does with a whole session: call it off, stop taking bookings, change seats or time.
Everybody whom it concerns is told (notices.py)."""

from datetime import datetime

from django.db import DatabaseError, transaction
from django.utils import timezone

from privacy.access import Action, record

from . import waiting
from .actors import Actor
from .booking_states import NotPossible, State
from .history import locked_session, write
from .models import Assignment, Booking, BookingStep, Instructor, Room, Session

Deed = BookingStep.Deed


@transaction.atomic
def call_off(pk: int, by: Actor, why: str) -> int:
    """휴강: the class does not take place. `why` is read by everybody who booked. Returns how many are told.

    Twice does nothing more. NotPossible without a reason, or once it is over.
    """
    session = locked_session(pk)
    if session.state == Session.State.CANCELLED:
        return 0
    if not why.strip():
        raise NotPossible("휴강하는 까닭을 적어 주세요. 신청하신 분들께 그대로 알려 드립니다.")
    if timezone.now() >= session.ends_at:
        raise NotPossible("이미 끝난 수업입니다.")
    session.state, session.why = Session.State.CANCELLED, why.strip()
    session.save(update_fields=["state", "why"])
    told = 0
    for booking in session.bookings.live().order_by("turn"):
        booking.session = session
        write(booking, Deed.CALLED_OFF, by, session.why, after=State.CALLED_OFF)
        told += 1
    _record(session, by, f"휴강: {session.why}")
    return told


@transaction.atomic
def close(pk: int, by: Actor, why: str = "") -> Session:
    """신청 마감: the public books no more; the class takes place, and those who wait are still offered seats."""
    session = locked_session(pk)
    if session.state != Session.State.OPEN:
        return session
    session.state, session.why = Session.State.CLOSED, why.strip()
    session.save(update_fields=["state", "why"])
    _record(session, by, "신청 마감")
    return session


@transaction.atomic
def reopen(pk: int, by: Actor) -> Session:
    """Takes bookings again. NotPossible for what was called off: people were told not to come."""
    session = locked_session(pk)
    if session.state == Session.State.CANCELLED:
        raise NotPossible("휴강한 수업은 다시 열 수 없습니다. 새 수업을 만들어 주세요.")
    session.state, session.why = Session.State.OPEN, ""
    session.save(update_fields=["state", "why"])
    _record(session, by, "신청 다시 받음")
    return session


@transaction.atomic
def change_capacity(pk: int, seats: int, by: Actor) -> Session:
    """More seats go to those who wait. NotPossible below what is taken, or above what the room has."""
    session = locked_session(pk)
    if not 0 < seats <= session.room.seats:
        raise NotPossible(
            f"이 교실은 {session.room.seats}명까지 앉을 수 있습니다. 1명부터 {session.room.seats}명까지 적어 주세요."
        )
    session.capacity = seats
    try:
        with transaction.atomic():
            session.save(update_fields=["capacity"])
    except DatabaseError as error:
        if "more seats are taken" not in str(error):
            raise
        raise NotPossible("이미 신청하신 분이 더 많습니다. 먼저 몇 분을 다른 수업으로 옮겨 주세요.") from None
    waiting.offer_free_seats(session)
    _record(session, by, f"정원 {seats}명")
    return session


@transaction.atomic
def reschedule(pk: int, starts_at: datetime, ends_at: datetime, room: Room, by: Actor, why: str) -> Session:
    """Another time or room; everybody with a live booking is told. Bookings close when it begins, if not before.

    NotPossible if the room, or an instructor, is taken then (the instructors go along), or the room is too small.
    """
    session = locked_session(pk)
    if session.state == Session.State.CANCELLED or timezone.now() >= session.starts_at:
        raise NotPossible("휴강했거나 이미 시작한 수업은 옮길 수 없습니다.")
    if not why.strip():
        raise NotPossible("바꾸는 까닭을 적어 주세요. 신청하신 분들께 그대로 알려 드립니다.")
    if room.seats < session.capacity:
        raise NotPossible(f"{room} 교실은 {room.seats}명까지 앉을 수 있습니다. 정원을 먼저 줄여 주세요.")
    lead = session.starts_at - session.closes_at
    session.starts_at, session.ends_at, session.room = starts_at, ends_at, room
    session.closes_at = max(starts_at - lead, min(session.opens_at, starts_at))
    # One after the other for each instructor, as assigning.assign does: else two might wait for one another.
    teachers = Instructor.objects.filter(assignments__in=Assignment.objects.live().filter(session=session))
    list(
        Instructor.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=teachers).order_by("pk")
    )
    try:
        with transaction.atomic():
            session.save(update_fields=["starts_at", "ends_at", "room", "closes_at"])
    except DatabaseError as error:
        raise NotPossible(_taken(str(error))) from error
    for booking in Booking.objects.live().filter(session=session).order_by("turn"):
        booking.session = session
        booking.reminded_at = None
        booking.save(update_fields=["reminded_at"])
        write(booking, Deed.CHANGED, by, why.strip())
    _record(session, by, f"시간·장소 바꿈: {why.strip()}")
    return session


#: Constraint → what to do about it.
_TAKEN = {
    "one_session_in_a_room": "그 시간에 그 교실에서 다른 수업이 있습니다. 시간이나 교실을 바꿔 주세요.",
    "teaches_one_class_at_a_time": "배정된 강사가 그 시간에 다른 수업을 합니다. 강사를 먼저 바꿔 주세요.",
    "has_time_for_the_way": "배정된 강사가 다른 수업에서 오갈 시간이 모자랍니다. 시간이나 강사를 바꿔 주세요.",
}


def _taken(error: str) -> str:
    for constraint, words in _TAKEN.items():
        if constraint in error:
            return words
    return "시작과 끝, 신청 기간을 다시 확인해 주세요."


def _record(session: Session, by: Actor, what: str) -> None:
    who = by.user.get_username() if by.user and by.request is None else None
    record(by.request, Action.CHANGE, [session], f"배움터 수업 {session}: {what}", who=who)
