"""다시듣기 and 보이는 방송: what anybody may hear and read of a village. The one place of that rule."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Case, Prefetch, QuerySet, Value, When

from .categories import CATEGORIES, Lane
from .compose import NO_TEXT
from .models import Broadcast, Recording, Village
from .senders import senders

#: What names somebody, and the link test, which nobody hears.
HIDDEN = frozenset(c.key for c in CATEGORIES.values() if c.sensitive or not c.by_hand)
#: An urgent one stands above all others for so long; a warning of last week is no warning any more.
ON_TOP = timedelta(days=3)


def heard(now: datetime) -> "QuerySet[Broadcast]":
    """What was sent within REPLAY_DAYS and is for everybody."""
    since = now - timedelta(days=settings.REPLAY_DAYS)
    return Broadcast.objects.filter(published_at__range=(since, now)).exclude(category__in=HIDDEN)


def heard_in(village: Village, now: datetime) -> "QuerySet[Broadcast]":
    """Of one village: urgent ones of these days first, then the newest."""
    urgent_now = When(lane=Lane.URGENT, cancelled_at=None, published_at__gte=now - ON_TOP, then=Value(0))
    first = Case(urgent_now, default=Value(1))
    return heard(now).filter(villages=village).order_by(first, "-published_at")


def sound_for_all(broadcast_id: uuid.UUID, now: datetime) -> Recording:
    """The sound that anybody may hear. Raises Broadcast.DoesNotExist: also for one that was taken back, and for
    one whose sound is no longer kept or never was."""
    broadcast = heard(now).select_related("recording").get(pk=broadcast_id)
    if not has_sound(broadcast):
        raise Broadcast.DoesNotExist
    return broadcast.recording


def has_sound(broadcast: Broadcast) -> bool:
    recording = broadcast.recording
    is_silent = recording.source == Recording.Source.SILENCE
    return bool(recording.file) and not is_silent and broadcast.cancelled_at is None


@dataclass(frozen=True)
class Heard:
    """A broadcast as a listener sees it. `corrects` and `corrected_by`: only what they may see, too."""

    broadcast: Broadcast
    sender: str
    text: str
    has_sound: bool
    on_top: bool
    corrects: Broadcast | None
    corrected_by: Broadcast | None


def described(rows: "QuerySet[Broadcast]", village: Village, now: datetime) -> list[Heard]:
    """In the order given. At most six queries, however many."""
    here = heard(now).filter(villages=village)
    corrections = Prefetch(
        "corrections", here.filter(cancelled_at=None).order_by("published_at"), to_attr="seen_corrections"
    )
    found = list(rows.select_related("recording", "on_behalf_of__village").prefetch_related(corrections))
    corrected = here.in_bulk([row.corrects_id for row in found if row.corrects_id])
    who = senders({row.author_id for row in found})
    return [_described(row, who[row.author_id], corrected, now) for row in found]


def _described(row: Broadcast, sender: str, corrected: dict[uuid.UUID, Broadcast], now: datetime) -> Heard:
    if row.on_behalf_of:
        sender = f"{row.on_behalf_of.village.name} 이장 ({sender}이 대신 보냄)"
    corrections: Sequence[Broadcast] = row.seen_corrections  # type: ignore[attr-defined]
    sent = row.published_at or now
    return Heard(
        broadcast=row,
        sender=sender,
        text="" if row.text == NO_TEXT else row.text,
        has_sound=has_sound(row),
        on_top=row.is_urgent and row.cancelled_at is None and sent >= now - ON_TOP,
        corrects=corrected.get(row.corrects_id) if row.corrects_id else None,
        corrected_by=corrections[-1] if corrections else None,
    )
