"""The clocks of the law, over weekends, holidays and the ends of years."""

from datetime import UTC, date, datetime, timedelta

import pytest

from privacy import clocks
from tests.repair.official_holidays import OFFICIAL


def official(first: date, last: date) -> frozenset[date]:
    return frozenset(day for day in OFFICIAL if first <= day <= last)


@pytest.mark.parametrize(
    ("asked", "until"),
    [
        (date(2026, 11, 26), date(2026, 12, 7)),  # the tenth day is a Sunday
        (date(2026, 11, 27), date(2026, 12, 7)),
        (date(2026, 11, 24), date(2026, 12, 4)),
        (date(2026, 12, 22), date(2027, 1, 4)),  # New Year on a Friday, then a weekend
        (date(2026, 12, 21), date(2026, 12, 31)),
        (date(2025, 9, 25), date(2025, 10, 10)),  # 추석: from the fifth of October to 한글날
        (date(2025, 1, 18), date(2025, 1, 31)),  # 설날 with the holiday that the cabinet added
        (date(2024, 2, 19), date(2024, 2, 29)),  # a leap day
        (date(2025, 2, 19), date(2025, 3, 4)),  # 삼일절 on a Saturday, its substitute on Monday
    ],
)
def test_ten_days(asked: date, until: date) -> None:
    assert clocks.last_day(asked, known=official) == until


def test_every_day_of_four_years() -> None:
    """Never before the tenth day, never on a day of rest, and never later than the first day that is none."""
    day = date(2024, 1, 1)
    while day <= date(2027, 12, 1):
        until = clocks.last_day(day, known=official)
        tenth = day + timedelta(days=10)
        assert until >= tenth
        assert until.weekday() < 5 and until not in OFFICIAL
        between = [tenth + timedelta(days=n) for n in range((until - tenth).days)]
        assert all(one.weekday() >= 5 or one in OFFICIAL for one in between), day
        day += timedelta(days=1)


@pytest.mark.django_db
def test_the_city_s_own_word_on_a_day_counts() -> None:
    """people/ tells which days are holidays: what the city decided is among them."""
    from people.holidays import decide_on_day
    from tests import make

    assert clocks.last_day(date(2026, 11, 24)) == date(2026, 12, 4)
    decide_on_day(date(2026, 12, 4), "임시공휴일", is_holiday=True, by=make.user())
    assert clocks.last_day(date(2026, 11, 24)) == date(2026, 12, 7)


@pytest.mark.parametrize(
    ("known", "until"),
    [
        (datetime(2026, 12, 30, 23, 30, tzinfo=UTC), datetime(2027, 1, 2, 23, 30, tzinfo=UTC)),
        (datetime(2024, 2, 27, 1, 0, tzinfo=UTC), datetime(2024, 3, 1, 1, 0, tzinfo=UTC)),
        (datetime(2025, 10, 4, 0, 0, tzinfo=UTC), datetime(2025, 10, 7, 0, 0, tzinfo=UTC)),
    ],
)
def test_seventy_two_hours_stop_for_nothing(known: datetime, until: datetime) -> None:
    assert clocks.breach_until(known) == until
