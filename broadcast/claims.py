"""Claims: which rows a worker holds, for a lease that it renews; and the targets behind them.

Times are the database's, so that workers on several machines need no common clock.
"""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now

from .gateways import Key, Login, Target
from .models import Broadcast, Claim, Delivery
from .states import ON_AIR, State

#: A worker holds rows for LEASE seconds and renews every RENEW; a killed one's rows are back after LEASE + 1.
LEASE, RENEW = 4.0, 0.5
#: Rows that one retry pass takes at most.
RETRY_ROWS = 5000
#: How often a device is told to stop: at once, and after 1, 3, 7, … seconds.
STOPS = 9
#: Shard of those whose sound the portal plays itself (gateways.holding_line): minutes long, in workers of their own.
CALLS = 999


@dataclass(frozen=True)
class Held:
    """Rows that this process may push while it renews the claim `id`. `targets` by delivery id."""

    id: uuid.UUID
    targets: dict[uuid.UUID, Target] = field(default_factory=dict)
    broadcasts: dict[uuid.UUID, Broadcast] = field(default_factory=dict)


#: A device, with what is needed to speak to it.
DEVICE = """
broadcast_gateway g LEFT JOIN LATERAL (
    -- The key to sign with: the highest that the box has used, or its first while it has used none.
    SELECT k.id, k.number, k.secret FROM broadcast_gatewaykey k
    WHERE k.gateway_id = g.id AND k.retired_at IS NULL
    ORDER BY k.used_at IS NOT NULL DESC, CASE WHEN k.used_at IS NULL THEN -k.number ELSE k.number END DESC LIMIT 1
) k ON true
LEFT JOIN broadcast_gatewaylogin l ON l.gateway_id = g.id
"""
OF_DEVICE = "g.code, g.driver, g.address, k.id, k.number, k.secret, l.id, l.username, l.password"
TARGET = f"d.id, d.broadcast_id, d.round, {OF_DEVICE}, CASE WHEN g.has_volume THEN d.volume END"
NEW_CLAIM = "INSERT INTO broadcast_claim (id, lease_until) VALUES (%s, now() + %s * interval '1 second')"
RENEW_CLAIM = "UPDATE broadcast_claim SET lease_until = now() + %s * interval '1 second' WHERE id = %s"
CLAIM = f"""
UPDATE broadcast_delivery d
SET state = 'sending', claim_id = %(claim)s, attempts = d.attempts + 1
FROM {DEVICE}
WHERE g.id = d.gateway_id AND g.is_active AND d.state = 'waiting' AND d.id = ANY(%(ids)s::uuid[])
RETURNING {TARGET}
"""  # noqa: S608  our own words only
SHARD_ROWS = """
SELECT id FROM broadcast_delivery
WHERE broadcast_id = %(broadcast)s AND shard = %(shard)s AND state = 'waiting' AND due_at <= now()
FOR UPDATE SKIP LOCKED
"""
DUE_ROWS = """
SELECT d.id FROM broadcast_delivery d JOIN broadcast_broadcast b ON b.id = d.broadcast_id
WHERE d.state = 'waiting' AND d.due_at <= now() - %(late)s * interval '1 second'
    AND b.lane = %(lane)s AND b.expires_at > now() AND d.shard <> %(calls)s
ORDER BY d.due_at LIMIT %(limit)s FOR UPDATE OF d SKIP LOCKED
"""
# A line carries one broadcast at a time: the oldest of each gateway on whose air nothing is, and an urgent one first.
CALL_ROWS = """
SELECT DISTINCT ON (d.gateway_id) d.id FROM broadcast_delivery d JOIN broadcast_broadcast b ON b.id = d.broadcast_id
WHERE d.state = 'waiting' AND d.due_at <= now() AND d.shard = %(calls)s AND b.expires_at > now()
    AND NOT EXISTS (
        SELECT 1 FROM broadcast_delivery o
        WHERE o.gateway_id = d.gateway_id AND o.state IN ('sending', 'accepted', 'playing')
    )
ORDER BY d.gateway_id, b.lane = 'urgent' DESC, b.published_at
"""


def claim_shard(broadcast_id: uuid.UUID, shard: int) -> Held:
    """Claim one shard's waiting rows. Empty if another worker has them or the broadcast is over."""
    if not Broadcast.objects.filter(pk=broadcast_id, expires_at__gt=Now()).exists():
        return Held(uuid.uuid4())
    return _claim(SHARD_ROWS, broadcast=broadcast_id, shard=shard)


def claim_due(lane: str, late: float = 0) -> Held:
    """Claim the lane's rows that are due since `late` seconds, oldest first."""
    return _claim(DUE_ROWS, lane=lane, late=late, limit=RETRY_ROWS, calls=CALLS)


def claim_calls(lane: str) -> Held:
    """Claim the lane's rows that are due where the portal holds the line, and the line is free."""
    with transaction.atomic(), connection.cursor() as cursor:
        # One at a time, so that no two workers see the same line free.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('claim_calls', 0))")
        # What is urgent goes first, so a routine one is only taken where nothing urgent waits.
        rows = f"SELECT c.id FROM ({CALL_ROWS}) c JOIN broadcast_delivery cd USING (id)"  # noqa: S608  our own words only
        rows += " JOIN broadcast_broadcast cb ON cb.id = cd.broadcast_id WHERE cb.lane = %(lane)s"
        return _claim(rows, lane=lane, calls=CALLS)


