"""What gateways say of their deliveries, and of themselves. Idempotent, and never backwards."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from .cancel import tell_stops
from .models import Delivery, Gateway, Receipt
from .states import ENDED, ON_AIR, State, may_move


@dataclass(frozen=True)
class Said:
    """One receipt. `age`: seconds since it happened, by the gateway's own clock, so that a clock that is off
    does no harm."""

    delivery: uuid.UUID
    state: State
    at: datetime
    age: float
    reason: str = ""
    round: int = 1
    heard_seconds: float | None = None
    heard_dbfs: float | None = None


def record(gateway: Gateway, receipts: Sequence[Said]) -> list[str]:
    """Move the deliveries. Returns for each receipt: counted, repeated, late, or unknown (no such delivery of
    this gateway)."""
    now = timezone.now()
    with transaction.atomic():
        rows = (
            Delivery.objects.select_for_update(of=("self",))
            .filter(gateway=gateway, pk__in={said.delivery for said in receipts})
            .order_by("pk")
            .in_bulk()
        )
        results = []
        kept = []
        for said in receipts:
            row = rows.get(said.delivery)
            result = _move(row, said, now) if row else "unknown"
            results.append(result)
            if result in ("counted", "late"):
                kept.append(
                    Receipt(
                        delivery_id=said.delivery,
                        state=said.state,
                        reason=said.reason,
                        said_at=said.at,
                        counted=result == "counted",
                    )
                )
        moved = [rows[k.delivery_id] for k in kept if k.counted]
        Delivery.objects.bulk_update({row.pk: row for row in moved}.values(), MOVED)
        Receipt.objects.bulk_create(kept, ignore_conflicts=True)
        if any(row.stop_asked_at and row.state in ON_AIR for row in moved):
            # It was taken back, and sounds all the same: not for longer than can be helped.
            transaction.on_commit(tell_stops)
    return results


MOVED = [
    "state",
    "reason",
    "claim",
    "accepted_at",
    "playing_at",
    "ended_at",
    "heard_seconds",
    "heard_dbfs",
]


def _move(row: Delivery, said: Said, now: datetime) -> str:
    if row.state == said.state:
        return "repeated"
    if said.round < row.round and said.state != State.PLAYED:
        # What was before a person had it sent again. (That it was played to the end is true of any round.)
        return "late"
    if not may_move(row.state, said.state):
        return "late"
    at = now - timedelta(seconds=max(0.0, said.age))
    row.state, row.reason = said.state, said.reason
    row.claim = None
    row.accepted_at = row.accepted_at or at
    if said.state == State.PLAYING:
        row.playing_at = at
    if said.state in ENDED:
        row.ended_at = at
    if said.heard_seconds is not None:
        row.heard_seconds = said.heard_seconds
    if said.heard_dbfs is not None:
        row.heard_dbfs = said.heard_dbfs
    return "counted"


def seen(gateway: Gateway, status: dict[str, Any]) -> None:
    """The gateway reported: it is on line."""
    Gateway.objects.filter(pk=gateway.pk).update(seen_at=timezone.now(), status=status)


def gone(gateway: Gateway) -> None:
    """Its last will came, by way of the broker: off line at once (GatewayQuerySet.online)."""
    Gateway.objects.filter(pk=gateway.pk).update(status=gateway.status | {"online": False})
