"""Months that are settled once: what belongs to which. Pure but for today. A month is its first day."""

from collections.abc import Collection
from datetime import date

from django.utils import timezone


def next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def billed_in(done_in: date, settled: Collection[date]) -> date:
    """The month to which what was done in that month belongs: the next that is not settled. Pure."""
    while done_in in settled:
        done_in = next_month(done_in)
    return done_in


def is_over(month: date) -> bool:
    return next_month(month) <= timezone.localdate()
