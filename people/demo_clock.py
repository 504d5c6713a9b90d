"""For an example city only: deeds that are done today as if they had been done then."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from functools import cache

from django.utils import timezone

from .holidays import is_working_day


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """Whatever asks for the time is told `moment`: every row of a deed gets its date, and deadlines count from there.

    For a process that does nothing else meanwhile (manage.py): the clock is everybody's.
    """
    real = timezone.now
    timezone.now = lambda: moment
    try:
        yield
    finally:
        timezone.now = real


@cache
def working(day: date) -> bool:
    return is_working_day(day, {})


def after(day: date, working_days: int) -> date:
    """So many working days later, or earlier (< 0); 0: that day, or the first on which somebody works."""
    step = timedelta(days=-1 if working_days < 0 else 1)
    while not working(day):
        day += step
    for _ in range(abs(working_days)):
        day += step
        while not working(day):
            day += step
    return day


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))
