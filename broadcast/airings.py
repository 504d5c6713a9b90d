"""Airing what is due: the copy that is sent and the airing that says so are one transaction.

Whoever is killed, whatever runs twice, an airing is due or aired, never both and never twice.
"""

import logging
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from people.holidays import holiday_name, overrides_between
from people.models import User
from people.outbox import tell

from .models import Airing, Broadcast, Plan
from .plan_times import clock_words
from .plans import LATE, RESTS, STOPPED
from .publish import air_planned

log = logging.getLogger(__name__)

MISSED = "그때 시스템이 멈춰 있어 방송하지 못했습니다. 필요하면 지금 방송해 주세요."
CLOSED = "예약한 사람의 계정이 닫혀 방송하지 않았습니다."
NO_SOUND = "소리가 남아 있지 않아 방송하지 않았습니다. 다시 예약해 주세요."


def air_due(now: datetime | None = None) -> int:
    """Airs, or says why not, all that is due. Returns how many were aired. Runs beside itself without harm."""
    now = now or timezone.now()
    count, failed = 0, set[int]()
    while True:
        airing = None
        try:
            with transaction.atomic():
                airing = _next(now, failed)
                if airing is None:
                    return count
                aired = _air(airing, now)
        except Exception:
            if airing is None:
                raise
            # It must not hold back the others; until it is too late it is tried again.
            log.exception("airing %s failed", airing.pk)
            failed.add(airing.pk)
        else:
            count += aired


def _next(now: datetime, failed: set[int]) -> Airing | None:
    """The oldest that is due, locked with its plan; those that another process holds are left to it."""
    due = Airing.objects.filter(state=Airing.State.DUE, due_at__lte=now).exclude(pk__in=failed)
    locked = due.select_for_update(of=("self", "plan"), skip_locked=True)
    return (
        locked.select_related("plan__original__author", "plan__original__recording")
        .order_by("due_at")
        .first()
    )


def _air(airing: Airing, now: datetime) -> bool:
    plan, original = airing.plan, airing.plan.original
    if now - airing.due_at > LATE:
        airing.state, airing.why = Airing.State.MISSED, MISSED
    elif why := _why_not(plan, original, airing.due_at):
        airing.state, airing.why = Airing.State.SKIPPED, why
    else:
        try:
            with transaction.atomic():
                copy = _copy(plan, original)
                air_planned(copy)
            airing.state, airing.broadcast = Airing.State.AIRED, copy
        except PermissionDenied as refused:  # by the rules as they are now; the copy is undone
            airing.state, airing.why = Airing.State.SKIPPED, str(refused)[:200]
    airing.save(update_fields=["state", "why", "broadcast"])
    if airing.state != Airing.State.AIRED and airing.why != STOPPED and not airing.why.startswith(RESTS):
        _tell_author(original.author, airing)
    return airing.state == Airing.State.AIRED


def _why_not(plan: Plan, original: Broadcast, due_at: datetime) -> str:
    """What has changed since it was planned, in Korean, or "". The rules are asked by publish.air_planned()."""
    day = timezone.localdate(due_at)
    if plan.stopped_at:
        return STOPPED
    if plan.skip_holidays and (name := holiday_name(day, overrides_between(day, day))):
        return f"{RESTS}: {name}"
    if not original.author.is_active:
        return CLOSED
    return "" if original.recording.file else NO_SOUND


def _copy(plan: Plan, original: Broadcast) -> Broadcast:
    """What is sent: the same words and sound to the same villages, as a broadcast of its own."""
    copy = Broadcast.objects.create(
        author=original.author,
        category=original.category,
        text=original.text,
        recording=original.recording,
        lane=original.lane,
        severity=original.severity,
        template_id=original.template_id,
        on_behalf_of_id=original.on_behalf_of_id,
        plan=plan,
    )
    copy.villages.set(original.villages.values_list("pk", flat=True))
    return copy


def _tell_author(author: User, airing: Airing) -> None:
    """The plan's page says it too; a phone only hears of it once."""
    if author.phone and author.is_active:
        at = timezone.localtime(airing.due_at)
        when = f"{at.month}월 {at.day}일 {clock_words(at.time())}"
        tell(
            author.phone,
            "plan_not_aired",
            {"when": when, "why": airing.why},
            key=f"plan not aired {airing.pk}",
        )
