"""The rows of a delivery, moved in bulk: what devices answered, what is too late or tried again (claims.py holds).

Times are the database's, so that workers on several machines need no common clock.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from .categories import CATEGORIES, Lane
from .claims import CALLS, locked
from .gateways import Answer
from .holding import hold
from .models import Broadcast, Delivery, GatewayNonce
from .states import State

#: Pauses between tries in seconds; after the last one the portal gives up (unreached) until somebody resends.
PAUSES = (2, 4, 8, 16, 32, 64, 128)
#: How late a first try may be before the sweep takes it for lost, seconds.
LOST_AFTER = 2.0
#: How long a box that took a command may say nothing more before the portal doubts that it plays.
SILENCE = timedelta(minutes=10)
#: Of no use to try again by itself: the same command gets the same answer.
FINAL_REASONS = ("refused", "unsupported", "inactive")


#: Somebody took it back. (What something urgent interrupted before it sounded is asked to stop too, and waits again.)
CANCELLED = """
d.stop_asked_at IS NOT NULL
AND EXISTS (SELECT 1 FROM broadcast_broadcast b WHERE b.id = d.broadcast_id AND b.cancelled_at IS NOT NULL)
"""
RESULTS = f"""
UPDATE broadcast_delivery d
SET state = CASE WHEN r.state <> 'waiting' THEN r.state
                 WHEN {CANCELLED} THEN 'cancelled'
                 WHEN d.attempts > %(tries)s THEN 'unreached' ELSE 'waiting' END,
    reason = r.reason,
    stop_asked_at = CASE WHEN r.state <> 'waiting' OR {CANCELLED} THEN d.stop_asked_at END,
    claim_id = CASE WHEN r.state = 'playing' THEN d.claim_id END,
    due_at = now() + greatest(r.pause, (%(pauses)s::float[])[d.attempts]) * interval '1 second',
    accepted_at = CASE WHEN r.state IN ('accepted', 'playing', 'played')
                       THEN coalesce(d.accepted_at, now()) ELSE d.accepted_at END,
    playing_at = CASE WHEN r.state = 'playing' THEN now() ELSE d.playing_at END,
    ended_at = CASE WHEN r.state IN ('unreached', 'played', 'failed', 'stopped', 'unknown')
                    OR (r.state = 'waiting' AND (d.attempts > %(tries)s OR ({CANCELLED})))
                    THEN now() END
FROM (VALUES (%(state)s, %(reason)s, %(pause)s)) AS r(state, reason, pause)
WHERE d.id = ANY(%(ids)s::uuid[]) AND d.claim_id = %(claim)s AND d.state IN ('sending', 'playing')
"""  # noqa: S608  our own words only


def write(claim: uuid.UUID, answers: Iterable[tuple[uuid.UUID, Answer]]) -> None:
    """Record what the gateways answered, a statement for each kind of answer. A receipt that came first is not
    overwritten.

    Not one statement that joins them all: just after thousands of rows were claimed the planner believes that there
    are none, and compares each with each.
    """
    kinds: defaultdict[Answer, list[str]] = defaultdict(list)
    for delivery, answer in answers:
        kinds[answer].append(str(delivery))
    with transaction.atomic(), connection.cursor() as cursor:
        # A short call may have begun and ended since the last write: what has begun first.
        for answer, ids in sorted(kinds.items(), key=lambda kind: kind[0].state != State.PLAYING):
            cursor.execute(
                RESULTS,
                {
                    "claim": claim,
                    "tries": len(PAUSES),
                    "pauses": [float(p) for p in PAUSES],
                    "ids": ids,
                    "state": answer.state,
                    "reason": answer.reason,
                    "pause": answer.pause,
                },
            )


@transaction.atomic
def expire() -> int:
    """Nothing is pushed after its broadcast ends: better silent than yesterday's warning. Returns how many."""
    waiting = Delivery.objects.filter(state=State.WAITING)
    given_up = locked(waiting.filter(gateway__is_active=False)).update(
        state=State.UNREACHED, reason="inactive", ended_at=Now()
    )
    return given_up + locked(waiting.filter(broadcast__expires_at__lte=Now())).update(
        state=State.EXPIRED, reason="expired", ended_at=Now()
    )


def doubt() -> int:
    """A box that took a command and then says nothing more: after a while that is said. Returns how many.

    If its receipts come after all, they overrule.
    """
    rows = Delivery.objects.filter(state__in=[State.ACCEPTED, State.PLAYING], accepted_at__lt=Now() - SILENCE)
    longest = timedelta(seconds=settings.RECORDING_MAX_SECONDS)
    return rows.exclude(state=State.PLAYING, playing_at__gt=Now() - SILENCE - longest).update(
        state=State.UNKNOWN, reason="no_receipt", ended_at=Now()
    )


def try_again_where_they_are_back() -> int:
    """Boxes that were given up and have reported since then get one more try, until the broadcast ends.

    Returns how many.
    """
    back = Delivery.objects.filter(
        # Where it may have played, only a box that knows the id is asked again.
        Q(state=State.UNREACHED) | Q(state=State.UNKNOWN, gateway__remembers_ids=True, shard__lt=CALLS),
        ended_at__gt=Now() - max(category.lasts for category in CATEGORIES.values()),
        gateway__is_active=True,
        gateway__seen_at__gt=F("ended_at"),
        broadcast__expires_at__gt=Now(),
        broadcast__cancelled_at=None,
    ).exclude(reason__in=FINAL_REASONS)
    # Quiet hours may have begun meanwhile.
    routine = Broadcast.objects.filter(lane=Lane.ROUTINE, pk__in=back.values("broadcast"))
    with transaction.atomic():
        may_be_held = list(routine)
        again = locked(back)
        count = again.update(state=State.WAITING, attempts=len(PAUSES), due_at=Now(), ended_at=None)
        for broadcast in may_be_held:
            hold(broadcast, timezone.now())
    return count


def lanes_with_work() -> list[str]:
    """Lanes with retries that are due, or first tries so late that their task must have been lost."""
    waiting = Delivery.objects.filter(state=State.WAITING, due_at__lte=Now(), shard__lt=CALLS)
    late = waiting.filter(attempts__gt=0) | waiting.filter(due_at__lte=Now() - timedelta(seconds=LOST_AFTER))
    return list(late.order_by().values_list("broadcast__lane", flat=True).distinct())


def forget_nonces(now: float) -> None:
    """Nonces older than the skew either way can't be replayed: their date is refused."""
    GatewayNonce.objects.filter(
        used_at__lt=datetime.fromtimestamp(now, tz=timezone.get_current_timezone())
        - timedelta(seconds=2 * settings.GATEWAY_CLOCK_SKEW)
    ).delete()
