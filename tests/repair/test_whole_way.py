"""A case from filing to the last step, by the real deeds; and what the money did meanwhile."""

import pytest

from people.models import Message
from privacy.models import AccessRecord, Consent
from repair import filing, visits, workflow
from repair.models import BudgetEntry, Case, Line, Step
from repair.states import NotPossible, State
from tests import make_repair as make

pytestmark = pytest.mark.django_db


def test_from_filing_to_the_end() -> None:
    year = make.programme(1_000_000)
    case = make.done(make.selected())
    assert case.state == State.DONE
    assert (case.cost_won, case.own_share_won, case.cap_won) == (90_000, 0, 200_000)
    year.refresh_from_db()
    assert (year.budget_won, year.reserved_won, year.settled_won) == (1_000_000, 0, 90_000)
    deeds = list(case.steps.values_list("deed", flat=True))
    assert deeds == ["filed", "confirmed", "selected", "took", "arrived", "finished"]
    assert [step.after for step in case.steps.all()][-1] == case.state
    told = set(Message.objects.values_list("template", flat=True))
    assert told == {"repair_filed", "repair_selected", "repair_done"}
    noted = case.evidence.count() + Line.objects.filter(visit__case=case).count()
    records = AccessRecord.objects.filter(subjects__contains=[f"repair.case:{case.pk}"])
    assert records.count() == len(deeds) + noted
    assert Consent.objects.filter(subject=f"people.resident:{case.resident_id}", agreed=True).count() == 2


def test_beyond_the_cap_the_household_agrees_first() -> None:
    make.programme()
    visit = make.visit(make.selected())
    make.lines(visit, ["점검", "SSD 256GB", "그래픽 카드"])
    by = make.technician_actor(visit.technician)
    outcomes = {device.pk: ("Fixed", "") for device in visit.case.devices.all()}
    with pytest.raises(NotPossible, match="40,000원"):
        visits.finish(visit.pk, by, outcomes, "예시 가족")
    visits.ask_consent(visit.pk, by)
    visits.answer_consent(visit.pk, by, agreed=True, name="예시 가족")
    visits.finish(visit.pk, by, outcomes, "예시 가족")
    case = Case.objects.get(pk=visit.case_id)
    assert (case.cost_won, case.own_share_won) == (200_000, 40_000)
    assert BudgetEntry.objects.filter(kind="settled").get().amount_won == 200_000


def test_an_organisations_cap_is_each_devices() -> None:
    make.programme()
    devices = [filing.DeviceFiled("desktop", "slow"), filing.DeviceFiled("laptop", "slow")]
    visit = make.visit(make.selected(organisation="예시 복지관", group="organisation", devices=devices))
    make.lines(visit, ["그래픽 카드", "그래픽 카드"])  # 300,000 won, on one of the two
    money = visits.sums(visit)
    assert (money.cap, money.total, money.city, money.own) == (400_000, 300_000, 200_000, 100_000)
    assert money.needs_agreement


def test_withdrawing_frees_the_money_and_the_household() -> None:
    year = make.programme(200_000)
    case = make.selected(address="진주시 문산읍 동부로 7")
    workflow.withdraw(case.pk, make.CITIZEN)
    year.refresh_from_db()
    assert (year.reserved_won, year.left_won) == (0, 200_000)
    again = make.case(address="경남 진주시 문산읍 동부로7")
    assert again.household_index == case.household_index
    assert Step.objects.filter(case=case).last().deed == "withdrew"
