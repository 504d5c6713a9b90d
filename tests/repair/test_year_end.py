"""The line for money: in order of filing, blocked by nobody who needs more than is left; nobody is lost at its end."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from people.models import Message, User
from repair import budget, filing, waiting_line, workflow, year_end, years
from repair.groups import Group
from repair.models import Case, Device, Programme
from repair.states import NotPossible, State
from tests import make, make_repair

pytestmark = pytest.mark.django_db
WAIT = Programme.WhenSpent.WAIT
CAP = 200_000


@pytest.fixture
def programme() -> Programme:
    return make_repair.programme(CAP)


@pytest.fixture
def officer(programme: Programme) -> User:
    return make_repair.repair_officer()


def waits(officer: User, computers: int = 1, **fields: object) -> Case:
    if computers > 1:
        device = filing.DeviceFiled(Device.Kind.DESKTOP, Device.Trouble.SLOW)
        fields |= {
            "organisation": "예시 복지관",
            "group": Group.ORGANISATION,
            "devices": [device] * computers,
        }
    made = make_repair.confirmed(officer, **fields)
    return waiting_line.put_in_order(made.pk, make_repair.staff(officer))


def next_year(programme: Programme, officer: User) -> Programme:
    year = programme.year + 1
    return years.open_year(year, date(year, 1, 2), date(year, 12, 31), WAIT, officer, like=programme)


def test_whom_the_rest_is_not_enough_for_blocks_nobody_and_keeps_their_place(
    client: Client, programme: Programme, officer: User
) -> None:
    by = make_repair.staff(officer)
    large, small, last = waits(officer, computers=3), waits(officer), waits(officer)
    with pytest.raises(budget.BudgetSpent):
        workflow.select(large.pk, by)
    with pytest.raises(NotPossible, match=small.number):
        workflow.select(last.pk, by)
    make.signed_in(client, officer)
    assert "뒤에 접수한 작은 신청이 먼저" in client.get(f"/repair/desk/{large.pk}/").content.decode()
    selected = workflow.select(small.pk, by)
    assert large.number in (selected.steps.last().why or "")
    assert Case.objects.get(pk=large.pk).state == State.WAITING
    budget.change_budget(programme.year, 3 * CAP, "추가경정예산", officer)
    with pytest.raises(NotPossible, match=large.number):  # now there is enough: first in line again
        workflow.select(last.pk, by)
    assert workflow.select(large.pk, by).cap_won == 3 * CAP


def test_opening_the_next_year_asks_what_becomes_of_those_who_wait(
    client: Client, programme: Programme, officer: User
) -> None:
    waits(officer)
    make.signed_in(client, officer)
    year = programme.year + 1
    assert "기다리는 신청이 1건" not in client.get("/repair/city/").content.decode()
    sent = {"year": year, "opens_on": f"{year}-01-02", "closes_on": f"{year}-12-31", "when_spent": "wait"}
    answer = client.post("/repair/city/years/new/", {**sent, "copies": "on"})
    assert answer["Location"] == f"/repair/city/{programme.year}/waiting/"
    assert f"{year}년 사업으로 넘기기" in client.get(answer["Location"]).content.decode()
    assert client.post(answer["Location"], {}).status_code == 422
    assert "기다리는 신청이 1건" in client.get("/repair/city/").content.decode()  # later, and not forgotten
    assert client.post(answer["Location"], {"what": "carry"}).status_code == 302
    assert "기다리는 신청이 1건" not in client.get("/repair/city/").content.decode()


def test_they_go_on_in_their_order_by_the_new_rule_and_are_told(programme: Programme, officer: User) -> None:
    by = make_repair.staff(officer)
    first, second = waits(officer), waits(officer, computers=2)
    looked_at = make_repair.case()
    to = next_year(programme, officer)
    assert year_end.left_behind(timezone.localdate()) == [(programme.year, 2)]
    assert year_end.carry_over(programme, by) == year_end.Carried(2, [])
    assert list(year_end.waiting(to)) == [first, second]
    for case in (first, second):
        case.refresh_from_db()
        assert (case.programme, case.rule.programme, case.state) == (to, to, State.WAITING)
    assert (first.household_claim, second.household_claim) == (first.household_index, None)
    assert Case.objects.get(pk=looked_at.pk).programme == programme
    assert Message.objects.filter(template="repair_carried").count() == 2
    assert year_end.carry_over(programme, by, with_undecided=True) == year_end.Carried(1, [])
    assert Message.objects.filter(template="repair_carried").count() == 2  # that one knows of no line
    assert year_end.left_behind(timezone.localdate()) == []


def test_nobody_is_selected_before_the_new_year_begins(
    client: Client, programme: Programme, officer: User
) -> None:
    by = make_repair.staff(officer)
    case = waits(officer)
    to = next_year(programme, officer)
    budget.change_budget(to.year, CAP, "본예산", officer)
    year_end.carry_over(programme, by)
    with pytest.raises(NotPossible, match="시작하는"):
        workflow.select(case.pk, by)
    make.signed_in(client, officer)
    assert "1월 2일" in client.get(f"/repair/desk/{case.pk}/").content.decode()
    Programme.objects.filter(pk=programme.pk).update(closes_on=timezone.localdate() - timedelta(days=1))
    Programme.objects.filter(pk=to.pk).update(opens_on=timezone.localdate())
    assert workflow.select(case.pk, by).state == State.SELECTED
    to.refresh_from_db()
    assert to.reserved_won == CAP


def test_a_household_that_filed_again_already_stays_and_is_named(programme: Programme, officer: User) -> None:
    address = {"address": "경상남도 진주시 문산읍 동부로 9901", "unit": "1호"}
    case = waits(officer, **address)
    to = next_year(programme, officer)
    other = make_repair.case()
    Case.objects.filter(pk=other.pk).update(
        programme=to, household_index=case.household_index, household_claim=case.household_index
    )
    carried = year_end.carry_over(programme, make_repair.staff(officer))
    assert carried == year_end.Carried(0, [case.number])
    assert Case.objects.get(pk=case.pk).programme == programme
    assert year_end.left_behind(timezone.localdate()) == [(programme.year, 1)]


def test_or_they_end_by_a_second_person_and_are_told(
    client: Client, programme: Programme, officer: User
) -> None:
    case = waits(officer)
    with pytest.raises(NotPossible, match="사업연도가 아직 없습니다"):
        year_end.carry_over(programme, make_repair.staff(officer))
    make.signed_in(client, officer)
    page = f"/repair/city/{programme.year}/waiting/"
    assert client.post(page, {"what": "carry"}).status_code == 422  # there is no year to carry it to
    assert client.post(page, {"what": "end"}).status_code == 302
    assert Case.objects.get(pk=case.pk).state == State.REFUSAL
    refused = workflow.refuse(case.pk, make_repair.staff(make.clerk()))
    assert refused.state == State.REFUSED
    assert "예산을 모두 써서" in (refused.steps.last().why or "")
    assert Message.objects.filter(template="repair_refused").count() == 1
