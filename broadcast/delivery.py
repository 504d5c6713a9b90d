"""The rows of a delivery, moved in bulk: claimed for a lease, written back, taken back when the lease runs out.

Times are the database's, so that workers on several machines need no common clock.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Now
from django.utils import timezone

from .categories import CATEGORIES
from .gateways import Answer, Key, Target
from .models import Broadcast, Claim, Delivery, GatewayNonce
from .states import State

#: A worker holds rows for LEASE seconds and renews every RENEW; a killed one's rows are back after LEASE + 1.
LEASE, RENEW = 4.0, 1.0
#: Pauses between tries in seconds; after the last one the portal gives up (unreached) until somebody resends.
PAUSES = (2, 4, 8, 16, 32, 64, 128)
#: How late a first try may be before the sweep takes it for lost, seconds.
LOST_AFTER = 2.0
#: How long a box that took a command may say nothing more before the portal doubts that it plays.
SILENCE = timedelta(minutes=10)
#: Of no use to try again by itself: the same command gets the same answer.
FINAL_REASONS = ("refused", "unsupported", "inactive")
#: Rows that one retry pass takes at most.
RETRY_ROWS = 5000


@dataclass(frozen=True)
class Held:
    """Rows that this process may push while it renews the claim `id`. `targets` by delivery id."""

    id: uuid.UUID
    targets: dict[uuid.UUID, Target] = field(default_factory=dict)
    broadcasts: dict[uuid.UUID, Broadcast] = field(default_factory=dict)


NEW_CLAIM = "INSERT INTO broadcast_claim (id, lease_until) VALUES (%s, now() + %s * interval '1 second')"
RENEW_CLAIM = "UPDATE broadcast_claim SET lease_until = now() + %s * interval '1 second' WHERE id = %s"
CLAIM = """
UPDATE broadcast_delivery d
SET state = 'sending', claim_id = %(claim)s, attempts = d.attempts + 1
FROM broadcast_gateway g LEFT JOIN LATERAL (
    -- The key to sign with: the highest that the box has used, or its first while it has used none.
    SELECT k.id, k.number, k.secret FROM broadcast_gatewaykey k
    WHERE k.gateway_id = g.id AND k.retired_at IS NULL
    ORDER BY k.used_at IS NOT NULL DESC, CASE WHEN k.used_at IS NULL THEN -k.number ELSE k.number END DESC LIMIT 1
) k ON true
WHERE g.id = d.gateway_id AND g.is_active AND d.id IN ({rows})
RETURNING d.id, d.broadcast_id, d.round, g.code, g.driver, g.address, k.id, k.number, k.secret
"""
SHARD_ROWS = """
SELECT id FROM broadcast_delivery
WHERE broadcast_id = %(broadcast)s AND shard = %(shard)s AND state = 'waiting' AND due_at <= now()
FOR UPDATE SKIP LOCKED
"""
DUE_ROWS = """
SELECT d.id FROM broadcast_delivery d JOIN broadcast_broadcast b ON b.id = d.broadcast_id
WHERE d.state = 'waiting' AND d.due_at <= now() AND b.lane = %(lane)s AND b.expires_at > now()
ORDER BY d.due_at LIMIT %(limit)s FOR UPDATE OF d SKIP LOCKED
"""


def claim_shard(broadcast_id: uuid.UUID, shard: int) -> Held:
    """Claim one shard's waiting rows. Empty if another worker has them or the broadcast is over."""
    if not Broadcast.objects.filter(pk=broadcast_id, expires_at__gt=Now()).exists():
        return Held(uuid.uuid4())
    return _claim(SHARD_ROWS, broadcast=broadcast_id, shard=shard)


def claim_due(lane: str) -> Held:
    """Claim the lane's rows that are due, oldest first."""
    return _claim(DUE_ROWS, lane=lane, limit=RETRY_ROWS)


def _claim(rows: str, **params: Any) -> Held:
    claim_id = uuid.uuid4()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(NEW_CLAIM, [claim_id, LEASE])
        cursor.execute(CLAIM.format(rows=rows), {**params, "claim": claim_id})
        found = cursor.fetchall()
    broadcasts = Broadcast.objects.select_related("recording").in_bulk({row[1] for row in found})
    targets = {
        delivery: Target(
            delivery, broadcast, round_, code, driver, address, key and Key(key, number, bytes(secret))
        )
        for delivery, broadcast, round_, code, driver, address, key, number, secret in found
    }
    return Held(claim_id, targets, broadcasts)


def renew(claim: uuid.UUID) -> None:
    """Hold what is still being pushed for another lease: one row, however many are being pushed."""
    with connection.cursor() as cursor:
        cursor.execute(RENEW_CLAIM, [LEASE, claim])


