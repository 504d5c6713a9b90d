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


@pytest.mark.parametrize(
    "change",
    ["cap_won = 300000", "promised_on = promised_on + 1", "selected_on = selected_on - 1", "cap_won = NULL"],
)
def test_a_decision_stays_as_it_was_made(office: Office, change: str) -> None:
    case = in_state(State.SELECTED, office)
    said = refused_by_the_database(f"UPDATE repair_case SET {change} WHERE id = %s", case.pk)
    assert "was decided already" in said
    # What a holiday or a pause moves is the deadline; the promise stays beside it.
    Case.objects.filter(pk=case.pk).update(deadline_on=case.promised_on)


def test_a_later_rule_does_not_reach_what_was_decided(office: Office, year: Programme) -> None:
    case = in_state(State.SELECTED, office)
    later = make_repair.rule(year, cap_won=500_000)
    assert "was decided already" in refused_by_the_database(
        "UPDATE repair_case SET rule_id = %s WHERE id = %s", later.pk, case.pk
    )


def test_what_it_cost_stays(office: Office) -> None:
    case = in_state(State.DONE, office)
    for change in ("cost_won = 1", "own_share_won = 1"):
        assert "is done" in refused_by_the_database(f"UPDATE repair_case SET {change} WHERE id = %s", case.pk)


def test_the_ledger_says_what_the_case_says(office: Office, year: Programme) -> None:
    case = in_state(State.SELECTED, office)
    entry = "INSERT INTO repair_budgetentry (programme_id, case_id, kind, amount_won, why, at)"
    entry += " VALUES (%s, %s, %s, %s, '', now())"
    for kind, won, words in (
        ("reserved", 200_000, "a_case_is_reserved_once"),
        ("released", 100_000, "only what was reserved"),
        ("released", 200_001, "only what was reserved"),
    ):
        assert words in refused_by_the_database(entry, year.pk, case.pk, kind, won)
    finished = in_state(State.DONE, office)
    for kind in ("released", "settled"):
        assert f"a_case_is_{kind}_once" in refused_by_the_database(entry, year.pk, finished.pk, kind, 200_000)


def test_no_case_is_done_for_another_sum_than_was_spent(office: Office) -> None:
    case = in_state(State.REPAIRING, office)
    step = Step(case=case, deed="finished", before="repairing", after="done", who="technician", why="")
    with pytest.raises(Error, match="the ledger disagree"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(state="done", cost_won=1, done_at=case.filed_at)
        step.save()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
