"""A technician's deeds at the same moment, over real connections: one wins, and money is spent once."""

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from people.models import User
from repair import visits, workflow
from repair.models import Case, Line, PriceItem, Visit
from repair.states import NotPossible, State
from tests import make_repair as make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def year() -> Any:
    return make.programme()


@pytest.fixture
def tech(year) -> User:
    return make.technician(year.contractor)


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """What each returned or raised, begun together."""
    start, answers = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(n: int) -> None:
        start.wait(10)
        try:
            answers[n] = deeds[n]()
        except Exception as error:
            answers[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(deeds))]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    return answers


def test_two_who_take_it_at_the_same_moment(year) -> None:
    case = make.selected()
    actors = [make.technician_actor(make.technician(year.contractor)) for _ in range(8)]
    answers = at_once(*[lambda by=by: visits.take(case.pk, by) for by in actors])
    assert sum(isinstance(answer, Visit) for answer in answers) == 1
    assert sum(isinstance(answer, NotPossible) for answer in answers) == 7
    assert Visit.objects.count() == 1


def test_finished_twice_is_paid_once(tech: User, year) -> None:
    visit = make.visit(by=tech)
    make.lines(visit)
    by, outcomes = make.technician_actor(tech), {visit.case.devices.get().pk: ("Fixed", "")}
    answers = at_once(*[lambda: visits.finish(visit.pk, by, outcomes, "예시 가족")] * 6)
    assert sum(isinstance(answer, Visit) for answer in answers) == 1
    assert sum(isinstance(answer, Visit.DoesNotExist) for answer in answers) == 5
    year.refresh_from_db()
    assert (year.reserved_won, year.settled_won) == (0, 30_000)


def test_withdrawn_while_somebody_arrives_or_finishes(tech: User, year) -> None:
    """Whoever is second is told; the money is released or stays reserved, never both."""
    for _ in range(6):
        visit = make.visit(by=tech, arrived=False)
        by = make.technician_actor(tech)
        came, left = at_once(
            lambda visit=visit, by=by: visits.arrive(visit.pk, by),
            lambda visit=visit: workflow.withdraw(visit.case_id, make.CITIZEN),
        )
        case = Case.objects.get(pk=visit.case_id)
        kinds = list(case.budget_entries.values_list("kind", flat=True))
        if isinstance(came, Visit):
            assert isinstance(left, NotPossible)
            assert (case.state, kinds) == (State.REPAIRING, ["reserved"])
            outcomes = {visit.case.devices.get().pk: ("End of life", "")}
            ended, left = at_once(
                lambda visit=visit, by=by, outcomes=outcomes: visits.finish(visit.pk, by, outcomes, "예시"),
                lambda visit=visit: workflow.withdraw(visit.case_id, make.CITIZEN),
            )
            assert isinstance(ended, Visit)
            assert isinstance(left, NotPossible)
        else:
            assert isinstance(came, Visit.DoesNotExist | NotPossible), came
            assert (case.state, sorted(kinds)) == (State.WITHDRAWN, ["released", "reserved"])
    year.refresh_from_db()
    assert (year.reserved_won, year.settled_won) == (0, 0)


def test_twenty_times_the_same_line_is_one(tech: User, year) -> None:
    visit = make.visit(by=tech)
    by, key, what = make.technician_actor(tech), uuid.uuid4(), PriceItem.objects.get(name="점검").pk
    of = visit.case.devices.get().pk
    answers = at_once(*[lambda: visits.add_line(visit.pk, by, of, what, 1, line_id=key)] * 20)
    assert {answer.pk for answer in answers} == {key}
    assert Line.objects.count() == 1
