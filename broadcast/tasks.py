"""What the queue carries: ids. Whatever it loses, `sweep` finds again in the rows."""

import threading
import time
import uuid

from celery import shared_task
from django.db import connection
from django.db.models.functions import Now

from . import (
    airings,
    cancel,
    claims,
    complaints,
    compose,
    delivery,
    dispatch,
    gateway_health,
    link_test,
    personal_data,
    plans,
    subscriptions,
)
from .cap import pull
from .categories import Lane
from .models import Heartbeat
from .queue import calls_queue, tell

#: Broadcasts that one worker calls out at the same time: two of its 16 threads stay free for its signs of life.
_calling = threading.BoundedSemaphore(14)


@shared_task
def push_shard(broadcast_id: str, shard: int) -> None:
    """First tries of one shard of one broadcast."""
    dispatch.push(claims.claim_shard(uuid.UUID(broadcast_id), shard), dispatch.FIRST_TRY)


@shared_task
def push_due(lane: str) -> None:
    """Retries, and first tries whose task was lost: every row of the lane that is due. One at a time a lane, so
    that slow gateways never take more than one process from the first tries."""
    lock = f"push_due {lane}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [lock])
        if not cursor.fetchone()[0]:
            return
        try:
            dispatch.push(claims.claim_due(lane), dispatch.RETRY)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [lock])


# Taken off the queue at once: it lasts longer than a message may, and what a killed worker held, its rows know.
@shared_task(acks_late=False)
def push_calls(lane: str) -> None:
    """Devices whose line the portal holds, as long as the sound lasts; then whatever waited for those lines."""
    if not _calling.acquire(blocking=False):
        return  # the sweep asks again every second
    try:
        dispatch.call(claims.claim_calls(lane), dispatch.CALL)
    finally:
        _calling.release()
    _wake_calls()


@shared_task
def push_stops() -> None:
    """Devices that play by themselves are told to be silent."""
    dispatch.stop(claims.take_stops())


@shared_task
def sweep() -> None:
    """Every second: take back what a dead worker held, end what is too late, wake the lanes that have work."""
    _alive("beat")
    claims.take_back()
    delivery.expire()
    for lane in delivery.lanes_with_work():
        tell("push_due", [lane], lane)
    cancel.clear_the_air()
    _wake_calls()
    if cancel.has_stops():
        tell("push_stops", [], Lane.URGENT)


def _wake_calls() -> None:
    for lane in claims.lanes_with_calls():
        tell("push_calls", [lane], calls_queue(lane))


@shared_task
def heartbeat(name: str) -> None:
    """A sign of life that went the whole way: beat, Redis, worker, PostgreSQL."""
    _alive(name)


@shared_task
def air_planned() -> None:
    """Every 2 seconds: what was planned and is due. One that is late is aired once, or missed, never twice."""
    airings.air_due()


@shared_task
def plan_ahead() -> None:
    """Every 5 minutes: the airings of the next weeks, and holidays that came or went."""
    plans.make_ahead()


@shared_task
def tell_listeners() -> None:
    """Every 2 seconds: text messages of what was sent, or taken back, since."""
    subscriptions.tell_all()


@shared_task
def pull_alerts() -> None:
    """Every 30 seconds: disaster alerts from the feeds of others. One process at a time."""
    pull.pull_all()


@shared_task
def tidy() -> None:
    """Every minute: doubt boxes that say nothing more, try those that are back, drop nonces that are too old."""
    delivery.doubt()
    delivery.try_again_where_they_are_back()
    delivery.forget_nonces(time.time())


@shared_task
def look_after_gateways() -> None:
    """Every minute: who fell silent and who is back; and the test of the line, when it is time."""
    gateway_health.look()
    link_test.run_if_due()


@shared_task
def ask_gateways() -> None:
    """Every 90 s: devices that do not report by themselves. One at a time, since each may take its time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended('ask gateways', 0))")
        if not cursor.fetchone()[0]:
            return
        try:
            gateway_health.ask()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended('ask gateways', 0))")


@shared_task
def forget() -> None:
    """Every hour: drafts that were given up, and voices that have been kept as long as was promised."""
    compose.forget_old()
    personal_data.forget_voices()
    personal_data.forget_alerts()
    subscriptions.forget_stopped()
    complaints.forget_answered()


def _alive(name: str) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"seen_at": Now()})
