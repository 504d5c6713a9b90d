"""After a restore: broadcasts that were under way in the backup are hours old, and nobody wants to hear them now."""

from django.db.models import Q
from django.db.models.functions import Now

from .models import Broadcast, Delivery
from .states import State


def end_waiting() -> int:
    """End all that workers would still push: what waits, what is being sent, and what is tried again once its box
    is back (delivery.py). Call before workers start. Returns how many; somebody may resend them.
    """
    back_later = Q(state=State.UNREACHED, broadcast__expires_at__gt=Now())
    count = Delivery.objects.filter(Q(state__in=[State.WAITING, State.SENDING]) | back_later).update(
        state=State.EXPIRED, reason="expired", claim=None, ended_at=Now()
    )
    # Also where nobody knows whether it was heard, nothing is tried again by itself.
    Broadcast.objects.filter(published_at__lt=Now(), expires_at__gt=Now()).update(expires_at=Now())
    return count
