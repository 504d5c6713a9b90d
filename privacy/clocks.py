"""법이 정한 기한: pure, but for asking who knows the holidays."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

#: Days, both included → those on which offices are closed for a holiday. people/ says so (it keeps the list).
Holidays = Callable[[date, date], frozenset[date]]
#: 열람 (법 제35조 제3항, 시행령 제41조), 정정·삭제 (시행령 제43조), 처리정지 (시행령 제44조): within ten days.
REQUEST_DAYS = 10
#: 유출 통지와 신고 (법 제34조, 시행령 제39조와 제40조): hours from learning of it. No holiday stops them.
BREACH_HOURS = 72
#: Longest chain of closed days that is looked at: 설날 and 추석 with their substitutes take less.
_FARTHEST = timedelta(days=30)

_holidays: Holidays = lambda first, last: frozenset()  # noqa: E731


def know_holidays(holidays: Holidays) -> None:
    global _holidays
    _holidays = holidays


def holidays(first: date, last: date) -> frozenset[date]:
    """Days between, both included, on which offices are closed for a holiday."""
    return _holidays(first, last)


def last_day(asked_on: date, days: int = REQUEST_DAYS, known: Holidays | None = None) -> date:
    """The last day to answer: the first day is not counted (민법 제157조), days of rest are, but if the last one is a
    Saturday, a Sunday or a holiday the term ends with the next day that is none (제161조)."""
    day = asked_on + timedelta(days=days)
    closed = (known or _holidays)(day, day + _FARTHEST)
    while day.weekday() >= 5 or day in closed:
        day += timedelta(days=1)
    return day


def breach_until(known_at: datetime) -> datetime:
    """Until when people, and the authority, must have been told."""
    return known_at + timedelta(hours=BREACH_HOURS)
