"""Rules that hold when many press at the same moment, over real connections."""

import time
import uuid
from threading import Thread

import pytest
from django.db import connection, transaction
from django.test import Client

from repair import budget, filing, workflow
from repair.models import BudgetEntry, Case, Draft, Programme
from repair.states import NotPossible, State
from tests import make, make_repair

from .at_once import MOST, all_at_once

pytestmark = pytest.mark.django_db(transaction=True)

#: The same household, as 64 people might write it.
WAYS = [
    "경상남도 진주시 문산읍 동부로 12",
    "경남 진주시 문산읍 동부로12",
    "진주시 동부로 12",
    "문산읍 동부로 12",
]


def test_64_clients_file_for_one_household() -> None:
    make_repair.programme()
    asked = [
        make_repair.filed(address=WAYS[n % len(WAYS)], unit=("101동 202호", "101-202")[n % 2])
        for n in range(MOST)
    ]
    answers = all_at_once(
        [lambda one=one: filing.file(one, make_repair.CITIZEN, once=uuid.uuid4()) for one in asked]
    )
    filed = [answer for answer in answers if isinstance(answer, Case)]
    told = [answer for answer in answers if isinstance(answer, filing.AlreadyFiled)]
    assert (len(filed), len(told)) == (1, MOST - 1)
    assert Case.objects.get().pk == filed[0].pk
    assert {error.case.pk for error in told if error.case} <= {filed[0].pk}


def test_one_draft_pressed_64_times_is_filed_once() -> None:
    make_repair.programme()
    draft = Draft.objects.create(phone_index="x" * 64)
    filed = make_repair.filed()
    answers = all_at_once(
        [lambda: filing.file(filed, make_repair.CITIZEN, once=draft.pk, draft=draft) for _ in range(MOST)]
    )
    assert {answer.pk for answer in answers} == {Case.objects.get().pk}
    assert not Draft.objects.exists()


def test_64_decisions_on_the_last_money() -> None:
    """Each reserves 200,000 won; there are 200,000."""
    year = make_repair.programme(200_000)
    by = make.clerk()
    cases = [make_repair.confirmed(by) for _ in range(MOST)]
    answers = all_at_once([lambda c=case: workflow.select(c.pk, make_repair.staff(by)) for case in cases])
    selected = [answer for answer in answers if isinstance(answer, Case)]
    spent = [answer for answer in answers if isinstance(answer, budget.BudgetSpent)]
    assert (len(selected), len(spent)) == (1, MOST - 1)
    year.refresh_from_db()
    assert (year.reserved_won, year.left_won) == (200_000, 0)
    assert Case.objects.filter(state=State.SELECTED).count() == 1
    assert BudgetEntry.objects.filter(kind="reserved").count() == 1


def test_64_decisions_on_one_case() -> None:
    year = make_repair.programme()
    by = make.clerk()
    case = make_repair.confirmed(by)
    answers = all_at_once([lambda: workflow.select(case.pk, make_repair.staff(by)) for _ in range(MOST)])
    assert sum(isinstance(answer, Case) for answer in answers) == 1
    assert sum(isinstance(answer, NotPossible) for answer in answers) == MOST - 1
    year.refresh_from_db()
    assert year.reserved_won == 200_000


def test_selecting_withdrawing_and_cutting_the_budget_at_once() -> None:
    """Whatever comes first, the sums stay those of the ledger and never go below nothing."""
    year = make_repair.programme(1_000_000)
    by, officer = make.clerk(), make_repair.repair_officer()
    cases = [make_repair.confirmed(by) for _ in range(20)]
    deeds = [lambda c=case: workflow.select(c.pk, make_repair.staff(by)) for case in cases]
    deeds += [lambda c=case: workflow.withdraw(c.pk, make_repair.CITIZEN) for case in cases]
    deeds += [lambda: budget.change_budget(year.year, -100_000, "시험", officer) for _ in range(20)]
    all_at_once(deeds)
    year.refresh_from_db()
    running = Case.objects.filter(state=State.SELECTED).count()
    assert year.reserved_won == running * 200_000
    assert 0 <= year.reserved_won + year.settled_won <= year.budget_won
    assert_sums(year)


def assert_sums(year: Programme) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT coalesce(sum(amount_won) FILTER (WHERE kind = 'granted'), 0)
                    - coalesce(sum(amount_won) FILTER (WHERE kind = 'cut'), 0),
                      coalesce(sum(amount_won) FILTER (WHERE kind = 'reserved'), 0)
                    - coalesce(sum(amount_won) FILTER (WHERE kind = 'released'), 0),
                      coalesce(sum(amount_won) FILTER (WHERE kind = 'settled'), 0)
               FROM repair_budgetentry WHERE programme_id = %s""",
            [year.pk],
        )
        assert cursor.fetchone() == (year.budget_won, year.reserved_won, year.settled_won)


@pytest.mark.parametrize("first", [1, 2])
def test_what_the_database_refuses_when_the_sums_are_asked_wrong(first: int) -> None:
    from django.db import IntegrityError, transaction

    year = make_repair.programme(100_000 * first)
    case = make_repair.case()
    with pytest.raises(IntegrityError, match="within_the_budget"), transaction.atomic():
        BudgetEntry.objects.create(
            programme=year, case=case, kind="reserved", amount_won=100_000 * first + 1, why="시험"
        )
    with pytest.raises(IntegrityError, match="only what was reserved"), transaction.atomic():
        BudgetEntry.objects.create(programme=year, case=case, kind="released", amount_won=1, why="시험")
    year.refresh_from_db()
    assert_sums(year)


def test_what_went_to_another_district_while_a_clerk_pressed_is_not_theirs_to_do() -> None:
    """The clerk's page has asked whose it is; then somebody hands it on, and only then it gets the row."""
    make_repair.programme()
    clerk, case = make.clerk(make.district("문산읍")), make_repair.case()
    client = make.signed_in(Client(), clerk)
    told: list[str] = []

    def press() -> None:
        address = f"/repair/desk/{case.pk}/propose-refusal/"
        answer = client.post(address, {"words": "대상이 아닙니다."}, follow=True)
        told.append(answer.content.decode())
        connection.close()

    pressing = Thread(target=press)
    with transaction.atomic():
        workflow.move_district(case.pk, make_repair.staff(clerk), make.district("금산면"), "그곳에 사심")
        pressing.start()
        until_somebody_waits()
    pressing.join(30)
    assert "그 사이에 이 신청이 다른 읍면동으로 넘어갔습니다" in told[0]
    case.refresh_from_db()
    assert (case.state, case.district.name) == (State.RECEIVED, "금산면")


def until_somebody_waits() -> None:
    """For the row that this transaction holds."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    until = time.monotonic() + 20
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # else all looks see what the first one saw
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
            time.sleep(0.02)
    raise AssertionError("nobody waits for the row")
