"""통계: adds up what the rows say, and the rows say what the cases are."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from people.models import HolidayOverride
from repair import pauses, workflow
from repair.figures import CaseRow, DeviceRow, case_rows, figures, of_year, working_days
from repair.groups import Group
from repair.models import Device
from repair.states import State
from tests import make, make_repair

MONDAY = date(2026, 3, 9)


def row(**fields) -> CaseRow:
    given = {
        "state": State.SETTLED,
        "group": Group.DISABLED,
        "district": "문산읍",
        "selected_on": MONDAY,
        "deadline_on": MONDAY + timedelta(days=3),
        "arrived_on": MONDAY + timedelta(days=2),
        "cost_won": 90_000,
        "own_share_won": 0,
        "satisfaction": None,
    }
    return CaseRow(**{**given, **fields})


def days(one: date, other: date) -> int:
    return (other - one).days


def test_sums_and_counts() -> None:
    said = figures(
        [
            row(satisfaction=5),
            row(
                arrived_on=MONDAY + timedelta(days=4), cost_won=200_000, own_share_won=40_000, satisfaction=2
            ),
            row(state=State.REFUSED, selected_on=None, deadline_on=None, arrived_on=None, cost_won=None),
            row(state=State.WITHDRAWN, arrived_on=None, cost_won=None, district="금산면"),
            row(state=State.SELECTED, arrived_on=None, cost_won=None, group=Group.VETERAN),
            row(state=State.SELECTED, arrived_on=None, cost_won=None, is_paused=True),
            row(
                state=State.RECEIVED,
                selected_on=None,
                deadline_on=None,
                arrived_on=None,
                cost_won=None,
                group="",
            ),
        ],
        [DeviceRow("laptop", "Fixed", ""), DeviceRow("desktop", "End of life", "Spare parts too expensive")],
        days,
        MONDAY + timedelta(days=30),
    )
    assert (said.filed, said.finished, said.refused, said.withdrawn) == (7, 2, 1, 1)
    assert (said.spent_won, said.own_share_won, said.mean_won) == (290_000, 40_000, 145_000)
    assert (said.in_time, said.late, said.in_time_share) == (1, 2, "33 %")
    assert (said.median_days, said.mean_points) == (3, 3.5)
    assert [(one.label, one.count, one.won) for one in said.groups] == [
        ("장애인", 5, 290_000),
        ("국가보훈대상자", 1, 0),
        ("모름 (확인 전이거나 지움)", 1, 0),
    ]
    assert [(one.label, one.count) for one in said.districts] == [("문산읍", 6), ("금산면", 1)]
    assert [one.count for one in said.outcomes] == [1, 0, 1]
    assert sum(one.count for one in said.barriers) == 1
    assert [one.count for one in said.days] == [0, 0, 1, 0, 1]
    assert [one.count for one in said.points] == [1, 0, 0, 1, 0]


def test_of_nothing_nothing_is_said() -> None:
    said = figures([], [], days, MONDAY)
    assert (said.filed, said.in_time_share, said.median_days, said.mean_points, said.mean_won) == (
        0,
        "",
        None,
        None,
        0,
    )
    assert said.days == said.points == []


@pytest.mark.django_db
def test_working_days_know_weekends_holidays_and_the_citys_word() -> None:
    HolidayOverride.objects.create(date=date(2026, 3, 11), name="임시공휴일")
    between = working_days(date(2026, 2, 27), date(2026, 3, 20))
    assert between(MONDAY, MONDAY) == 0
    assert between(MONDAY, date(2026, 3, 13)) == 3  # without Wednesday
    assert between(date(2026, 3, 13), date(2026, 3, 16)) == 1
    assert (
        between(date(2026, 2, 27), date(2026, 3, 3)) == 1
    )  # 3·1절 falls on a Sunday: Monday is its substitute


@pytest.mark.django_db
def test_of_real_cases(django_assert_num_queries) -> None:
    programme = make_repair.programme()
    finished = make_repair.done(make_repair.selected(group=Group.VETERAN))
    workflow.rate(finished.pk, make_repair.CITIZEN, 4)
    make_repair.refused()
    with make_repair.days_ago(20):
        late, paused = make_repair.selected(), make_repair.selected()
        pauses.pause(paused.pk, make_repair.staff(make.clerk()), "입원")
    assert late.is_late
    with django_assert_num_queries(3):
        said = of_year(programme.year)
    assert (said.filed, said.finished, said.refused, said.in_time, said.late) == (4, 1, 1, 1, 1)
    assert (said.spent_won, said.mean_points, said.median_days) == (90_000, 4, 0)
    assert said.groups[0].label == "기초생활수급자"
    assert {one.group for one in case_rows(programme.year)} == {Group.VETERAN, Group.BASIC_LIVING}
    assert [one.count for one in said.outcomes] == [Device.objects.filter(outcome="Fixed").count(), 0, 0]
    assert of_year(programme.year - 1).filed == 0


@pytest.mark.django_db
def test_the_page_names_nobody(client: Client) -> None:
    programme = make_repair.programme()
    case = make_repair.done()
    make.signed_in(client, make_repair.repair_officer())
    page = client.get("/repair/city/figures/").content.decode()
    assert "90,000원" in page
    assert "기초생활수급자" in page
    for words in (case.number, case.resident.name, case.resident.address):
        assert words not in page
    assert client.get(f"/repair/city/figures/?year={programme.year - 5}").status_code == 200
    assert timezone.localdate().year == programme.year
