"""What learners are told: templates/messages/learning_*.txt, each once, in plain words, without a link that asks for
anything personal.

A deed writes its step; `tell_steps` makes the message of it soon afterwards, in the transaction that notes that it was
told. So a rush of bookings renders and seals no texts, nothing is told of what did not happen, and nothing is told
twice, whatever dies in between. A landline gets no text: somebody calls (people/calls.py).
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from people.models import Message
from people.outbox import tell

from .booking_states import State
from .models import Booking, BookingStep, Session

Deed = BookingStep.Deed
#: Who must answer, or would come in vain, is told before other news.
FIRST, NEWS = Message.Turn.URGENT_NEWS, Message.Turn.NEWS
#: Deed → template, and its turn. Of the others nothing is told.
OF: dict[str, tuple[str, Message.Turn]] = {
    Deed.OFFERED: ("learning_offer", FIRST),
    Deed.CALLED_OFF: ("learning_called_off", FIRST),
    Deed.CHANGED: ("learning_changed", FIRST),
    Deed.TOOK: ("learning_booked", NEWS),
    Deed.EXPIRED: ("learning_offer_over", NEWS),
    Deed.CANCELLED: ("learning_cancelled", NEWS),
    Deed.NO_SEAT: ("learning_no_seat", NEWS),
}
#: Steps of one transaction.
AT_ONCE = 200


def facts(session: Session) -> dict[str, Any]:
    """What each template may say of a class. Its course, room and centre should be loaded."""
    centre = session.room.centre
    return {
        "course": session.course.title,
        "starts": timezone.localtime(session.starts_at),
        "place": f"{centre.name} {session.room.name}",
        "bring": session.course.bring,
        "phone": settings.HELP_PHONE,
        "page": f"{settings.PORTAL_URL}/learning/mine/",
    }


def notify(
    booking: Booking, template: str, moment: object, *, turn: Message.Turn = NEWS, **more: Any
) -> None:
    """Queues it for whoever is told of this booking, in the caller's transaction; once a `moment` (the step's id)."""
    session = booking.session
    tell(
        booking.told_at,
        template,
        {**facts(session), **more},
        key=f"{template}:{booking.pk}:{moment}",
        expires_at=more.get("until") or session.ends_at,
        turn=turn,
        calls=True,
    )


def tell_steps() -> int:
    """Makes the messages of what happened, in its order. Returns how many steps there were. Beat asks (tasks.py)."""
    count = 0
    while told := _tell_some():
        count += told
    return count


@transaction.atomic
def _tell_some() -> int:
    steps = (
        BookingStep.objects.filter(told_at=None)
        .order_by("turn")
        .select_for_update(of=("self",), skip_locked=True)
    )
    with_all = steps.select_related(
        "booking__learner",
        "booking__session__course",
        "booking__session__room__centre",
        "booking__moved_from__session",
    )
    some = list(with_all[:AT_ONCE])
    for step in some:
        _tell(step)
    BookingStep.objects.filter(pk__in=[step.pk for step in some]).update(told_at=timezone.now())
    return len(some)


def _tell(step: BookingStep) -> None:
    booking = step.booking
    if step.deed == Deed.BOOKED:
        return _tell_booked(step)
    if step.deed not in OF:
        return None
    template, turn = OF[step.deed]
    if step.deed == Deed.OFFERED:
        if booking.state != State.OFFERED:
            return None  # answered, or over, before it was told
        return notify(booking, template, step.pk, turn=turn, until=timezone.localtime(booking.offer_until))
    if step.deed in (Deed.CALLED_OFF, Deed.CHANGED):
        return notify(booking, template, step.pk, turn=turn, why=step.why or booking.session.why)
    return notify(booking, template, step.pk, turn=turn)


def _tell_booked(step: BookingStep) -> None:
    booking = step.booking
    if booking.moved_from:
        before = timezone.localtime(booking.moved_from.session.starts_at)
        return notify(booking, "learning_moved", step.pk, turn=FIRST, before=before)
    return notify(booking, "learning_waiting" if step.after == State.WAITING else "learning_booked", step.pk)


def remind(on_days_ahead: int = 1) -> int:
    """Tells everybody with a seat of tomorrow's class, once; whoever booked today knows. Returns how many were told."""
    now = timezone.now()
    day = timezone.localdate() + timedelta(days=on_days_ahead)
    due = Booking.objects.filter(
        state=State.CONFIRMED,
        reminded_at=None,
        session__starts_at__date=day,
        booked_at__lt=now - timedelta(hours=12),
    ).exclude(session__state=Session.State.CANCELLED)
    told = 0
    while some := list(due.values_list("pk", flat=True)[:AT_ONCE]):
        told += _remind(some)
    return told


@transaction.atomic
def _remind(pks: list[Any]) -> int:
    rows = Booking.objects.filter(pk__in=pks, state=State.CONFIRMED, reminded_at=None)
    with_all = rows.select_related("learner", "session__course", "session__room__centre")
    some = list(with_all.select_for_update(of=("self",)))
    for booking in some:
        notify(booking, "learning_reminder", booking.session.starts_at.date())
    Booking.objects.filter(pk__in=pks).update(reminded_at=timezone.now())
    return len(some)
