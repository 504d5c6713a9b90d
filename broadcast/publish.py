"""Sending a broadcast: the rows first, in one transaction; the queue is only told afterwards."""

import math
import uuid
from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from people.models import User

from .cancel import clear_the_air
from .categories import CATEGORIES, lane_of
from .claims import CALLS
from .gateways import holding_line
from .models import Broadcast, Delivery, Gateway, Village
from .queue import calls_queue, tell
from .states import RESENDABLE, State

#: A shard is worth a second process from this many gateways on; below, one event loop is faster.
SHARD_MIN = 1000

DELIVERIES = """
INSERT INTO broadcast_delivery (id, broadcast_id, gateway_id, shard, state, reason, round, attempts, stops, due_at)
SELECT gen_random_uuid(), %(broadcast)s, g.id,
    CASE WHEN g.driver = ANY(%(calls)s) THEN %(calls_shard)s ELSE row_number() OVER () %% %(shards)s END,
    'waiting', '', 1, 0, 0, now()
FROM broadcast_gateway g
JOIN broadcast_broadcast_villages v ON v.village_id = g.village_id AND v.broadcast_id = %(broadcast)s
WHERE g.is_active
"""


def publish(broadcast_id: uuid.UUID, user: User) -> Broadcast:
    """Send a draft to the gateways of its villages. A second call (a double tap) returns the broadcast as it is.

    Raises Broadcast.DoesNotExist if it is not the user's own, PermissionDenied if one of its villages is no
    longer theirs to speak to.
    """
    with transaction.atomic():
        broadcast = Broadcast.objects.select_for_update(of=("self",)).get(pk=broadcast_id, author=user)
        if broadcast.published_at:
            return broadcast
        _refuse_foreign_villages(broadcast, user)
        air(broadcast)
    return broadcast


def air(broadcast: Broadcast) -> None:
    """Write its deliveries and wake the workers once that is committed. Whether it may is decided before.

    Inside of the transaction that locked the broadcast.
    """
    now = timezone.now()
    gateways = Gateway.objects.filter(is_active=True, village__broadcasts=broadcast).count()
    broadcast.lane = lane_of(broadcast.category, broadcast.severity)
    broadcast.published_at = now
    broadcast.expires_at = now + CATEGORIES[broadcast.category].lasts
    broadcast.shards = shards_for(gateways)
    broadcast.save(update_fields=["lane", "published_at", "expires_at", "shards"])
    with connection.cursor() as cursor:
        calls = {"calls": list(holding_line()), "calls_shard": CALLS}
        cursor.execute(DELIVERIES, {"broadcast": broadcast.pk, "shards": broadcast.shards, **calls})
    if broadcast.is_urgent:
        clear_the_air(broadcast.pk)
    transaction.on_commit(lambda: _wake(broadcast))


def shards_for(gateways: int) -> int:
    """A few wide shards, never more than the workers have processes for first tries."""
    return max(1, min(settings.DISPATCH_SHARDS, math.ceil(gateways / SHARD_MIN)))


def resend(broadcast_id: uuid.UUID, user: User) -> int:
    """Try once more where it did not arrive, in the villages that are the user's. Returns how many gateways.

    A person asked, so the broadcast lasts anew from now; one whose sound is no longer kept stays silent.
    Raises Broadcast.DoesNotExist.
    """
    with transaction.atomic():
        broadcast = (
            Broadcast.objects.for_user(user)
            .select_related("recording")
            .select_for_update(of=("self",))
            .get(pk=broadcast_id, published_at__isnull=False)
        )
        if not broadcast.recording.file or broadcast.cancelled_at:
            return 0  # its sound was destroyed when its time was over, or somebody took it back
        now = timezone.now()
        count = Delivery.objects.filter(
            broadcast=broadcast,
            state__in=RESENDABLE,
            gateway__is_active=True,
            gateway__village__in=Village.objects.for_user(user),
        ).update(
            state=State.WAITING, reason="", round=F("round") + 1, attempts=0, due_at=Now(), ended_at=None
        )
        if count:
            _prolong(broadcast, now)
            transaction.on_commit(lambda: _wake_again(broadcast))
    return count


def _prolong(broadcast: Broadcast, now: datetime) -> None:
    broadcast.expires_at = now + CATEGORIES[broadcast.category].lasts
    broadcast.save(update_fields=["expires_at"])


def _refuse_foreign_villages(broadcast: Broadcast, user: User) -> None:
    if broadcast.villages.exclude(pk__in=Village.objects.for_user(user).values("pk")).exists():
        raise PermissionDenied("보낼 수 없는 마을이 들어 있습니다. 맡은 마을만 골라 다시 만들어 주세요.")


def _wake(broadcast: Broadcast) -> None:
    for shard in range(broadcast.shards):
        tell("push_shard", [str(broadcast.pk), shard], broadcast.lane)
    if broadcast.deliveries.filter(shard=CALLS).exists():
        tell("push_calls", [broadcast.lane], calls_queue(broadcast.lane))


def _wake_again(broadcast: Broadcast) -> None:
    tell("push_due", [broadcast.lane], broadcast.lane)
    tell("push_calls", [broadcast.lane], calls_queue(broadcast.lane))
