"""Sending a broadcast: the rows first, in one transaction; the queue is only told afterwards."""

import math
import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from people.models import User

from . import holding
from .cancel import clear_the_air
from .categories import CATEGORIES, lane_of
from .claims import CALLS, locked
from .clearance import Refused, decide_for, is_cleared, refuse_if_ended, refuse_if_not_theirs, submit
from .compose import NO_TEXT
from .gateways import holding_line
from .models import Broadcast, Delivery, Gateway, Sender, Village
from .on_behalf import tell_the_chief
from .queue import calls_queue, tell
from .senders import sender_of
from .sending_rules import Outcome
from .states import RESENDABLE, State

#: A shard is worth a second process from this many gateways on; below, one event loop is faster.
SHARD_MIN = 1000

TEXT_FIRST = "다른 사람이 승인해야 나가는 방송입니다. 말한 내용을 글로도 적은 뒤 다시 보내 주세요."

DELIVERIES = f"""
INSERT INTO broadcast_delivery
    (id, broadcast_id, gateway_id, shard, state, reason, round, attempts, stops, due_at, held_until, volume)
SELECT gen_random_uuid(), %(broadcast)s, g.id,
    CASE WHEN g.driver = ANY(%(calls)s) THEN %(calls_shard)s ELSE row_number() OVER () %% %(shards)s END,
    'waiting', '', 1, 0, 0, coalesce({holding.HELD_UNTIL}, now()), {holding.HELD_UNTIL}, {holding.VOLUME}
FROM broadcast_gateway g
JOIN broadcast_broadcast_villages v ON v.village_id = g.village_id AND v.broadcast_id = %(broadcast)s
JOIN broadcast_village own ON own.id = v.village_id
{holding.JOIN}
WHERE g.is_active
"""  # noqa: S608  our own words only


def publish(broadcast_id: uuid.UUID, user: User, *, sender: Sender | None = None) -> Broadcast:
    """Send a draft to the gateways of its villages, if the city's rules say so; if they want a second person, it is
    submitted and waits (approval.py). A second call (a double tap) returns the broadcast as it is.

    `sender` None: as what the user sends; an alert goes wherever it is for. Raises Broadcast.DoesNotExist if it is
    not the user's own, PermissionDenied if one of its villages is no longer theirs to speak to, Refused with the
    rule's reason.
    """
    with transaction.atomic():
        broadcast = Broadcast.objects.select_for_update(of=("self",)).get(pk=broadcast_id, author=user)
        if broadcast.published_at or broadcast.submitted_at:
            return broadcast
        sender = sender or sender_of(user)
        decided = decide_for(broadcast, timezone.now(), sender)
        if decided.outcome == Outcome.REFUSE:
            raise Refused(decided.reason)
        if sender != Sender.ALERT:
            refuse_if_not_theirs(broadcast, user)
        if decided.outcome == Outcome.SECOND_PERSON:
            # What is written down afterwards nobody would have agreed to; in a disaster it may come later.
            if broadcast.text == NO_TEXT and not CATEGORIES[broadcast.category].disaster:
                raise Refused(TEXT_FIRST)
            submit(broadcast)
        else:
            air(broadcast)
    return broadcast


def air_planned(copy: Broadcast) -> None:
    """Air the copy that a plan made of its original, at its time. Inside of the transaction that made or locked it.

    Whether it needs a second person was decided when it was planned. Raises Refused if that one has not agreed, or
    the rules by now refuse it; PermissionDenied as publish().
    """
    original = copy.plan.original if copy.plan else copy
    if not is_cleared(original):
        raise Refused("승인을 받지 못한 예약이라 보내지 않았습니다.")
    decided = decide_for(copy, timezone.now())
    if decided.outcome == Outcome.REFUSE:
        raise Refused(decided.reason)
    refuse_if_not_theirs(copy, copy.author)
    air(copy)


def air(broadcast: Broadcast) -> None:
    """Write its deliveries and wake the workers once that is committed. Whether it may is decided before.

    Inside of the transaction that locked the broadcast. In quiet hours what is routine is due when they end, and
    lasts as long from then.
    """
    now = timezone.now()
    gateways = Gateway.objects.filter(is_active=True, village__broadcasts=broadcast).count()
    broadcast.lane = lane_of(broadcast.category, broadcast.severity)
    sounding = holding.sounding(broadcast.category, broadcast.lane, now)
    broadcast.published_at = now
    broadcast.expires_at = (sounding.latest or now) + CATEGORIES[broadcast.category].lasts
    broadcast.shards = shards_for(gateways)
    broadcast.save(update_fields=["lane", "published_at", "expires_at", "shards"])
    rows: dict[str, Any] = {
        "broadcast": broadcast.pk,
        "shards": broadcast.shards,
        "calls": list(holding_line()),
        "calls_shard": CALLS,
    }
    with connection.cursor() as cursor:
        cursor.execute(DELIVERIES, rows | sounding.params)
    if broadcast.is_urgent:
        clear_the_air()
    tell_the_chief(broadcast)
    transaction.on_commit(lambda: _wake(broadcast))


def shards_for(gateways: int) -> int:
    """A few wide shards, never more than the workers have processes for first tries."""
    return max(1, min(settings.DISPATCH_SHARDS, math.ceil(gateways / SHARD_MIN)))


def resend(broadcast_id: uuid.UUID, user: User, states: Collection[State] = RESENDABLE) -> int:
    """Try once more where it did not arrive, in the villages that are the user's. Returns how many gateways.

    `states`: only those of them; where it is unknown a device may play it a second time, and a person is told so.

    A person asked, so the broadcast lasts anew from now; one whose sound is no longer kept stays silent.
    Raises Broadcast.DoesNotExist, Refused for an alert that has ended.
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
        refuse_if_ended(broadcast)
        now = timezone.now()
        silent = Delivery.objects.filter(
            broadcast=broadcast,
            state__in=RESENDABLE & frozenset(states),
            gateway__is_active=True,
            gateway__village__in=Village.objects.for_user(user),
        )
        count = locked(silent).update(
            state=State.WAITING,
            reason="",
            round=F("round") + 1,
            attempts=0,
            due_at=Now(),
            ended_at=None,
            # An urgent one had cut it off: that is over.
            stop_asked_at=None,
            stops=0,
        )
        if count:
            _hold_and_prolong(broadcast, now)
            transaction.on_commit(lambda: _wake_again(broadcast))
    return count


def _hold_and_prolong(broadcast: Broadcast, now: datetime) -> None:
    held_until = holding.hold(broadcast, now)
    broadcast.expires_at = (held_until or now) + CATEGORIES[broadcast.category].lasts
    broadcast.save(update_fields=["expires_at"])


def _wake(broadcast: Broadcast) -> None:
    for shard in range(broadcast.shards):
        tell("push_shard", [str(broadcast.pk), shard], broadcast.lane)
    if broadcast.deliveries.filter(shard=CALLS).exists():
        tell("push_calls", [broadcast.lane], calls_queue(broadcast.lane))


def _wake_again(broadcast: Broadcast) -> None:
    tell("push_due", [broadcast.lane], broadcast.lane)
    tell("push_calls", [broadcast.lane], calls_queue(broadcast.lane))
