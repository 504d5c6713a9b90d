"""A contractor drops out in the middle of the year: what is selected goes to another, by the day that was promised."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from people.models import Message, User
from repair import technicians, visits
from repair.models import Case, Contractor, Step, Visit
from repair.states import NotPossible
from tests import make, make_repair

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    make_repair.programme()
    return make_repair.repair_officer()


@pytest.fixture
def other(officer: User) -> Contractor:
    return Contractor.objects.create(name="시험 새 업체", phone="010-9999-5002")


@pytest.fixture
def case(officer: User) -> Case:
    made = make_repair.selected(officer)
    assert made.contractor
    Contractor.objects.filter(pk=made.contractor_id).update(phone="010-9999-5001")
    return made


def press(client: Client, case: Case, to: Contractor, why: str = "계약을 그만둠") -> int:
    return client.post(f"/repair/desk/{case.pk}/contractor/", {"to": to.pk, "words": why}).status_code


def test_the_officer_hands_it_to_another_and_all_are_told(
    client: Client, case: Case, other: Contractor, officer: User
) -> None:
    make.signed_in(client, officer)
    assert "수리 업체 바꾸기" in client.get(f"/repair/desk/{case.pk}/").content.decode()
    assert press(client, case, other, why="") == 422
    assert press(client, case, other) == 302
    changed = Case.objects.get(pk=case.pk)
    assert (changed.contractor, changed.deadline_on, changed.due_on, changed.cap_won) == (
        other,
        case.deadline_on,
        case.due_on,
        case.cap_won,
    )
    step = Step.objects.get(deed="changed_contractor")
    assert (step.by, step.why) == (officer, "계약을 그만둠")
    told = {message.template: message.to for message in Message.objects.all()}
    assert told["repair_taken_away"].endswith("99995001")
    assert told["repair_handed"].endswith("99995002")
    assert told["repair_contractor"] == case.resident.phone
    assert press(client, case, other) == 422  # it is theirs already: not on the list any more


def test_a_visit_that_somebody_took_is_free_for_the_new_one(
    case: Case, other: Contractor, officer: User
) -> None:
    visit = make_repair.visit(case, arrived=False)
    by = make_repair.technician_actor(visit.technician)
    visits.plan(visit.pk, by, timezone.now() + timedelta(days=1))
    technicians.change_contractor(case.pk, make_repair.staff(officer), other, "계약을 그만둠")
    visit.refresh_from_db()
    assert visit.end == Visit.End.GIVEN_BACK
    assert Message.objects.filter(template="repair_unplanned").exists()
    with pytest.raises(NotPossible):
        visits.take(case.pk, by)
    new = make_repair.technician(other)
    assert visits.take(case.pk, make_repair.technician_actor(new)).technician == new


def test_only_the_officer_and_only_while_a_visit_is_owed(
    client: Client, case: Case, other: Contractor, officer: User
) -> None:
    clerk = make.clerk()
    make.signed_in(client, clerk)
    assert "수리 업체 바꾸기" not in client.get(f"/repair/desk/{case.pk}/").content.decode()
    assert press(client, case, other) == 409
    idle = Contractor.objects.create(name="시험 쉬는 업체", is_active=False)
    for to, words in ((case.contractor, "이미"), (idle, "쓰지 않는")):
        with pytest.raises(NotPossible, match=words):
            technicians.change_contractor(case.pk, make_repair.staff(officer), to, "잘못 누름")
    make_repair.visit(Case.objects.get(pk=case.pk))
    with pytest.raises(NotPossible, match="수리 중"):
        technicians.change_contractor(case.pk, make_repair.staff(officer), other, "수리하는 중에")
    assert Case.objects.get(pk=case.pk).contractor == case.contractor
