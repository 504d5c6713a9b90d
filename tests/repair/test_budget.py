"""The year's money at the office: reserved by selection, in the order of filing, free again when somebody withdraws."""

import pytest
from django.utils import timezone

from people.models import Message, User
from repair import budget, waiting_line, workflow
from repair.budget import BudgetSpent
from repair.filing import DeviceFiled
from repair.groups import Group
from repair.models import BudgetEntry, Case, Device, Programme
from repair.states import NotPossible, State
from tests import make, make_repair

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk() -> User:
    return make.clerk()


def sums(year: Programme) -> tuple[int, int, int]:
    year.refresh_from_db()
    return year.budget_won, year.reserved_won, year.settled_won


def test_the_last_money_is_reserved_and_no_more(clerk: User) -> None:
    year = make_repair.programme(300_000)
    make_repair.selected(clerk)
    assert sums(year) == (300_000, 200_000, 0)
    case = make_repair.confirmed(clerk)
    with pytest.raises(BudgetSpent, match="100,000원 남아 200,000원을 묶을 수 없습니다"):
        workflow.select(case.pk, make_repair.staff(clerk))
    case.refresh_from_db()
    assert (case.state, case.cap_won, case.deadline_on) == (State.CONFIRMED, None, None)
    assert sums(year) == (300_000, 200_000, 0)
    assert BudgetEntry.objects.filter(kind="reserved").count() == 1


def test_selected_twice_reserves_once(clerk: User) -> None:
    year = make_repair.programme(1_000_000)
    case = make_repair.selected(clerk)
    with pytest.raises(NotPossible):
        workflow.select(case.pk, make_repair.staff(clerk))
    visit = make_repair.visit(Case.objects.get(pk=case.pk))
    with pytest.raises(NotPossible):
        workflow.select(visit.case_id, make_repair.staff(clerk))
    assert sums(year) == (1_000_000, 200_000, 0)


def test_who_waits_is_selected_in_the_order_of_filing(clerk: User) -> None:
    by = make_repair.staff(clerk)
    year = make_repair.programme(200_000)
    holds = make_repair.selected(clerk)
    first, second, third = (make_repair.confirmed(clerk) for _ in range(3))
    waiting_line.put_in_order(second.pk, by)
    waiting_line.put_in_order(first.pk, by)
    assert Message.objects.filter(template="repair_waiting").count() == 2
    with pytest.raises(BudgetSpent):
        workflow.select(first.pk, by)
    workflow.withdraw(holds.pk, make_repair.CITIZEN)
    assert sums(year) == (200_000, 0, 0)
    for too_early in (second, third):
        with pytest.raises(NotPossible, match=first.number):
            workflow.select(too_early.pk, by)
    assert workflow.select(first.pk, by).state == State.SELECTED
    with pytest.raises(BudgetSpent):  # nobody could be paid: it is not because of anybody else
        workflow.select(third.pk, by)
    budget.change_budget(year.pk, 400_000, "추가경정예산", make_repair.repair_officer())
    assert workflow.select(second.pk, by).state == State.SELECTED
    assert workflow.select(third.pk, by).state == State.SELECTED
    assert sums(year) == (600_000, 600_000, 0)


def test_who_filed_before_those_who_wait_need_not_wait_for_them(clerk: User) -> None:
    by = make_repair.staff(clerk)
    make_repair.programme(1_000_000)
    early = make_repair.confirmed(clerk)
    late = make_repair.confirmed(clerk)
    waiting_line.put_in_order(late.pk, by)
    assert workflow.select(early.pk, by).state == State.SELECTED


def test_an_organisation_reserves_for_each_device(clerk: User) -> None:
    year = make_repair.programme(1_000_000)
    devices = [DeviceFiled(Device.Kind.DESKTOP, Device.Trouble.SLOW) for _ in range(3)]
    case = make_repair.selected(clerk, organisation="예시 복지관", group=Group.ORGANISATION, devices=devices)
    assert case.cap_won == 600_000
    assert case.household_claim is None
    assert sums(year) == (1_000_000, 600_000, 0)


def test_the_rule_of_the_day_of_selection_counts(clerk: User) -> None:
    year = make_repair.programme(1_000_000)
    case = make_repair.confirmed(clerk)
    make_repair.rule(year, cap_won=150_000, valid_from=timezone.localdate())
    case = workflow.select(case.pk, make_repair.staff(clerk))
    assert (case.cap_won, case.rule.cap_won) == (150_000, 150_000)
    make_repair.rule(year, cap_won=100_000, valid_from=timezone.localdate())
    assert Case.objects.get(pk=case.pk).cap_won == 150_000


def test_what_a_repair_leaves_is_free_again(clerk: User) -> None:
    year = make_repair.programme(400_000)
    make_repair.done(make_repair.selected(clerk), ["점검"])
    assert sums(year) == (400_000, 0, 30_000)


def test_a_budget_is_cut_only_by_what_is_free(clerk: User) -> None:
    year = make_repair.programme(300_000)
    make_repair.selected(clerk)
    officer = make_repair.repair_officer()
    with pytest.raises(BudgetSpent, match="100,000원"):
        budget.change_budget(year.pk, -100_001, "감액", officer)
    budget.change_budget(year.pk, -100_000, "감액", officer)
    assert sums(year) == (200_000, 200_000, 0)