def lanes_with_calls(late: float = 0) -> list[str]:
    """Lanes in which a line that is free has something due since `late` seconds."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT lane FROM ({CALL_ROWS}) c JOIN broadcast_delivery cd USING (id)"  # noqa: S608  our own words only
            " JOIN broadcast_broadcast cb ON cb.id = cd.broadcast_id"
            " WHERE cd.due_at <= now() - %(late)s * interval '1 second'",
            {"calls": CALLS, "late": late},
        )
        return [lane for (lane,) in cursor.fetchall()]


def _claim(rows: str, **params: Any) -> Held:
    claim_id = uuid.uuid4()
    with transaction.atomic(), connection.cursor() as cursor:
        if not (ids := _ids(cursor, rows, params)):
            return Held(claim_id)
        cursor.execute(NEW_CLAIM, [claim_id, LEASE])
        cursor.execute(CLAIM, {"ids": ids, "claim": claim_id})
        found = cursor.fetchall()
    broadcasts = Broadcast.objects.select_related("recording").in_bulk({row[1] for row in found})
    targets = {row[0]: _target(*row) for row in found}
    return Held(claim_id, targets, broadcasts)


def _ids(cursor: Any, rows: str, params: dict[str, Any]) -> list[str]:
    """Looked up by itself: of rows that were just written the planner knows nothing, and within the update it may
    look them up again for each row."""
    cursor.execute(f"SELECT id::text FROM ({rows}) r", params)  # noqa: S608  our own words only
    return [pk for (pk,) in cursor.fetchall()]


def _target(
    delivery: uuid.UUID,
    broadcast: uuid.UUID,
    round_: int,
    code: str,
    driver: str,
    address: str,
    key: uuid.UUID | None,
    number: int,
    secret: bytes,
    login: uuid.UUID | None,
    username: str,
    password: bytes,
    volume: int | None,
) -> Target:
    return Target(
        *(delivery, broadcast, round_, code, driver, address),
        key=Key(key, number, bytes(secret)) if key else None,
        login=Login(login, username, bytes(password)) if login else None,
        volume=volume,
    )


def renew(claim: uuid.UUID) -> None:
    """Hold what is still being pushed for another lease: one row, however many are being pushed."""
    with connection.cursor() as cursor:
        cursor.execute(RENEW_CLAIM, [LEASE, claim])


def let_go(claim: uuid.UUID) -> None:
    """The worker is done: whatever it did not record is free again at the next sweep."""
    Claim.objects.filter(pk=claim).delete()


def locked(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Those of `rows` that nobody else is moving just now, theirs until the caller's transaction ends.

    An UPDATE whose condition looks into another table does not ask it again of a row that changed while it waited: it
    would undo a receipt that came in that moment. Locking asks again.
    """
    pks = rows.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True)
    return Delivery.objects.filter(pk__in=list(pks))


@transaction.atomic
def take_back() -> int:
    """Rows whose worker died go back to waiting, due at once. Returns how many.

    Not where the device would play it a second time: nobody can tell whether it did, and so it is said.
    """
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM broadcast_claim WHERE lease_until < now()")
    held = Claim.objects.filter(pk=OuterRef("claim"))
    orphans = Delivery.objects.filter(~Exists(held), state=State.SENDING)
    # Somebody took it back meanwhile: not pushed again. If the device had it already, its receipt has it stopped.
    # What the portal played itself, no device remembers, whatever its row says.
    again = locked(orphans.filter(gateway__remembers_ids=True).exclude(shard=CALLS))
    again.filter(broadcast__cancelled_at__isnull=False).update(
        state=State.CANCELLED, reason="cancelled", claim=None, ended_at=Now()
    )
    back = again.filter(state=State.SENDING).update(state=State.WAITING, claim=None, due_at=Now())
    calls = Delivery.objects.filter(~Exists(held), state=State.PLAYING, claim__isnull=False)
    return back + locked(orphans | calls).update(
        state=State.UNKNOWN, reason="worker_died", claim=None, ended_at=Now()
    )


STOPPING = f"""
UPDATE broadcast_delivery d SET stops = d.stops + 1
FROM {DEVICE}
WHERE g.id = d.gateway_id AND g.can_stop AND d.shard <> %(calls)s AND d.id = ANY(%(ids)s::uuid[])
RETURNING {TARGET}
"""  # noqa: S608  our own words only
TO_STOP = """
SELECT id FROM broadcast_delivery
WHERE state IN ('sending', 'accepted', 'playing') AND stop_asked_at IS NOT NULL AND stops < %(stops)s
    AND stop_asked_at + (2 ^ stops - 1 + %(late)s) * interval '1 second' <= now()
ORDER BY stop_asked_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
"""


def take_stops(late: float = 0) -> list[Target]:
    """Deliveries whose device is to be told to be silent, since `late` seconds. A call counts as having told it."""
    with transaction.atomic(), connection.cursor() as cursor:
        ids = _ids(cursor, TO_STOP, {"stops": STOPS, "limit": RETRY_ROWS, "late": late})
        cursor.execute(STOPPING, {"ids": ids, "calls": CALLS})
        return [_target(*row) for row in cursor.fetchall()]


def asked_to_stop(claim: uuid.UUID) -> dict[uuid.UUID, bool]:
    """Of the lines that this claim holds: delivery id → whether it was cancelled (else: something urgent comes)."""
    rows = Delivery.objects.filter(claim=claim, stop_asked_at__isnull=False, state__in=ON_AIR)
    return {pk: cancelled is not None for pk, cancelled in rows.values_list("pk", "broadcast__cancelled_at")}


def devices(driver: str) -> list[Target]:
    """Every active device of a driver, with what is needed to speak to it; of no delivery."""
    nobody = uuid.UUID(int=0)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT %(id)s, %(id)s, 1, {OF_DEVICE}, NULL FROM {DEVICE}"  # noqa: S608  our own words only
            " WHERE g.is_active AND g.driver = %(driver)s ORDER BY g.code",
            {"id": nobody, "driver": driver},
        )
        return [_target(*row) for row in cursor.fetchall()]
