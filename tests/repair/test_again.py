"""A visit that was broken off owes another: by a new day, on everybody's list, late when nobody comes again."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from people.holidays import decide_on_day
from people.models import Message, User
from repair import deadlines, pauses, technicians, visits, work_list
from repair.models import Case, TechnicianPost, Visit
from repair.states import NotPossible, State
from tests import make, make_repair

from . import clock

pytestmark = pytest.mark.django_db
#: A Thursday: the three days are Friday, Monday, Tuesday.
THURSDAY, FRIDAY, MONDAY, TUESDAY, WEDNESDAY = (
    date(2026, 11, 26),
    date(2026, 11, 27),
    date(2026, 11, 30),
    date(2026, 12, 1),
    date(2026, 12, 2),
)


@pytest.fixture(autouse=True)
def on_a_thursday(monkeypatch: pytest.MonkeyPatch) -> None:
    clock.set_to(monkeypatch, THURSDAY)
    make_repair.programme()


@pytest.fixture
def clerk() -> User:
    return make.clerk(phone="+821099990001")


def broken_off(clerk: User, visit: Visit | None = None) -> Case:
    visit = visit or make_repair.visit(make_repair.selected(clerk))
    visits.break_off(visit.pk, make_repair.technician_actor(visit.technician), "부품을 구해 와야 함")
    return Case.objects.get(pk=visit.case_id)


def test_it_is_owed_within_as_many_working_days_again(clerk: User, monkeypatch) -> None:
    visit = make_repair.visit(make_repair.selected(clerk))
    assert visit.case.due_on is None  # somebody is there
    clock.set_to(monkeypatch, FRIDAY)
    case = broken_off(clerk, visit)
    assert case.due_on == WEDNESDAY
    assert (case.deadline_on, case.is_late) == (TUESDAY, False)  # that of the first visit was met
    again = visits.take(case.pk, make_repair.technician_actor(visit.technician))
    visits.arrive(again.pk, make_repair.technician_actor(visit.technician))
    case.refresh_from_db()
    assert case.due_on is None


def test_it_stands_on_both_lists_with_its_day_and_is_late_when_it_is(
    client: Client, clerk: User, monkeypatch
) -> None:
    case = broken_off(clerk)
    technician = case.visits.get().technician

    def shown(user: User, page: str) -> str:
        make.signed_in(client, user)
        return client.get(page).content.decode()

    assert "다시 방문 12월 1일까지" in shown(clerk, "/repair/desk/")
    assert case.number not in shown(clerk, "/repair/desk/?tab=late")
    assert case.number in shown(clerk, "/repair/desk/?tab=untaken")
    assert "다시 방문: 12월 1일(화)까지" in shown(technician, "/repair/visits/")
    clock.set_to(monkeypatch, TUESDAY)
    assert case.number in shown(clerk, "/repair/desk/?tab=today")
    clock.set_to(monkeypatch, WEDNESDAY)
    assert "다시 방문 하루 지남" in shown(clerk, "/repair/desk/?tab=late")
    assert "다시 방문: 기한이 1일 지남" in shown(technician, "/repair/visits/")
    page = shown(clerk, f"/repair/desk/{case.pk}/")
    assert "다시 방문: 12월 1일(화요일)까지" in page
    assert "마치지 못한 날(세지 않음)" in page
    counts = work_list.counts(clerk, work_list.Days.now())
    assert (counts["late"], counts["untaken"], counts["soon_untaken"]) == (1, 1, 1)


def test_pauses_and_holidays_move_it_and_leave_the_first_deadline(clerk: User, monkeypatch) -> None:
    case = broken_off(clerk)
    decide_on_day(MONDAY, "임시공휴일", is_holiday=True, by=clerk)
    assert deadlines.follow_holidays() == 1
    case.refresh_from_db()
    assert (case.due_on, case.deadline_on) == (WEDNESDAY, TUESDAY)
    pauses.pause(case.pk, make_repair.staff(clerk), "부품이 늦게 옵니다")
    with pytest.raises(NotPossible, match="이미 멈춰"):
        pauses.pause(case.pk, make_repair.staff(clerk), "또")
    assert not work_list.counts(clerk, work_list.Days.now())["soon"]
    clock.set_to(monkeypatch, WEDNESDAY)
    pauses.resume(case.pk, make_repair.staff(clerk))
    case.refresh_from_db()
    assert (case.due_on, case.deadline_on) == (date(2026, 12, 4), TUESDAY)


def test_who_is_responsible_is_told_of_it_too(clerk: User, monkeypatch) -> None:
    case = broken_off(clerk)
    clock.set_to(monkeypatch, MONDAY)
    deadlines.warn()
    [message] = Message.objects.filter(template="repair_untaken")
    assert case.number in message.text


def test_a_technician_who_leaves_in_the_middle_leaves_a_day_behind(clerk: User) -> None:
    visit = make_repair.visit(make_repair.selected(clerk))
    post = TechnicianPost.objects.get(user=visit.technician)
    technicians.dismiss(post, reason="퇴사", by=make_repair.repair_officer())
    case = Case.objects.get(pk=visit.case_id)
    assert (case.state, case.due_on) == (State.SELECTED, TUESDAY)
    assert "12월 1일(화요일)까지 다시" in Message.objects.get(template="repair_again").text


def test_the_database_refuses_a_visit_that_is_owed_by_no_day(clerk: User) -> None:
    case = broken_off(clerk)
    with pytest.raises(IntegrityError, match="owed_by_a_day"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(due_on=None)
