"""열린 자료: nothing of a person, no small number, and none that can be worked out again."""

import csv
import io
from datetime import datetime
from itertools import pairwise, permutations, product

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from people.models import District
from privacy.small_numbers import FEW, suppressed
from repair import open_data
from repair.groups import GROUP_LABELS, Group
from repair.models import Case, Device
from tests import make, make_repair

counts = st.lists(st.integers(0, 40) | st.integers(0, 6), min_size=2, max_size=12)


def table(values: list[int]) -> dict[str, int]:
    return {f"곳 {n}": value for n, value in enumerate(values)}


@given(counts)
def test_no_small_number_is_shown_and_what_is_shown_is_true(values: list[int]) -> None:
    true, shown = table(values), suppressed(table(values))
    assert list(shown) == list(true)
    assert all(count is None or (count == true[name] and count >= FEW) for name, count in shown.items())
    if min(values) >= FEW:
        assert shown == true


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=2, max_size=6))
def test_what_is_hidden_cannot_be_worked_out_again(values: list[int]) -> None:
    """Whoever knows the sum, the shown numbers and this very program still finds more than one value for each
    hidden number: another table of the same sum is published in the same way."""
    true, total = table(values), sum(values)
    shown = suppressed(true)
    hidden = [name for name, count in shown.items() if count is None]
    if not hidden or total < FEW:  # such a year is not published at all (open_data.years)
        return
    assert len(hidden) > 1
    rest = total - sum(count for count in shown.values() if count is not None)
    possible: dict[str, set[int]] = {name: set() for name in hidden}
    for guess in splits(rest, [true[name] for name in hidden]):
        other = {**true, **dict(zip(hidden, guess, strict=True))}
        if suppressed(other) == shown:
            for name, value in zip(hidden, guess, strict=True):
                possible[name].add(value)
    assert all(len(values) > 1 for values in possible.values()), (values, possible)


def splits(total: int, true: list[int]) -> set[tuple[int, ...]]:
    """Ways to write `total` as so many numbers: all of them for short lists, else those that are easily found."""
    parts = len(true)
    if parts <= 3:
        few = product(range(total + 1), repeat=parts - 1)
        return {(*first, total - sum(first)) for first in few if sum(first) <= total}
    easy = set(permutations(true))
    for at, first in product(range(parts), range(total + 1)):
        rest = {at: first, (at + 1) % parts: total - first}
        easy.add(tuple(rest.get(n, 0) for n in range(parts)))
    return easy


@given(counts)
def test_any_two_that_are_hidden_can_be_exchanged(values: list[int]) -> None:
    true = table(values)
    shown = suppressed(true)
    hidden = [name for name, count in shown.items() if count is None]
    for one, other in pairwise(hidden):
        exchanged = {**true, one: true[other], other: true[one]}
        assert suppressed(exchanged) == shown
    if hidden and any(value >= FEW for value in values):
        assert {true[name] >= FEW for name in hidden} == {True, False}


# ---- what is published


def last_year(month: int = 5) -> datetime:
    return timezone.make_aware(datetime(timezone.localdate().year - 1, month, 15, 12))


@pytest.fixture
def programme(db) -> None:
    cache.clear()
    make_repair.programme(100_000_000)


def done(district: str = "문산읍", month: int = 5, outcome: str = "Fixed", **fields) -> Case:
    made = make_repair.done(make_repair.selected(district=make.district(district), **fields))
    Case.objects.filter(pk=made.pk).update(done_at=last_year(month))
    Device.objects.filter(case=made).update(outcome=outcome)
    return made


def rows(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_files_of_a_year_that_is_over(client: Client, programme: None) -> None:
    cases = [done() for _ in range(6)] + [done("금산면", group=Group.DISABLED, month=8) for _ in range(3)]
    cases += [done("명석면", month=5) for _ in range(7)]
    make_repair.done()  # this year: not yet
    year = last_year().year
    page = client.get("/repair/open-data/").content.decode()
    assert f"/repair/open-data/{year}.csv" in page
    for column in (*open_data.TABLE_COLUMNS, *open_data.DEVICE_COLUMNS):
        assert column in page
    answer = client.get(f"/repair/open-data/{year}.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    head, *table_rows = rows(answer.content.decode())
    assert tuple(head) == open_data.TABLE_COLUMNS
    found = {(kind, item): count for _, kind, item, count in table_rows}
    assert found["합계", "모두"] == "16"
    assert found["읍면동", "명석면"] == "7"
    assert found["읍면동", "문산읍"] == found["읍면동", "금산면"] == "가림"
    assert found["지원 대상", "장애인"] == found["지원 대상", "기초생활수급자"] == "가림"
    assert len(found) == 1 + District.objects.count() + len(GROUP_LABELS)
    head, *devices = rows(client.get(f"/repair/open-data/{year}-devices.csv").content.decode())
    assert tuple(head) == open_data.DEVICE_COLUMNS
    # Three devices in the third quarter: not shown, and as it is the only other one, neither is the second.
    assert devices == []
    everything = answer.content.decode() + page
    for case in cases:
        for words in (case.number, case.resident.name, case.resident.address):
            assert words not in everything


def test_devices_of_quarters_with_enough_of_them(programme: None) -> None:
    for _ in range(9):
        done(month=5)
    for _ in range(6):
        done(month=2, outcome="End of life")
    done(month=11)
    year = last_year().year
    shown = rows(open_data.devices_csv(year))[1:]
    assert len(shown) == 9
    assert {tuple(row) for row in shown} == {("KOR", "Desktop computer", "Fixed", "", "", f"{year}-Q2")}


def test_few_and_unfinished_years_are_not_there(client: Client, programme: None) -> None:
    for _ in range(FEW - 1):
        done()
    make_repair.done()
    year = last_year().year
    assert open_data.years() == []
    for wanted in (year, year + 1, 1999, 99999):
        assert client.get(f"/repair/open-data/{wanted}.csv").status_code == 404
        assert client.get(f"/repair/open-data/{wanted}-devices.csv").status_code == 404
    assert "아직 내놓을 자료가 없습니다" in client.get("/repair/open-data/").content.decode()
    assert client.post("/repair/open-data/").status_code == 405


def test_as_many_questions_for_thirty(client: Client, programme: None) -> None:
    asked_of = []
    for more in (5, 5, 20):
        for _ in range(more):
            done()
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            open_data.tables_csv(last_year().year)
            open_data.devices_csv(last_year().year)
        asked_of.append(len(asked))
    assert set(asked_of) == {3}
