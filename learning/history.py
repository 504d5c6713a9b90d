"""Locking a booking, moving it and writing down what happened: what every deed does, once."""

import uuid
from datetime import datetime

from django.db import connection
from django.utils import timezone

from privacy.access import Action, record

from .actors import Actor
from .booking_states import check
from .models import Booking, BookingStep, Session


def locked_session(pk: int) -> Session:
    """The session, whole: nobody books, cancels or is offered a seat meanwhile, and who came before is seen.

    Session.DoesNotExist. Its course, room and centre come along, for what is told.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT learning_lock_session(%s)", [pk])
    rows = Session.objects.select_for_update(of=("self",)).select_related("course", "room__centre")
    return rows.get(pk=pk)


def locked(pk: uuid.UUID | str) -> Booking:
    """The booking with its session (locked first, always in this order). Booking.DoesNotExist."""
    session = locked_session(Booking.objects.values_list("session", flat=True).get(pk=pk))
    booking = Booking.objects.select_for_update(of=("self",)).select_related("learner").get(pk=pk)
    booking.session = session
    return booking


def write(
    booking: Booking,
    deed: str,
    by: Actor,
    why: str = "",
    *,
    after: str | None = None,
    offer_until: datetime | None = None,
    tells: bool = True,
) -> BookingStep:
    """Moves the booking to `after` (None: it stays), and adds the step and its access record. `tells`: notices.py tells
    of it, if there is anything to tell of such a deed.

    In the caller's transaction, the session locked. NotPossible if no booking moves that way. The seat, the end of an
    offer and the end of the booking follow by a trigger; the instance has them afterwards.
    """
    before, now = booking.state, timezone.now()
    if after is not None:
        check(before, after)
        booking.state, booking.offer_until = after, offer_until
        booking.save(update_fields=["state", "offer_until"])
        booking.refresh_from_db(fields=["seat", "ended_at", "offer_until"])
    step = BookingStep.objects.create(
        booking=booking,
        deed=deed,
        before=before,
        after=booking.state,
        who=by.who,
        by=by.user,
        why=why or None,
        at=now,
        told_at=None if tells else now,
    )
    who = by.user.get_username() if by.user and by.request is None else None
    record(by.request, Action.CHANGE, [booking], f"배움터 신청: {step.get_deed_display()}", who=who)
    return step
