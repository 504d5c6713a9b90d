"""Whose air time is taken when: planned airings as slots, with their villages."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from people.models import User

from .models import Airing, Broadcast, Village
from .plan_times import Slot

#: Two airings nearer to each other than this sound like one; a clash is asked about within it.
LONGEST = timedelta(seconds=settings.RECORDING_MAX_SECONDS)
#: More are never looked at in one go: as many as a village hears in a month of a broadcast every 20 minutes.
MOST = 2000


def slots_of(airings: Sequence[Airing], villages: "QuerySet[Village]") -> list[Slot]:
    """By airing id; only the `villages` among those that each reaches. `airings` with plan, original and recording.
    One query."""
    there = villages_of({airing.plan.original_id for airing in airings}, villages)
    return [
        Slot(
            airing.pk, airing.due_at, airing.plan.original.recording.duration, there[airing.plan.original_id]
        )
        for airing in airings
    ]


def villages_of(originals: Iterable[object], villages: "QuerySet[Village]") -> dict[object, frozenset[int]]:
    """Broadcast id → ids of its villages that are among `villages`. One query."""
    found: dict[object, set[int]] = defaultdict(set)
    pairs = Broadcast.villages.through.objects.filter(
        broadcast__in=list(originals), village__in=villages.values("pk")
    )
    for broadcast, village in pairs.values_list("broadcast_id", "village_id"):
        found[broadcast].add(village)
    return defaultdict(frozenset, {key: frozenset(its) for key, its in found.items()})


def others_in_the_villages(draft: Broadcast, first: datetime, last: datetime) -> list[Airing]:
    """Planned airings of anybody between those times that share a village with the draft. One query."""
    its = Broadcast.villages.through.objects.filter(broadcast=draft.pk).values("village_id")
    shared = Broadcast.villages.through.objects.filter(broadcast=OuterRef("plan__original"), village__in=its)
    coming = Airing.objects.coming().filter(Exists(shared), due_at__range=(first - LONGEST, last + LONGEST))
    return list(coming.select_related("plan__original__recording").order_by("due_at")[:MOST])


def week_of(user: User, first: datetime, last: datetime, village: Village | None) -> list[Airing]:
    """All that was and is planned in the villages of `user` (or one of them) in [first, last). One query."""
    shown = Airing.objects.for_user(user).filter(due_at__gte=first, due_at__lt=last)
    shown = shown.exclude(state=Airing.State.SKIPPED, plan__stopped_at__isnull=False)
    if village:
        shown = shown.filter(plan__original__villages=village)
    return list(shown.select_related("plan__original__recording", "plan").order_by("due_at")[:MOST])
