"""Every deed in every state: what fits goes through and is written down, what does not changes nothing."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from django.db import connection, transaction

from people.models import User
from privacy.access import Action
from privacy.fields import EncryptedTextField
from privacy.models import AccessRecord
from repair import objections, pauses, states, waiting_line, workflow
from repair.models import BudgetEntry, Case, Evidence, Programme, Step
from repair.states import FROM, GONE, TRANSITIONS, NotPossible, State
from tests import make, make_repair

from .by_deeds import REACHED, Office, in_state

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def year() -> Programme:
    return make_repair.programme()


@pytest.fixture
def office() -> Office:
    return Office()


#: Deed → how it is done here, by somebody who may. Those of the technician and of money have tests of their own.
DONE: dict[str, Callable[[Case, Office], object]] = {
    "asked_paper": lambda case, office: workflow.ask_paper(case.pk, office.one, "등록증"),
    "brought_paper": lambda case, office: workflow.bring_paper(case.pk, office.one),
    "confirmed": lambda case, office: workflow.confirm(case.pk, office.one),
    "selected": lambda case, office: workflow.select(case.pk, office.one),
    "put_in_order": lambda case, office: waiting_line.put_in_order(case.pk, office.one),
    "proposed_refusal": lambda case, office: workflow.propose_refusal(case.pk, office.one, "대상 아님"),
    "refused": lambda case, office: workflow.refuse(case.pk, office.two),
    "kept_open": lambda case, office: workflow.keep_open(case.pk, office.two, "다시 봄"),
    "withdrew": lambda case, office: workflow.withdraw(case.pk, make_repair.CITIZEN, "새로 샀습니다"),
    "objected": lambda case, office: objections.object_to(case.pk, make_repair.CITIZEN, "다릅니다"),
    "reopened": lambda case, office: objections.reopen(case.pk, office.three, "다시 봄"),
    "upheld": lambda case, office: objections.uphold(case.pk, office.three, "같음"),
    "handed_over": lambda case, office: workflow.hand_over(case.pk, office.one, office.second),
    "moved": lambda case, office: workflow.move_district(
        case.pk, office.one, make.district("금산면"), "이사"
    ),
    "excepted": lambda case, office: workflow.make_exception(case.pk, office.one, "세대가 둘"),
    "paused": lambda case, office: pauses.pause(case.pk, office.one, "입원"),
    "resumed": lambda case, office: pauses.resume(case.pk, office.one),
    "rated": lambda case, office: workflow.rate(case.pk, make_repair.CITIZEN, 5),
}
#: What else stands in the way, besides the state: somebody has come already; nothing was paused.
NOT_ALTHOUGH = {("paused", State.REPAIRING), ("paused", State.CONSENT), ("resumed", State.REPAIRING)}
NOT_ALTHOUGH |= {("resumed", State.SELECTED), ("resumed", State.CONSENT)}


PLAIN = [f.attname for f in Case._meta.concrete_fields if not isinstance(f, EncryptedTextField)]


def everything(case: Case) -> tuple[object, ...]:
    return (
        Case.objects.filter(pk=case.pk).values(*PLAIN).get(),
        Programme.objects.values().get(),
        Step.objects.count(),
        BudgetEntry.objects.count(),
        AccessRecord.objects.count(),
    )


@contextmanager
def taken_back() -> Iterator[None]:
    """As if it had not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("state", REACHED)
def test_each_deed_in_a_state(state: State, office: Office) -> None:
    case = in_state(state, office)
    if state == State.RECEIVED:
        make_repair.evidence(case, office.first)
    for deed, do in DONE.items():
        with taken_back():
            if state in FROM[deed] and (deed, state) not in NOT_ALTHOUGH:
                goes_through(deed, partial(do, case, office), state, case.pk)
            else:
                before = everything(case)
                with pytest.raises(NotPossible):
                    do(case, office)
                assert everything(case) == before, deed


def goes_through(deed: str, do: Callable[[], object], state: State, pk: uuid.UUID) -> None:
    """And leaves one step and one record, of that case."""
    steps, records = Step.objects.count(), AccessRecord.objects.count()
    do()
    case = Case.objects.get(pk=pk)
    assert case.state == state or State(case.state) in TRANSITIONS[state], deed
    step = case.steps.last()
    assert step and (step.deed, step.before, step.after) == (deed, state, case.state)
    assert Step.objects.count() == steps + 1, deed
    assert AccessRecord.objects.count() == records + 1, deed
    record = AccessRecord.objects.latest("pk")
    assert (record.action, record.subjects) == (Action.CHANGE, [f"repair.case:{pk}"]), deed
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what is deferred to the commit
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    assert (case.household_claim is None) == (case.state in GONE or deed == "excepted"), deed


@pytest.mark.parametrize(
    "deed", [deed for deed in DONE if deed not in ("asked_paper", "handed_over", "rated")]
)
def test_pressed_twice_is_done_once(deed: str, office: Office) -> None:
    state = next(s for s in State if s in FROM[deed] and s in REACHED)
    case = in_state(state, office)
    if deed == "confirmed":
        make_repair.evidence(case, office.first)
    if deed == "resumed":
        pauses.pause(case.pk, office.one, "입원")
    DONE[deed](case, office)
    before = everything(case)
    if deed in ("moved", "excepted"):  # again is another decision of the same kind
        return
    with pytest.raises(NotPossible):
        DONE[deed](case, office)
    assert everything(case) == before


