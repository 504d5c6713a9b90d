"""멈춤: a broadcast that is on its way or on air is silenced, where the device can."""

import uuid

from django.db import OperationalError, transaction
from django.db.models.functions import Now
from django.utils import timezone

from people.models import User

from .categories import Lane
from .claims import CALLS, STOPS
from .models import Broadcast, Delivery
from .queue import tell
from .states import ON_AIR, State


def cancel(broadcast_id: uuid.UUID, user: User | None, reason: str) -> Broadcast:
    """Nothing more is sent; what plays is told to stop. A second call changes nothing.

    `user` None: by an alert that took it back. Otherwise the one who sent it, or the city. Raises
    Broadcast.DoesNotExist.
    """
    with transaction.atomic():
        mine = Broadcast.objects.all() if user is None else Broadcast.objects.cancellable_by(user)
        broadcast = mine.select_for_update(of=("self",)).get(pk=broadcast_id, published_at__isnull=False)
        if broadcast.cancelled_at:
            return broadcast
        broadcast.cancelled_at, broadcast.cancelled_by = timezone.now(), user
        broadcast.cancelled_reason = reason[:200]
        broadcast.save(update_fields=["cancelled_at", "cancelled_by", "cancelled_reason"])
        _silence(broadcast)
        transaction.on_commit(tell_stops)
    return broadcast


def _silence(broadcast: Broadcast) -> None:
    """Workers write answers of the same rows in an order of their own: whoever is in each other's way tries again."""
    for tries_left in (2, 1, 0):
        try:
            with transaction.atomic():
                # On all of its rows: one that was given up and plays after all is stopped when its receipt comes.
                broadcast.deliveries.update(stop_asked_at=Now())
                broadcast.deliveries.filter(state=State.WAITING).update(
                    state=State.CANCELLED, reason="cancelled", ended_at=Now()
                )
            return
        except OperationalError:
            if not tries_left:
                raise


def tell_stops() -> None:
    """There are devices to be told to be silent. After the commit."""
    tell("push_stops", [], Lane.URGENT)


def clear_the_air() -> int:
    """Urgent broadcasts that are due interrupt what is routine, also where the portal holds the line. Returns how many.

    When one is sent, and by the sweep: a routine one may have got the line at the same moment. (Boxes that play by
    themselves do so when the command comes.)
    """
    urgent = Delivery.objects.filter(
        shard=CALLS, state=State.WAITING, due_at__lte=Now(), broadcast__lane=Lane.URGENT
    )
    return Delivery.objects.filter(
        shard=CALLS,
        state__in=ON_AIR,
        stop_asked_at=None,
        broadcast__lane=Lane.ROUTINE,
        gateway__in=urgent.values("gateway"),
    ).update(stop_asked_at=Now())


def has_stops() -> bool:
    """Whether there is a device that is to be told to be silent, now or soon."""
    return (
        Delivery.objects.filter(
            stop_asked_at__isnull=False, state__in=ON_AIR, stops__lt=STOPS, gateway__can_stop=True
        )
        .exclude(shard=CALLS)
        .exists()
    )
