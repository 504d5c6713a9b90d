"""The three working days: a late law moves exactly the open cases, a pause stops the count, and who is responsible is
told once, in time."""

from datetime import date

import pytest

from people.holidays import as_listed, decide_on_day
from people.models import Message, User
from repair import deadlines, pauses, visits, workflow
from repair.models import Case, Contractor, DeadlineChange
from repair.states import State
from tests import make, make_repair

from . import clock

pytestmark = pytest.mark.django_db
#: A Thursday: the three days are Friday, Monday, Tuesday.
THURSDAY = date(2026, 11, 26)
FRIDAY, MONDAY, TUESDAY, WEDNESDAY = (
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


def again(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def test_three_working_days_from_the_day_after(clerk: User) -> None:
    case = make_repair.selected(clerk)
    assert (case.selected_on, case.promised_on, case.deadline_on) == (THURSDAY, TUESDAY, TUESDAY)
    assert deadlines.counted(case) == [
        (THURSDAY, "선정한 날(세지 않음)"),
        (FRIDAY, "1일째"),
        (date(2026, 11, 28), "주말"),
        (date(2026, 11, 29), "주말"),
        (MONDAY, "2일째"),
        (TUESDAY, "3일째"),
    ]


def test_a_late_law_moves_exactly_the_open_cases(clerk: User, monkeypatch) -> None:
    running, planned = make_repair.selected(clerk), make_repair.selected(clerk)
    assert planned.contractor
    visits.take(planned.pk, make_repair.technician_actor(make_repair.technician(planned.contractor)))
    came = make_repair.visit(make_repair.selected(clerk)).case
    done = make_repair.done(make_repair.selected(clerk))
    withdrawn = workflow.withdraw(make_repair.selected(clerk).pk, make_repair.CITIZEN)
    confirmed = make_repair.confirmed(clerk)
    clock.set_to(monkeypatch, FRIDAY, 20)  # on a Friday evening
    later = make_repair.selected(clerk)  # Monday, Tuesday, Wednesday
    assert later.deadline_on == WEDNESDAY
    decide_on_day(MONDAY, "임시공휴일", is_holiday=True, by=clerk)
    assert deadlines.follow_holidays() == 3
    expected = {running: (TUESDAY, WEDNESDAY), planned: (TUESDAY, WEDNESDAY)}
    expected |= {later: (WEDNESDAY, date(2026, 12, 3))}
    for case, (promised, now) in expected.items():
        case = again(case)
        assert (case.promised_on, case.deadline_on) == (promised, now)
        [change] = case.deadline_changes.all()
        assert (change.was_on, change.is_on, change.why) == (promised, now, "공휴일이 바뀜")
    for case in (came, done, withdrawn):
        assert (again(case).promised_on, again(case).deadline_on) == (TUESDAY, TUESDAY)
    assert again(confirmed).deadline_on is None
    assert DeadlineChange.objects.count() == 3
    assert deadlines.follow_holidays() == 0
    assert (MONDAY, "공휴일(임시공휴일)") in deadlines.counted(again(running))


def test_a_law_for_another_day_moves_nothing(clerk: User) -> None:
    make_repair.selected(clerk)
    for day in (THURSDAY, WEDNESDAY, date(2026, 11, 28)):  # before, after, and a Saturday
        decide_on_day(day, "임시공휴일", is_holiday=True, by=clerk)
    assert deadlines.follow_holidays() == 0


def test_a_law_that_is_taken_back_moves_them_back(clerk: User) -> None:
    case = make_repair.selected(clerk)
    decide_on_day(MONDAY, "임시공휴일", is_holiday=True, by=clerk)
    deadlines.follow_holidays()
    as_listed(MONDAY)
    assert deadlines.follow_holidays() == 1
    case = again(case)
    assert case.promised_on == case.deadline_on == TUESDAY
    assert [(c.was_on, c.is_on) for c in case.deadline_changes.all()] == [
        (TUESDAY, WEDNESDAY),
        (WEDNESDAY, TUESDAY),
    ]


def test_a_holiday_that_is_none_this_year_brings_it_forward(clerk: User, monkeypatch) -> None:
    clock.set_to(monkeypatch, date(2026, 12, 23))
    case = make_repair.selected(clerk)  # 24th, not the 25th, 28th, 29th
    assert case.deadline_on == date(2026, 12, 29)
    decide_on_day(date(2026, 12, 25), "", is_holiday=False, by=clerk)
    assert deadlines.follow_holidays() == 1
    assert again(case).deadline_on == date(2026, 12, 28)
    assert again(case).promised_on == date(2026, 12, 29)


def test_a_pause_stops_the_count_until_it_ends(clerk: User, monkeypatch) -> None:
    case = make_repair.selected(clerk)
    clock.set_to(monkeypatch, MONDAY)  # Friday has counted
    pauses.pause(case.pk, make_repair.staff(clerk), "입원하셨습니다")
    assert deadlines.counted(again(case)) == []
    decide_on_day(TUESDAY, "임시공휴일", is_holiday=True, by=clerk)
    assert deadlines.follow_holidays() == 0  # nobody knows yet
    clock.set_to(monkeypatch, date(2026, 12, 7))
    pauses.resume(case.pk, make_repair.staff(clerk))
    case = again(case)
    assert (case.promised_on, case.deadline_on) == (TUESDAY, date(2026, 12, 8))  # 7th and 8th
    [change] = case.deadline_changes.all()
    assert change.why == "멈췄다가 다시 셈"
    counted = dict(deadlines.counted(case))
    assert counted[date(2026, 12, 4)] == "기한을 멈춘 날"
    assert counted[date(2026, 12, 7)] == "2일째"


def test_paused_and_resumed_the_same_day_changes_nothing(clerk: User) -> None:
    case = make_repair.selected(clerk)
    pauses.pause(case.pk, make_repair.staff(clerk), "잘못 누름")
    pauses.resume(case.pk, make_repair.staff(clerk))
    assert again(case).deadline_on == TUESDAY
    assert not DeadlineChange.objects.exists()
    pauses.pause(case.pk, make_repair.staff(clerk), "다시")
    assert again(case).pauses.count() == 2


def test_a_changed_rule_leaves_promises_alone(clerk: User) -> None:
    case = make_repair.selected(clerk)
    make_repair.rule(case.programme, working_days=5, valid_from=THURSDAY)
    assert deadlines.follow_holidays() == 0
    assert make_repair.selected(clerk).deadline_on == date(2026, 12, 3)
    assert again(case).deadline_on == TUESDAY


def test_who_is_responsible_is_told_once_the_working_day_before(clerk: User, monkeypatch) -> None:
    case = make_repair.selected(clerk)
    assert case.contractor
    technician = make_repair.technician(case.contractor, phone="+821099990002")
    visits.take(case.pk, make_repair.technician_actor(technician))
    assert deadlines.warn() == 0  # Thursday: due on Tuesday
    clock.set_to(monkeypatch, MONDAY)
    deadlines.warn()
    deadlines.warn()
    told = Message.objects.filter(template="repair_due")
    assert {message.to for message in told} == {clerk.phone, technician.phone}
    assert told.count() == 2
    assert "12월 1일" in told[0].text
    assert case.resident.name not in told[0].text


def test_before_a_weekend_they_are_told_on_friday(clerk: User, monkeypatch) -> None:
    clock.set_to(monkeypatch, date(2026, 11, 25))
    case = make_repair.selected(clerk)
    assert case.deadline_on == MONDAY
    assert deadlines.warn() == 0
    clock.set_to(monkeypatch, FRIDAY)
    assert deadlines.warn() == 1
    for day in (date(2026, 11, 28), date(2026, 11, 29), MONDAY):
        clock.set_to(monkeypatch, day)
        deadlines.warn()
    assert Message.objects.filter(template="repair_untaken").count() == 1


def test_what_no_technician_has_taken_is_told_to_contractor_office_and_city(monkeypatch) -> None:
    """Of a case that nobody is in charge of, every clerk of the district is told."""
    office = [make.clerk(phone=f"+82109999000{n}") for n in (3, 4)]
    make.clerk(make.district("금산면"), phone="+821099990005")
    city = make_repair.repair_officer(phone="+821099990006")
    case = make_repair.selected(city)
    Case.objects.filter(pk=case.pk).update(officer=None)
    Contractor.objects.filter(pk=case.contractor_id).update(phone="010-9999-0007")
    clock.set_to(monkeypatch, MONDAY)
    for _ in range(2):
        deadlines.warn()
    told = Message.objects.filter(template="repair_untaken")
    assert {message.to for message in told} == {
        *(user.phone for user in office),
        city.phone,
        "+821099990007",
    }
    assert told.count() == 4
    assert "맡은 기사가 없습니다" in told[0].text


def test_nobody_is_told_of_what_has_begun_or_stands_still(clerk: User, monkeypatch) -> None:
    make_repair.visit(make_repair.selected(clerk))
    paused = make_repair.selected(clerk)
    pauses.pause(paused.pk, make_repair.staff(clerk), "입원")
    workflow.withdraw(make_repair.selected(clerk).pk, make_repair.CITIZEN)
    clock.set_to(monkeypatch, MONDAY)
    assert deadlines.warn() == 0


def test_told_again_if_the_deadline_moved(clerk: User, monkeypatch) -> None:
    case = make_repair.selected(clerk)
    clock.set_to(monkeypatch, MONDAY)
    deadlines.warn()
    decide_on_day(TUESDAY, "임시공휴일", is_holiday=True, by=clerk)
    deadlines.follow_holidays()
    deadlines.warn()  # Wednesday is the next working day now
    keys = Message.objects.filter(template="repair_untaken").values_list("key", flat=True)
    assert {key.split(":")[2] for key in keys} == {"2026-12-01", "2026-12-02"}
    assert again(case).state == State.SELECTED


def test_who_came_late_is_late_for_ever_and_who_came_in_time_never(clerk: User, monkeypatch) -> None:
    in_time = make_repair.visit(make_repair.selected(clerk)).case
    case = make_repair.selected(clerk)
    clock.set_to(monkeypatch, WEDNESDAY)
    assert again(case).is_late
    assert not again(in_time).is_late
    late = make_repair.visit(again(case)).case
    clock.set_to(monkeypatch, date(2026, 12, 20))
    assert again(late).is_late
    assert not again(in_time).is_late
