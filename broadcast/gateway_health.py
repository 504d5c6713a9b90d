"""Gateways that fell silent, and those that are back: noticed once, told once (gateway_alarms.py)."""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from .claims import devices
from .gateway_alarms import tell_of
from .gateways import DRIVERS, driver
from .models import Gateway, Heartbeat

log = logging.getLogger(__name__)

#: Seconds that a device which does not report by itself has to answer.
PATIENCE = 5.0
#: Looked at every minute; a longer pause means that the portal itself was away and heard nobody.
AWAY = timedelta(minutes=3)
LOOKED, LISTENING = "gateways-looked-at", "gateways-listened-since"

FELL_SILENT = """
INSERT INTO broadcast_outage (gateway_id, since, noticed_at)
SELECT id, seen_at, %(now)s FROM broadcast_gateway WHERE is_active AND seen_at < %(silent)s
ON CONFLICT (gateway_id) WHERE until IS NULL DO NOTHING RETURNING id
"""
IS_BACK = """
UPDATE broadcast_outage o SET until = g.seen_at FROM broadcast_gateway g
WHERE g.id = o.gateway_id AND o.until IS NULL AND g.is_active AND g.seen_at >= %(silent)s RETURNING o.id
"""
TAKEN_AWAY = """
UPDATE broadcast_outage o SET until = %(now)s FROM broadcast_gateway g
WHERE g.id = o.gateway_id AND o.until IS NULL AND NOT g.is_active
"""


@dataclass(frozen=True)
class Found:
    """How many fell silent, and how many are back."""

    silent: int
    back: int


def look(now: datetime | None = None) -> Found:
    """Every minute. While the portal has not listened for as long as a box may be silent, nobody is blamed."""
    now = now or timezone.now()
    silent_after = timedelta(seconds=settings.GATEWAY_SILENT_AFTER)
    with transaction.atomic():
        new: list[int] = []
        listening = _listening_since(now)
        when = {"now": now, "silent": now - silent_after}
        if listening <= now - silent_after:
            new = _ids(FELL_SILENT, when)
        back = _ids(IS_BACK, when)
        with connection.cursor() as cursor:
            cursor.execute(TAKEN_AWAY, when)
        if new:
            tell_of("gateways_silent", new)
        if back:
            tell_of("gateways_back", back)
    return Found(len(new), len(back))


def _ids(statement: str, when: dict[str, datetime]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, when)
        return [pk for (pk,) in cursor.fetchall()]


def _listening_since(now: datetime) -> datetime:
    beats = Heartbeat.objects.select_for_update().in_bulk([LOOKED, LISTENING])
    without_pause = LOOKED in beats and now - beats[LOOKED].seen_at < AWAY
    since = beats[LISTENING].seen_at if LISTENING in beats and without_pause else now
    rows = [Heartbeat(name=LOOKED, seen_at=now), Heartbeat(name=LISTENING, seen_at=since)]
    Heartbeat.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["name"], update_fields=["seen_at"]
    )
    return since


def ask() -> int:
    """Devices that do not report by themselves are asked whether they are there. Returns how many answered.

    A driver's own fault is logged, and the others are asked all the same.
    """
    answered: set[str] = set()
    for name in DRIVERS:
        probe = getattr(driver(name), "probe", None)
        if probe is None or not (targets := devices(name)):
            continue
        try:
            answered |= asyncio.run(probe(targets, PATIENCE))
        except Exception:
            log.exception("driver %s could not ask its devices", name)
    return _seen(answered)


def _seen(codes: Iterable[str]) -> int:
    return Gateway.objects.filter(code__in=codes).update(seen_at=Now())
