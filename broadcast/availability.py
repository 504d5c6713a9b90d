"""How much of a time a gateway was there, reckoned from when it was not. Pure."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")
#: (from, until): it was silent then; until None: it still is.
Silence = tuple[datetime, datetime | None]


def availability(silences: Iterable[Silence], start: datetime, end: datetime) -> float | None:
    """Percent of the time from `start` to `end` in which it was not silent; what overlaps counts once.

    None if there is no such time. All with a time zone.
    """
    whole = (end - start).total_seconds()
    if whole <= 0:
        return None
    silent, reached = timedelta(), start
    for since, until in sorted(silences, key=lambda silence: silence[0]):
        begins, ends = max(since, reached), min(until or end, end)
        if ends > begins:
            silent += ends - begins
            reached = ends
    return 100 * (1 - silent.total_seconds() / whole)


def month_of(day: date) -> tuple[datetime, datetime]:
    """The first moment of that day's month and of the next one, in Seoul."""
    first = day.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return datetime.combine(first, time.min, SEOUL), datetime.combine(following, time.min, SEOUL)


def months_back(day: date, count: int) -> list[date]:
    """The first days of that month and of those before it, newest first."""
    months = [day.replace(day=1)]
    while len(months) < count:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return months


def in_words(percent: float | None) -> str:
    """ "99.87%"; never rounded up to what was not reached, "모름" where nothing is known."""
    if percent is None:
        return "모름"
    return f"{int(percent * 100) / 100:.2f}%" if percent < 100 else "100%"
