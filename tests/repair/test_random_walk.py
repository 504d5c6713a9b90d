"""10,000 random walks over the transition table: what is not in it never happens, in Python or in the database.

A walk is a random order of deeds that may or may not fit. After each, the case stands where the table allows, or
where it stood before; the sums are those of the ledger; and each move is written down.
"""

import random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from repair import budget, objections, pauses, states, visits, waiting_line, workflow
from repair.models import Case, Step, Visit
from repair.states import TRANSITIONS, NotPossible, State
from tests import make, make_repair

WALKS, LENGTH = 10_000, 12
#: As docs/repair.md tells it, written down apart from states.py: state → where it may go.
TOLD = {
    "received": "papers confirmed refusal withdrawn",
    "papers": "received refusal withdrawn",
    "confirmed": "selected waiting refusal withdrawn",
    "waiting": "selected refusal withdrawn",
    "refusal": "refused received withdrawn",
    "refused": "objected",
    "objected": "received refused withdrawn",
    "selected": "repairing withdrawn",
    "repairing": "consent done selected",
    "consent": "repairing",
    "done": "settled",
    "settled": "",
    "withdrawn": "",
}


@settings(max_examples=WALKS, deadline=None, database=None)
@given(st.lists(st.sampled_from(list(State)), max_size=LENGTH))
def test_the_table_is_never_left(wishes: list[State]) -> None:
    """Whatever is wished for, `check` lets through what was told and nothing else. That the database holds the same
    table is tested pair by pair (test_held_by_the_database.py)."""
    state = State.RECEIVED
    for wish in wishes:
        if wish in TOLD[state].split():
            states.check(state, wish)
            state = wish
        else:
            with pytest.raises(NotPossible):
                states.check(state, wish)


def deeds_of(case: Case, cast: dict) -> dict:
    """Each deed as somebody might press it, fitting or not."""
    one, two, three = cast["one"], cast["two"], cast["three"]
    tech = cast["technician"]

    def visit() -> Visit:
        return Visit.objects.filter(case=case, ended_at=None).first() or Visit(case=case)

    def fill() -> None:
        for device in case.devices.all():
            visits.add_line(visit().pk, tech, device.pk, cast["item"], cast["chance"].randint(1, 9))

    outcomes = {device.pk: ("Fixed", "") for device in case.devices.all()}
    return {
        "ask_paper": lambda: workflow.ask_paper(case.pk, one, "등본"),
        "bring_paper": lambda: workflow.bring_paper(case.pk, one),
        "evidence": lambda: make_repair.evidence(case, one.user),
        "confirm": lambda: workflow.confirm(case.pk, one),
        "select": lambda: workflow.select(case.pk, one),
        "put_in_order": lambda: waiting_line.put_in_order(case.pk, one),
        "propose_refusal": lambda: workflow.propose_refusal(case.pk, one, "아님"),
        "refuse alone": lambda: workflow.refuse(case.pk, one),
        "refuse": lambda: workflow.refuse(case.pk, two),
        "keep_open": lambda: workflow.keep_open(case.pk, two, "다시"),
        "object": lambda: objections.object_to(case.pk, make_repair.CITIZEN, "억울"),
        "reopen": lambda: objections.reopen(case.pk, three, "맞음"),
        "uphold": lambda: objections.uphold(case.pk, three, "아님"),
        "uphold alone": lambda: objections.uphold(case.pk, two, "아님"),
        "pause": lambda: pauses.pause(case.pk, one, "입원"),
        "resume": lambda: pauses.resume(case.pk, one),
        "take": lambda: visits.take(case.pk, tech),
        "arrive": lambda: visits.arrive(visit().pk, tech),
        "fill": fill,
        "ask_consent": lambda: visits.ask_consent(visit().pk, tech),
        "agree": lambda: visits.answer_consent(visit().pk, tech, agreed=True, name="가족"),
        "decline": lambda: visits.answer_consent(visit().pk, tech, agreed=False, name="가족"),
        "break_off": lambda: visits.break_off(visit().pk, tech, "부재"),
        "give_back": lambda: visits.give_back(visit().pk, tech, "바쁨"),
        "finish": lambda: visits.finish(visit().pk, tech, outcomes, "가족"),
        "rate": lambda: workflow.rate(case.pk, make_repair.CITIZEN, 5),
        "withdraw": lambda: workflow.withdraw(case.pk, make_repair.CITIZEN),
    }


#: What is pressed more often, so that walks get far.
OFTEN = ("evidence", "confirm", "select", "take", "arrive", "fill", "finish")


@pytest.mark.django_db
@settings(
    max_examples=25,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 10**9), money=st.sampled_from([0, 200_000, 1_000_000]))
def test_deeds_in_any_order_stay_on_the_table(seed: int, money: int) -> None:
    with transaction.atomic():
        walk(random.Random(seed), money)
        transaction.set_rollback(True)


def walk(chance: random.Random, money: int) -> None:
    year = make_repair.programme(money)
    case = make_repair.case()
    assert year.contractor
    item = year.prices.get(name="SSD 256GB")
    cast = {
        "one": make_repair.staff(make.clerk()),
        "two": make_repair.staff(make.clerk()),
        "three": make_repair.staff(make.clerk()),
        "technician": make_repair.technician_actor(make_repair.technician(year.contractor)),
        "item": item.pk,
        "chance": chance,
    }
    deeds = deeds_of(case, cast)
    names = [*deeds, *OFTEN * 3]
    for _ in range(40):
        before = Case.objects.get(pk=case.pk).state
        try:
            with transaction.atomic():
                deeds[chance.choice(names)]()
        except (NotPossible, budget.BudgetSpent, Visit.DoesNotExist):
            assert Case.objects.get(pk=case.pk).state == before
            continue
        now = Case.objects.get(pk=case.pk)
        assert now.state == before or State(now.state) in TRANSITIONS[State(before)]
        last = Step.objects.filter(case=case).last()
        assert last is not None
        assert last.after == now.state
        year.refresh_from_db()
        assert 0 <= year.reserved_won + year.settled_won <= year.budget_won
        assert year.reserved_won == ((now.cap_won or 0) if now.state in states.RESERVED else 0)
        assert year.settled_won == (now.cost_won or 0)
