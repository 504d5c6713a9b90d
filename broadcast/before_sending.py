"""What a sender is told beforehand: it goes at once, after a second person, later because it is quiet, or not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from .clearance import decide_for
from .holding import held_villages
from .models import Broadcast, Village
from .sending_rules import Outcome


@dataclass(frozen=True)
class Before:
    """`held`: [("내일 07:00", villages)] that hear it only when their quiet hours end."""

    needs_second_person: bool
    is_refused: bool
    reason: str
    held: list[tuple[str, int]]


def before_sending(draft: Broadcast, villages: Iterable[Village], at: datetime | None = None) -> Before:
    """If it were sent at `at` (now, if none is given)."""
    at = at or timezone.now()
    decided = decide_for(draft, at)
    held = held_villages(villages, draft.category, draft.lane, at)
    return Before(
        needs_second_person=decided.outcome == Outcome.SECOND_PERSON,
        is_refused=decided.outcome == Outcome.REFUSE,
        reason=decided.reason,
        held=[(day_and_clock(until, at), count) for until, count in sorted(held.items())],
    )


def day_and_clock(then: datetime, now: datetime) -> str:
    """ "오늘 07:00", "내일 07:00" or "11월 24일 07:00", in Seoul."""
    then, now = timezone.localtime(then), timezone.localtime(now)
    days = {now.date(): "오늘", now.date() + timedelta(days=1): "내일"}
    return f"{days.get(then.date()) or f'{then.month}월 {then.day}일'} {then:%H:%M}"
