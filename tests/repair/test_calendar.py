"""The third working day, for every day of four years; what a pause does; when the office is warned."""

from bisect import bisect_right
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.holidays import holiday_name, is_working_day
from repair.calendar import LONGEST_CLOSED, MOST_DAYS, StillPaused, counted_days, deadline, warn_on

from .official_holidays import ANNOUNCED, DECIDED_LATER, OFFICIAL

FOUR_YEARS = [
    date.fromordinal(n) for n in range(date(2024, 1, 1).toordinal(), date(2027, 12, 31).toordinal() + 1)
]
#: Every open day of them and of the week after, written as ISO so that nothing is counted as the program does.
OPEN = sorted(
    day.isoformat()
    for day in [*FOUR_YEARS, *(date(2028, 1, n) for n in range(1, 8))]
    if day not in OFFICIAL and day.strftime("%a") not in ("Sat", "Sun")
)


def is_closed(day: date) -> bool:
    return day in OFFICIAL or day.weekday() >= 5


def third_after(start: date) -> date:
    """Without counting: the third in the list of those that are later."""
    return date.fromisoformat(OPEN[bisect_right(OPEN, start.isoformat()) + 2])


def test_all_1461_starts_give_the_third_working_day() -> None:
    assert len(FOUR_YEARS) == 1461
    wrong = {
        start: due for start in FOUR_YEARS if (due := deadline(start, 3, is_closed)) != third_after(start)
    }
    assert wrong == {}


def test_the_citys_own_calendar_gives_the_same_for_all_1461() -> None:
    """What the program uses: people.holidays, with no override."""
    wrong = [
        start
        for start in FOUR_YEARS
        if deadline(start, 3, lambda day: not is_working_day(day, {})) != third_after(start)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2025-10-01", "2025-10-13"),  # 2 Oct; 개천절, 추석 with its substitute, 한글날; 10 and 13 Oct
        ("2025-10-02", "2025-10-14"),
        ("2025-01-24", "2025-02-04"),  # 임시공휴일 and 설날; 31 Jan, 3 and 4 Feb
        ("2024-09-27", "2024-10-04"),  # 30 Sep, 2 and 4 Oct between 국군의 날 and 개천절
        ("2024-04-08", "2024-04-12"),  # 국회의원선거일
        ("2025-05-02", "2025-05-09"),  # 5 and 6 May
        ("2026-04-29", "2026-05-06"),  # 30 Apr; 노동절; 4 May; 어린이날; 6 May
        ("2026-07-16", "2026-07-22"),  # 제헌절
        ("2026-11-23", "2026-11-26"),  # an ordinary week
        ("2026-11-21", "2026-11-25"),  # selected on a Saturday
        ("2027-04-30", "2027-05-07"),  # 노동절 on a Saturday, its substitute, 어린이날
        ("2027-12-31", "2028-01-05"),
    ],
)
def test_counted_by_hand(start: str, due: str) -> None:
    assert deadline(date.fromisoformat(start), 3, is_closed) == date.fromisoformat(due)


def test_three_working_days_can_span_twelve_calendar_days() -> None:
    spans = {deadline(start, 3, is_closed) - start for start in FOUR_YEARS if not is_closed(start)}
    assert (min(spans), max(spans)) == (timedelta(days=3), timedelta(days=12))


def test_the_frozen_list_agrees_with_the_package_on_every_day() -> None:
    assert len(OFFICIAL) == 84
    assert [len([day for day in OFFICIAL if day.year == year]) for year in range(2024, 2028)] == [
        19,
        19,
        22,
        24,
    ]
    listed = {day for day in FOUR_YEARS if holiday_name(day, {})}
    assert listed == set(OFFICIAL)


def test_the_frozen_list_adds_up_to_the_red_days_that_were_announced() -> None:
    for year, announced in ANNOUNCED.items():
        sundays = {day for day in FOUR_YEARS if day.year == year and day.strftime("%a") == "Sun"}
        holidays = {day for day in OFFICIAL if day.year == year} - DECIDED_LATER
        assert len(sundays | holidays) == announced, year


