"""Who waits at home is told when it changes: another hour, another day, nobody comes; and what comes after."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from people.holidays import decide_on_day
from people.models import Message, User
from repair import deadlines, objections, pauses, technicians, visits
from repair.models import Case, Step, TechnicianPost, Visit
from repair.plain_words import comes_next
from repair.states import State
from tests import make, make_repair

from . import applicant, clock

pytestmark = pytest.mark.django_db
#: The three days from a Thursday on are Friday, Monday, Tuesday.
THURSDAY, MONDAY, TUESDAY, WEDNESDAY = (
    date(2026, 11, 26),
    date(2026, 11, 30),
    date(2026, 12, 1),
    date(2026, 12, 2),
)


@pytest.fixture(autouse=True)
def on_a_thursday(monkeypatch: pytest.MonkeyPatch) -> None:
    clock.set_to(monkeypatch, THURSDAY)
    make_repair.programme()


def told(template: str) -> list[str]:
    return [message.text for message in Message.objects.filter(template=template).order_by("due_at")]


def planned(case: Case | None = None) -> tuple[Visit, User, datetime]:
    visit = make_repair.visit(case, arrived=False)
    when = timezone.now() + timedelta(days=1)
    visits.plan(visit.pk, make_repair.technician_actor(visit.technician), when)
    return visit, visit.technician, when


def test_each_change_of_the_hour_is_told_also_back_to_an_earlier_one() -> None:
    visit, technician, when = planned()
    by = make_repair.technician_actor(technician)
    visits.plan(visit.pk, by, when)  # a second tap
    assert len(told("repair_planned")) == 1
    visits.plan(visit.pk, by, when + timedelta(hours=3))
    visits.plan(visit.pk, by, when)
    said = told("repair_planned")
    assert len(said) == 3
    assert [text.count("오후 12시") for text in said].count(1) == 2


def test_a_promised_visit_that_is_given_back_is_told() -> None:
    visit, technician, _ = planned()
    visits.give_back(visit.pk, make_repair.technician_actor(technician), "차가 고장 남")
    [text] = told("repair_unplanned")
    assert "11월 27일" in text
    assert "차가 고장" not in text
    assert visit.case.resident.name not in text


def test_so_is_one_whose_technician_left(monkeypatch: pytest.MonkeyPatch) -> None:
    _, technician, _ = planned()
    unplanned = make_repair.visit(arrived=False)
    post = TechnicianPost.objects.get(user=technician)
    assert technicians.dismiss(post, reason="퇴사", by=make_repair.repair_officer()) == 1
    assert len(told("repair_unplanned")) == 1
    visits.give_back(unplanned.pk, make_repair.technician_actor(unplanned.technician), "바쁨")
    assert len(told("repair_unplanned")) == 1  # nobody had been promised anything


def test_a_day_that_moved_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    clerk = make.clerk()
    case = make_repair.selected(clerk)
    decide_on_day(MONDAY, "임시공휴일", is_holiday=True, by=clerk)
    deadlines.follow_holidays()
    deadlines.follow_holidays()
    [text] = told("repair_moved")
    assert "12월 2일" in text
    pauses.pause(case.pk, make_repair.staff(clerk), "입원하셨습니다")
    clock.set_to(monkeypatch, date(2026, 12, 3))
    pauses.resume(case.pk, make_repair.staff(clerk))
    assert "12월 7일" in told("repair_moved")[1]
    assert "입원" not in told("repair_moved")[1]


def test_whoever_comes_while_it_is_paused_ends_the_pause_and_is_not_late(monkeypatch) -> None:
    clerk = make.clerk()
    case = make_repair.selected(clerk)
    clock.set_to(monkeypatch, MONDAY)
    pauses.pause(case.pk, make_repair.staff(clerk), "입원하셨습니다")
    clock.set_to(monkeypatch, date(2026, 12, 9))
    case = make_repair.visit(Case.objects.get(pk=case.pk)).case
    case = Case.objects.get(pk=case.pk)
    assert not case.is_late
    assert (case.promised_on, case.deadline_on) == (TUESDAY, date(2026, 12, 10))  # Friday had counted
    assert not case.pauses.filter(until_on=None).exists()
    assert [step.deed for step in case.steps.all()][-2:] == [Step.Deed.RESUMED, Step.Deed.ARRIVED]
    assert told("repair_moved") == []  # they are at the door


def test_a_pause_does_not_excuse_who_was_late_before(monkeypatch) -> None:
    clerk = make.clerk()
    case = make_repair.selected(clerk)
    clock.set_to(monkeypatch, WEDNESDAY)
    pauses.pause(case.pk, make_repair.staff(clerk), "입원하셨습니다")
    clock.set_to(monkeypatch, date(2026, 12, 9))
    case = Case.objects.get(pk=make_repair.visit(Case.objects.get(pk=case.pk)).case_id)
    assert case.is_late
    assert case.deadline_on == TUESDAY


def test_an_arrival_that_a_phone_sends_after_the_pause_began(monkeypatch) -> None:
    """Somebody came on Monday, in a dead spot; on Wednesday, when nobody knew, it was paused."""
    clerk = make.clerk()
    visit = make_repair.visit(make_repair.selected(clerk), arrived=False)
    came = clock.set_to(monkeypatch, MONDAY)
    clock.set_to(monkeypatch, WEDNESDAY)
    pauses.pause(visit.case_id, make_repair.staff(clerk), "연락이 안 됨")
    visits.arrive(visit.pk, make_repair.technician_actor(visit.technician), came)
    case = Case.objects.get(pk=visit.case_id)
    assert (case.deadline_on, case.is_late) == (TUESDAY, False)
    [pause] = case.pauses.all()
    assert pause.from_on == pause.until_on == WEDNESDAY


def test_after_a_visit_that_was_broken_off_something_comes_next() -> None:
    visit = make_repair.visit()
    visits.break_off(visit.pk, make_repair.technician_actor(visit.technician), "부품을 구해 와야 함")
    case = Case.objects.get(pk=visit.case_id)
    assert case.state == State.SELECTED
    assert "12월 1일(화)까지 수리 기사가 다시 찾아갑니다" in comes_next(case, THURSDAY)
    assert ["12월 1일(화요일)까지 다시 찾아갑니다" in text for text in told("repair_again")] == [True]
    assert "12월 1일(화)까지 다시 찾아가기로 했는데" in comes_next(case, WEDNESDAY)
    at = datetime(2026, 11, 30, 14, 30)
    assert "11월 30일(월) 오후 2시 30분에 찾아갑니다" in comes_next(case, THURSDAY, planned_at=at)


def test_who_objected_in_vain_is_not_told_to_object() -> None:
    case = make_repair.refused()
    objections.object_to(case.pk, make_repair.CITIZEN, "다릅니다")
    case = objections.uphold(case.pk, make_repair.staff(make_repair.repair_officer()), "기준과 다릅니다.")
    [text] = told("repair_upheld")
    assert "이의신청 방법" not in text
    assert "기준과" not in text
    assert len(told("repair_refused")) == 1
    assert "행정심판" in comes_next(case, THURSDAY)


def test_an_office_sees_until_when_to_decide_on_an_objection(client: Client, monkeypatch) -> None:
    case = make_repair.refused()
    officer = make_repair.repair_officer()
    make.signed_in(client, officer)
    objections.object_to(case.pk, make_repair.CITIZEN, "다릅니다")
    page = client.get(f"/repair/desk/{case.pk}/").content.decode()
    assert "이의신청은 12월 6일(일)까지 판단해야 합니다" in page
    assert "지났으니" not in page
    assert "판단 12월 6일까지" in client.get("/repair/desk/").content.decode()
    assert case.number not in client.get("/repair/desk/?tab=late").content.decode()
    clock.set_to(monkeypatch, date(2026, 12, 7))
    make.signed_in(client, officer)
    assert "판단 하루 지남" in client.get("/repair/desk/?tab=late").content.decode()
    assert "그날이 지났으니" in client.get(f"/repair/desk/{case.pk}/").content.decode()
    objections.reopen(case.pk, make_repair.staff(officer), "맞습니다")
    assert "판단해야 합니다" not in client.get(f"/repair/desk/{case.pk}/").content.decode()


@pytest.mark.parametrize("tells", ["applicant", "helper"])
def test_whoever_takes_it_back_for_somebody_does_not_do_it_behind_their_back(
    client: Client, tells: str
) -> None:
    case = make_repair.case(helper_name="예시 딸", helper_phone=applicant.HELPER, tells=tells)
    applicant.signed_in(client, applicant.HELPER)
    assert client.post(f"/repair/mine/{case.pk}/withdraw/", {"why": ""}).status_code == 302
    told_of = {message.to for message in Message.objects.filter(template="repair_withdrawn")}
    helper = {Case.objects.get(pk=case.pk).helper_phone} if tells == "helper" else set()
    assert told_of == {case.resident.phone, *helper}