def let_go(claim: uuid.UUID) -> None:
    """The worker is done: whatever it did not record is free again at the next sweep."""
    Claim.objects.filter(pk=claim).delete()


RESULTS = """
UPDATE broadcast_delivery d
SET state = CASE WHEN r.state <> 'waiting' THEN r.state
                 WHEN d.attempts > %(tries)s THEN 'unreached' ELSE 'waiting' END,
    reason = r.reason,
    claim_id = NULL,
    due_at = now() + greatest(r.pause, (%(pauses)s::float[])[d.attempts]) * interval '1 second',
    accepted_at = CASE WHEN r.state = 'accepted' THEN now() ELSE d.accepted_at END,
    ended_at = CASE WHEN r.state = 'unreached' OR (r.state = 'waiting' AND d.attempts > %(tries)s)
                    THEN now() END
FROM unnest(%(ids)s::uuid[], %(states)s::text[], %(reasons)s::text[], %(later)s::float[])
     AS r(id, state, reason, pause)
WHERE d.id = r.id AND d.claim_id = %(claim)s AND d.state = 'sending'
"""


def write(claim: uuid.UUID, answers: Iterable[tuple[uuid.UUID, Answer]]) -> None:
    """Record what the gateways answered, in one statement. A receipt that came first is not overwritten."""
    rows = list(answers)
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            RESULTS,
            {
                "claim": claim,
                "tries": len(PAUSES),
                "pauses": [float(p) for p in PAUSES],
                "ids": [str(delivery) for delivery, _ in rows],
                "states": [answer.state for _, answer in rows],
                "reasons": [answer.reason for _, answer in rows],
                "later": [answer.pause for _, answer in rows],
            },
        )


def take_back() -> int:
    """Rows whose worker died go back to waiting, due at once. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM broadcast_claim WHERE lease_until < now()")
    held = Claim.objects.filter(pk=OuterRef("claim"))
    return Delivery.objects.filter(~Exists(held), state=State.SENDING).update(
        state=State.WAITING, claim=None, due_at=Now()
    )


def expire() -> int:
    """Nothing is pushed after its broadcast ends: better silent than yesterday's warning. Returns how many."""
    waiting = Delivery.objects.filter(state=State.WAITING)
    given_up = waiting.filter(gateway__is_active=False).update(
        state=State.UNREACHED, reason="inactive", ended_at=Now()
    )
    return given_up + waiting.filter(broadcast__expires_at__lte=Now()).update(
        state=State.EXPIRED, reason="expired", ended_at=Now()
    )


def doubt() -> int:
    """A box that took a command and then says nothing more: after a while that is said. Returns how many.

    If its receipts come after all, they overrule.
    """
    rows = Delivery.objects.filter(state__in=[State.ACCEPTED, State.PLAYING], accepted_at__lt=Now() - SILENCE)
    longest = timedelta(seconds=settings.RECORDING_MAX_SECONDS)
    return rows.exclude(state=State.PLAYING, playing_at__gt=Now() - SILENCE - longest).update(
        state=State.UNREACHED, reason="no_receipt", ended_at=Now()
    )


def try_again_where_they_are_back() -> int:
    """Boxes that were given up and have reported since then get one more try, until the broadcast ends.

    Returns how many.
    """
    return (
        Delivery.objects.filter(
            state=State.UNREACHED,
            ended_at__gt=Now() - max(category.lasts for category in CATEGORIES.values()),
            gateway__is_active=True,
            gateway__seen_at__gt=F("ended_at"),
            broadcast__expires_at__gt=Now(),
        )
        .exclude(reason__in=FINAL_REASONS)
        .update(state=State.WAITING, attempts=len(PAUSES), due_at=Now(), ended_at=None)
    )


def lanes_with_work() -> list[str]:
    """Lanes with retries that are due, or first tries so late that their task must have been lost."""
    waiting = Delivery.objects.filter(state=State.WAITING, due_at__lte=Now())
    late = waiting.filter(attempts__gt=0) | waiting.filter(due_at__lte=Now() - timedelta(seconds=LOST_AFTER))
    return list(late.order_by().values_list("broadcast__lane", flat=True).distinct())


def forget_nonces(now: float) -> None:
    """Nonces older than the skew either way can't be replayed: their date is refused."""
    GatewayNonce.objects.filter(
        used_at__lt=datetime.fromtimestamp(now, tz=timezone.get_current_timezone())
        - timedelta(seconds=2 * settings.GATEWAY_CLOCK_SKEW)
    ).delete()