def test_the_first_day_counts_only_if_the_rule_says_so_and_it_is_open() -> None:
    monday, saturday = date(2026, 11, 23), date(2026, 11, 21)
    assert counted_days(monday, 3, is_closed) == [date(2026, 11, n) for n in (24, 25, 26)]
    assert counted_days(monday, 3, is_closed, counts_first_day=True) == [
        date(2026, 11, n) for n in (23, 24, 25)
    ]
    assert counted_days(saturday, 1, is_closed, counts_first_day=True) == [monday]


def test_a_pause_takes_out_its_days() -> None:
    monday = date(2026, 11, 23)
    wednesday, thursday, friday = (date(2026, 11, n) for n in (25, 26, 27))
    two = [(wednesday, friday), (thursday, date(2026, 12, 1))]
    assert deadline(monday, 3, is_closed, pauses=[(wednesday, friday)]) == date(2026, 11, 30)
    assert counted_days(monday, 3, is_closed, pauses=two) == [
        date(2026, 11, 24),
        *(date(2026, 12, n) for n in (1, 2)),
    ]
    assert (
        deadline(monday, 3, is_closed, pauses=[(wednesday, wednesday)]) == thursday
    )  # taken back the same day
    assert deadline(monday, 3, is_closed, pauses=[(friday, date(2027, 1, 1))]) == thursday  # begins too late
    assert deadline(monday, 3, is_closed, pauses=[(date(2026, 11, 2), monday)]) == thursday  # was over before
    years = [(wednesday, date(2030, 1, 2))]
    assert deadline(monday, 2, lambda day: day.weekday() >= 5, pauses=years) == date(2030, 1, 2)


def test_a_pause_that_has_not_ended_leaves_the_deadline_open() -> None:
    monday, wednesday = date(2026, 11, 23), date(2026, 11, 25)
    assert counted_days(monday, 3, is_closed, pauses=[(wednesday, None)]) == [date(2026, 11, 24)]
    with pytest.raises(StillPaused):
        deadline(monday, 3, is_closed, pauses=[(wednesday, None)])
    assert deadline(monday, 1, is_closed, pauses=[(wednesday, None)]) == date(
        2026, 11, 24
    )  # was over by then


@pytest.mark.parametrize("days", [-1, 0, MOST_DAYS + 1])
def test_too_few_or_too_many_days(days: int) -> None:
    with pytest.raises(ValueError, match="working days"):
        counted_days(date(2026, 1, 5), days, is_closed)


def test_counting_ends_though_every_day_is_closed() -> None:
    with pytest.raises(ValueError, match=str(LONGEST_CLOSED)):
        deadline(date(2026, 1, 5), 3, lambda _: True)
    with pytest.raises(ValueError, match=str(LONGEST_CLOSED)):
        warn_on(date(2026, 1, 5), lambda _: True)


def test_the_office_is_warned_on_the_working_day_before() -> None:
    assert warn_on(date(2025, 10, 13), is_closed) == date(2025, 10, 10)
    assert warn_on(date(2025, 10, 10), is_closed) == date(2025, 10, 2)
    for start in FOUR_YEARS:
        *_, before, last = counted_days(start, 3, is_closed)
        assert warn_on(last, is_closed) == before


days_of_them = st.dates(date(2024, 1, 1), date(2027, 6, 30))
spans = st.lists(
    st.tuples(days_of_them, st.integers(0, 40)).map(lambda s: (s[0], s[0] + timedelta(s[1]))), max_size=4
)


@given(days_of_them, days_of_them, st.integers(1, 20), st.booleans(), spans)
def test_later_starts_are_never_due_earlier_and_pauses_only_delay(
    one: date, other: date, days: int, first: bool, pauses: list[tuple[date, date | None]]
) -> None:
    start, later = min(one, other), max(one, other)
    counted = counted_days(start, days, is_closed, counts_first_day=first, pauses=pauses)
    assert len(counted) == days
    assert counted == sorted(set(counted))
    assert counted[0] >= start if first else counted[0] > start
    assert not any(is_closed(day) for day in counted)
    assert not any(begins <= day < (ends or day) for day in counted for begins, ends in pauses)
    assert counted[-1] <= deadline(later, days, is_closed, counts_first_day=first, pauses=pauses)
    assert counted[-1] >= deadline(start, days, is_closed, counts_first_day=first)
