"""공휴일: public holidays of Korea with their substitute days, and what the city decided otherwise.

Source of the list: 관공서의 공휴일에 관한 규정 (Presidential Decree), articles 2 and 3, as the package `holidays`
keeps it. It knows elections and substitute days that are announced by the time it was released; a temporary
holiday (임시공휴일) of later is an override.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache

from holidays import country_holidays

from privacy.one_query import Rows, read

from .models import HolidayOverride, User

#: Day → its name if it is a holiday, "" if it is none.
Overrides = Mapping[date, str]


def is_holiday(day: date, overrides: Overrides) -> bool:
    """Whether offices are closed that day for a holiday. Saturdays and Sundays are none of themselves."""
    return bool(holiday_name(day, overrides))


def holiday_name(day: date, overrides: Overrides) -> str:
    """In Korean; "" on any other day."""
    return overrides[day] if day in overrides else _of_year(day.year).get(day, "")


def is_working_day(day: date, overrides: Overrides) -> bool:
    """Monday to Friday, and no holiday."""
    return day.weekday() < 5 and not is_holiday(day, overrides)


def overrides_between(first: date, last: date) -> dict[date, str]:
    """What the city decided, both days included. One query."""
    return as_overrides(read(overrides_rows(first, last))[0])


def overrides_rows(first: date, last: date) -> Rows:
    """To be read with other rows."""
    return Rows(HolidayOverride, '"date" BETWEEN %s AND %s', [first, last])


def as_overrides(rows: Iterable[HolidayOverride]) -> dict[date, str]:
    return {row.date: (row.name or "쉬는 날") if row.is_holiday else "" for row in rows}


def holidays_between(first: date, last: date) -> dict[date, str]:
    """Every holiday and its name, both days included. One query."""
    overrides = overrides_between(first, last)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return {day: name for day in days if (name := holiday_name(day, overrides))}


def decide_on_day(day: date, name: str, *, is_holiday: bool, by: User) -> HolidayOverride:
    """The city's word on a day, instead of what it said before."""
    said = {"name": name, "is_holiday": is_holiday, "changed_by": by}
    return HolidayOverride.objects.update_or_create(date=day, defaults=said)[0]


def as_listed(day: date) -> None:
    """The city takes its word on that day back. Twice does nothing more."""
    HolidayOverride.objects.filter(date=day).delete()


@lru_cache(maxsize=16)
def _of_year(year: int) -> dict[date, str]:
    return {day: str(name) for day, name in country_holidays("KR", years=year, language="ko").items()}
