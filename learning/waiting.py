"""대기: the line of those who found no seat, and the offers that go along it, first come first.

An offer holds its seat until its end. Whoever frees a seat offers it on in the same transaction; the sweep (tasks.py)
ends offers whose time is over, and finds what was missed.
"""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from .actors import SYSTEM, Actor
from .booking_states import NotPossible, State
from .history import locked, locked_session, write
from .models import Booking, BookingStep, Seat, Session
from .offer_times import offer_until
from .refusals import SameTime, at_the_same_time

Deed = BookingStep.Deed


def place_in_line(booking: Booking) -> int:
    """1: the next to be offered a seat. 0 if they do not wait."""
    if booking.state != State.WAITING:
        return 0
    return Booking.objects.in_line().filter(session=booking.session_id, turn__lte=booking.turn).count()


def offer_free_seats(session: Session) -> int:
    """Offers what is free to those who have waited longest; how many. The session is locked by the caller."""
    if session.state == Session.State.CANCELLED:
        return 0
    until = offer_until(
        timezone.localtime(),
        timezone.localtime(session.starts_at),
        timedelta(hours=settings.LEARNING_OFFER_HOURS),
        timedelta(minutes=settings.LEARNING_OFFER_LEAST_MINUTES),
    )
    if until is None:
        return 0
    free = Seat.objects.filter(session=session, is_free=True).count()
    line = Booking.objects.in_line().filter(session=session).select_related("learner")[:free]
    for booking in line:
        booking.session = session
        write(booking, Deed.OFFERED, SYSTEM, after=State.OFFERED, offer_until=until)
    return len(line)


@transaction.atomic
def take(pk: uuid.UUID | str, by: Actor) -> Booking:
    """The seat that was offered is theirs. Twice does nothing more. NotPossible if it is over; SameTime."""
    booking = locked(pk)
    if booking.state == State.CONFIRMED:
        return booking
    if booking.state != State.OFFERED or _is_over(booking):
        raise NotPossible("답하실 때가 지나 다음 분께 자리를 드렸습니다. 다른 수업을 신청하실 수 있습니다.")
    if there := at_the_same_time(booking.learner_id, booking.session):
        raise SameTime(there.pk)
    write(booking, Deed.TOOK, by, after=State.CONFIRMED)
    return booking


@transaction.atomic
def decline(pk: uuid.UUID | str, by: Actor) -> Booking:
    """Not for them: the next one is asked. Twice does nothing more. NotPossible if nothing is offered."""
    booking = locked(pk)
    if booking.state == State.DECLINED:
        return booking
    if booking.state != State.OFFERED:
        raise NotPossible("지금은 답하실 자리가 없습니다. 화면을 새로 고쳐 지금 상태를 확인해 주세요.")
    write(booking, Deed.DECLINED, by, after=State.DECLINED)
    offer_free_seats(booking.session)
    return booking


def _is_over(booking: Booking) -> bool:
    return booking.offer_until is None or booking.offer_until <= timezone.now()


def expire_offers() -> int:
    """Ends the offers whose time is over, each in a transaction of its own, and asks the next. Returns how many."""
    now = timezone.now()
    over = Booking.objects.filter(state=State.OFFERED, offer_until__lte=now).order_by("offer_until")
    return sum(_expire(pk) for pk in list(over.values_list("pk", flat=True)))


@transaction.atomic
def _expire(pk: uuid.UUID) -> bool:
    booking = locked(pk)
    if booking.state != State.OFFERED or not _is_over(booking):
        return False  # taken or declined meanwhile
    write(booking, Deed.EXPIRED, SYSTEM, after=State.EXPIRED)
    offer_free_seats(booking.session)
    return True


def offer_what_was_missed() -> int:
    """Sessions in which a seat is free though somebody waits: there is none, unless a program freed one without
    offering it on. Returns how many offers were made."""
    line = Booking.objects.filter(session=OuterRef("pk"), state=State.WAITING)
    free = Seat.objects.filter(session=OuterRef("pk"), is_free=True)
    missed = (
        Session.objects.upcoming().filter(Exists(line), Exists(free)).exclude(state=Session.State.CANCELLED)
    )
    made = 0
    for pk in list(missed.values_list("pk", flat=True)):
        with transaction.atomic():
            made += offer_free_seats(locked_session(pk))
    return made


def end_lines() -> int:
    """Once a class has begun nobody waits for it any more: they are told, and can try another. Returns how many."""
    begun = Booking.objects.filter(state=State.WAITING, session__starts_at__lte=timezone.now())
    return sum(_end(pk) for pk in list(begun.values_list("pk", flat=True)[:500]))


@transaction.atomic
def _end(pk: uuid.UUID) -> bool:
    booking = locked(pk)
    if booking.state != State.WAITING:
        return False
    write(booking, Deed.NO_SEAT, SYSTEM, after=State.NO_SEAT)
    return True
