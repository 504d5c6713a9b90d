"""What a selection rests on: evidence of what the case says now, the rule in force, and somebody who repairs."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from people.models import User
from repair import corrections, workflow
from repair.corrections import Corrected
from repair.groups import Group
from repair.models import Case, Evidence, Programme
from repair.states import NotPossible, State
from tests import make, make_repair

pytestmark = pytest.mark.django_db
ELSEWHERE = "경상남도 진주시 문산읍 동부로 987"


@pytest.fixture(autouse=True)
def year() -> Programme:
    return make_repair.programme()


@pytest.fixture
def clerk() -> User:
    return make.clerk()


def at(address: str) -> Corrected:
    return Corrected(wishes="", helper_name="", helper_phone="", tells="applicant", address=address, unit="")


def see(case: Case, clerk: User, about: str) -> None:
    by = make_repair.staff(clerk)
    workflow.note_evidence(case.pk, by, about, Evidence.Way.SEEN, Evidence.Answer.YES, "증명서를 봄")


def test_another_group_after_the_confirmation_must_be_shown_first(client: Client, clerk: User) -> None:
    case, by = make_repair.confirmed(clerk), make_repair.staff(clerk)
    corrections.name_group(case.pk, by, Group.VETERAN)
    with pytest.raises(NotPossible, match="지원 대상의 근거"):
        workflow.select(case.pk, by)
    make.signed_in(client, clerk)
    page = client.get(f"/repair/desk/{case.pk}/").content.decode()
    assert "선정하려면 지원 대상의 근거가" in page
    assert f"/repair/desk/{case.pk}/select/" not in page
    see(case, clerk, Evidence.About.GROUP)
    assert workflow.select(case.pk, by).state == State.SELECTED


def test_the_same_group_again_takes_no_evidence_away(clerk: User) -> None:
    case, by = make_repair.confirmed(clerk), make_repair.staff(clerk)
    corrections.name_group(case.pk, by, Group.BASIC_LIVING)
    assert workflow.select(case.pk, by).state == State.SELECTED


def test_an_office_corrects_a_confirmed_address_and_looks_again(clerk: User) -> None:
    case, by = make_repair.confirmed(clerk), make_repair.staff(clerk)
    before = case.household_index
    case = corrections.correct(case.pk, by, at(ELSEWHERE))
    assert case.resident.address == ELSEWHERE
    assert case.household_claim == case.household_index != before
    with pytest.raises(NotPossible, match="진주시 거주의 근거"):
        workflow.select(case.pk, by)
    see(case, clerk, Evidence.About.RESIDENCE)
    assert workflow.select(case.pk, by).state == State.SELECTED
    # The technician must find it, also if the mistake is seen only now.
    assert corrections.correct(case.pk, by, at(f"{ELSEWHERE}-1")).resident.address == f"{ELSEWHERE}-1"
    with pytest.raises(NotPossible, match="주소를 이미 확인"):
        corrections.correct(case.pk, make_repair.CITIZEN, at(ELSEWHERE))


@pytest.mark.parametrize("inactive", [True, False])
def test_nobody_is_promised_a_visit_for_which_nobody_could_come(
    client: Client, year: Programme, clerk: User, *, inactive: bool
) -> None:
    case = make_repair.confirmed(clerk)
    assert year.contractor
    if inactive:
        year.contractor.is_active = False
        year.contractor.save()
    else:
        Programme.objects.update(contractor=None)
        make.signed_in(client, clerk)
        assert "수리 업체가 없어" in client.get(f"/repair/desk/{case.pk}/").content.decode()
    with pytest.raises(NotPossible, match="수리 업체"):
        workflow.select(case.pk, make_repair.staff(clerk))
    case.refresh_from_db()
    year.refresh_from_db()
    assert (case.state, year.reserved_won) == (State.CONFIRMED, 0)


def test_filed_without_a_limit_and_selected_with_one(year: Programme, clerk: User) -> None:
    """The rule of the day of selection counts: the household claims its year then, and a second one finds it taken."""
    today = timezone.localdate()
    make_repair.rule(year, once_a_year=False, valid_from=today - timedelta(days=1))
    one, two = (make_repair.confirmed(clerk, address=ELSEWHERE) for _ in range(2))
    assert one.household_claim is None
    make_repair.rule(year, once_a_year=True, valid_from=today)
    by = make_repair.staff(clerk)
    assert workflow.select(one.pk, by).household_claim == one.household_index
    with pytest.raises(NotPossible, match="한 해 한 번"):
        workflow.select(two.pk, by)
    workflow.make_exception(two.pk, by, "한 집에 세대가 둘입니다.")
    assert workflow.select(two.pk, by).state == State.SELECTED
