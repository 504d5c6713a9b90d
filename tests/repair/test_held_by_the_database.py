"""What the database refuses, whoever asks and whatever Python is told to do."""

import uuid

import pytest
from django.db import Error, IntegrityError, connection, transaction

from repair.models import Case, Programme, Step
from repair.states import TRANSITIONS, State
from tests import make_repair

from .by_deeds import REACHED, Office, in_state

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def year() -> Programme:
    return make_repair.programme()


@pytest.fixture
def office() -> Office:
    return Office()


def refused_by_the_database(sql: str, *values: object, deferred: bool = False) -> str:
    with pytest.raises(Error) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        if deferred:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return str(error.value)


@pytest.mark.parametrize("before", REACHED)
def test_no_update_leaves_the_table(before: State, office: Office) -> None:
    case = in_state(before, office)
    for after in set(State) - TRANSITIONS[before] - {before}:
        said = refused_by_the_database("UPDATE repair_case SET state = %s WHERE id = %s", after, case.pk)
        assert "no case moves" in said


def test_no_move_without_a_step(office: Office) -> None:
    case = in_state(State.RECEIVED, office)
    sql = "UPDATE repair_case SET state = 'papers' WHERE id = %s"
    assert "nobody wrote it down" in refused_by_the_database(sql, case.pk, deferred=True)


def test_no_case_begins_as_selected(office: Office) -> None:
    case = in_state(State.SELECTED, office)
    case.pk, case.once, case.number = uuid.uuid4(), uuid.uuid4(), "2026-0000-0000"
    case.household_claim = None
    case.household_exception = "시험"
    for name in ("group", "helper_name", "helper_phone", "unit", "wishes", "satisfaction_words"):
        setattr(case, name, "")
    with pytest.raises(Error, match="begins as received"), transaction.atomic():
        case.save(force_insert=True)


def test_no_second_live_case_of_a_household(office: Office) -> None:
    one, two = make_repair.case(), make_repair.case()
    with pytest.raises(IntegrityError, match="one_live_case"), transaction.atomic():
        index = one.household_index
        Case.objects.filter(pk=two.pk).update(household_index=index, household_claim=index)
    # Nor by claiming nothing.
    sql = "UPDATE repair_case SET household_claim = NULL WHERE id = %s"
    assert "claims its year" in refused_by_the_database(sql, two.pk)


def test_no_refusal_by_who_proposed_it(office: Office) -> None:
    case = in_state(State.REFUSAL, office)
    wrong = {"case": case, "deed": "refused", "before": "refusal", "after": "refused", "who": "staff"}
    for by in (office.first, None):
        with pytest.raises(Error, match="a second person decides"), transaction.atomic():
            Step.objects.create(**wrong, by=by)
    objected = in_state(State.OBJECTED, office)
    wrong |= {"case": objected, "deed": "upheld", "before": "objected"}
    for by in (office.first, office.second, None):
        with pytest.raises(Error, match="a second person decides"), transaction.atomic():
            Step.objects.create(**wrong, by=by)


def test_no_sum_by_hand(year: Programme) -> None:
    for column in ("budget_won", "reserved_won", "settled_won"):
        said = refused_by_the_database(f"UPDATE repair_programme SET {column} = {column} + 1")
        assert "follow from the ledger" in said or "violates" in said


def test_nothing_that_happened_is_changed(office: Office) -> None:
    case = in_state(State.SELECTED, office)
    for table in ("step", "evidence", "budgetentry"):
        assert "append-only" in refused_by_the_database(f"DELETE FROM repair_{table}")
    said = refused_by_the_database("UPDATE repair_step SET by_id = NULL WHERE case_id = %s", case.pk)
    assert "append-only" in said
    assert "append-only" in refused_by_the_database("UPDATE repair_evidence SET answer = 'no'")
    assert "append-only" in refused_by_the_database("UPDATE repair_budgetentry SET amount_won = 1")