def test_the_table_of_deeds_and_the_table_of_moves_are_one() -> None:
    """Every deed begins where its move begins, and every move has a deed."""
    after = {
        "brought_paper": State.RECEIVED,
        "confirmed": State.CONFIRMED,
        "selected": State.SELECTED,
        "put_in_order": State.WAITING,
        "proposed_refusal": State.REFUSAL,
        "refused": State.REFUSED,
        "kept_open": State.RECEIVED,
        "withdrew": State.WITHDRAWN,
        "objected": State.OBJECTED,
        "reopened": State.RECEIVED,
        "upheld": State.REFUSED,
        "arrived": State.REPAIRING,
        "broke_off": State.SELECTED,
        "asked_consent": State.CONSENT,
        "agreed": State.REPAIRING,
        "declined": State.REPAIRING,
        "finished": State.DONE,
        "settled": State.SETTLED,
    }
    moves = {(before, to) for deed, to in after.items() for before in FROM[deed]}
    moves |= {(State.RECEIVED, State.PAPERS)}
    assert moves == {(before, to) for before, all_to in TRANSITIONS.items() for to in all_to}
    assert set(FROM) <= set(Step.Deed.values)


def test_a_refusal_needs_a_second_person(office: Office) -> None:
    case = in_state(State.REFUSAL, office)
    with pytest.raises(NotPossible, match="스스로 정할 수 없습니다"):
        workflow.refuse(case.pk, office.one)
    workflow.refuse(case.pk, office.two)
    objections.object_to(case.pk, make_repair.CITIZEN, "다릅니다")
    for who in (office.one, office.two):
        with pytest.raises(NotPossible, match="다른 담당자"):
            objections.uphold(case.pk, who, "같음")
    for who in (office.one, office.two, office.three):  # that is another deed: it would go round the rule
        with pytest.raises(NotPossible):
            workflow.refuse(case.pk, who)
    objections.uphold(case.pk, office.three, "같음")
    with pytest.raises(NotPossible, match="한 번"):
        objections.object_to(case.pk, make_repair.CITIZEN, "그래도")


def test_an_objection_has_sixty_days(office: Office) -> None:
    case = in_state(State.REFUSED, office)
    until = objections.may_object_until(case)
    step = case.steps.last()
    assert step and until and (until - step.at.date()).days in (60, 61)  # the day in Seoul


def test_who_objects_too_late_or_lives_with_a_new_case_is_told(office: Office, monkeypatch) -> None:
    case = make_repair.refused(office.first, office.second, address="진주시 문산읍 동부로 7")
    other = make_repair.case(address="진주시 문산읍 동부로 7")
    with pytest.raises(NotPossible, match="같은 가구의 다른 신청"):
        objections.object_to(case.pk, make_repair.CITIZEN, "다릅니다")
    workflow.withdraw(other.pk, make_repair.CITIZEN)
    monkeypatch.setattr(objections, "OBJECTION_DAYS", -1)
    with pytest.raises(NotPossible, match="까지 하실 수 있었습니다"):
        objections.object_to(case.pk, make_repair.CITIZEN, "다릅니다")


def test_nobody_is_confirmed_on_nothing(office: Office) -> None:
    case = make_repair.case()
    with pytest.raises(NotPossible, match="지원 대상, 진주시 거주"):
        workflow.confirm(case.pk, office.one)
    make_repair.evidence(case, office.first)
    about, way = Evidence.About.RESIDENCE, Evidence.Way.PAPER
    workflow.note_evidence(case.pk, office.one, about, way, Evidence.Answer.NO, "다른 곳")
    with pytest.raises(NotPossible, match="진주시 거주"):
        workflow.confirm(case.pk, office.one)
    Case.objects.filter(pk=case.pk).update(household_exception=None)
    workflow.note_evidence(case.pk, office.one, about, way, Evidence.Answer.YES, "등본")
    assert workflow.confirm(case.pk, office.one).household_confirmed_by == office.first
    assert AccessRecord.objects.filter(detail__contains="진주시 거주 근거").count() == 3


def test_a_case_is_handed_only_to_who_may_have_it(office: Office) -> None:
    case = make_repair.case()
    for stranger in (make.clerk(make.district("금산면")), make.city_operator(), make.user()):
        with pytest.raises(NotPossible):
            workflow.hand_over(case.pk, office.one, stranger)
    for colleague in (office.second, office.city):
        assert workflow.hand_over(case.pk, office.one, colleague).officer == colleague
    gone = make.clerk()
    User.objects.filter(pk=gone.pk).update(is_active=False)
    with pytest.raises(NotPossible):
        workflow.hand_over(case.pk, office.one, User.objects.get(pk=gone.pk))


def test_where_the_year_closes_nobody_waits(office: Office, year: Programme) -> None:
    case = in_state(State.CONFIRMED, office)
    Programme.objects.filter(pk=year.pk).update(when_spent=Programme.WhenSpent.CLOSE)
    with pytest.raises(NotPossible, match="접수를 마칩니다"):
        waiting_line.put_in_order(case.pk, office.one)


def test_what_is_said_of_a_state_is_said_of_all() -> None:
    assert set(states.LABELS) == set(State) == set(TRANSITIONS)
