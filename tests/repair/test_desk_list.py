"""The work list: whose cases, which tab, how urgent, how many queries; nobody's name beyond what is needed."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people.models import User
from privacy.models import AccessRecord
from repair import deadlines, pauses, work_list, workflow
from repair.models import Case
from tests import make, make_repair

from . import clock

pytestmark = pytest.mark.django_db
DESK = "/repair/desk/"
#: No holiday near.
WEDNESDAY = date(2026, 11, 25)


@pytest.fixture(autouse=True)
def on_a_wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    clock.set_to(monkeypatch, WEDNESDAY)


@pytest.fixture
def clerk() -> User:
    make_repair.programme()
    return make.clerk()


def page(client: Client, address: str = DESK, **query: str) -> str:
    return client.get(address, query).content.decode()


def due(case: Case, day: date) -> Case:
    """Promised by `day`, whenever it was selected."""
    Case.objects.filter(pk=case.pk).update(deadline_on=day, due_on=day)
    case.refresh_from_db()
    return case


def test_only_who_decides_opens_it(client: Client, clerk: User) -> None:
    assert client.get(DESK).status_code == 302
    make.signed_in(client, make.city_operator())
    assert client.get(DESK).status_code == 403
    make.signed_in(client, clerk)
    answer = client.get(DESK)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


def test_a_district_sees_its_own_and_the_city_all(client: Client, clerk: User) -> None:
    here, there = make_repair.case(), make_repair.case(district=make.district("금산면"))
    make.signed_in(client, clerk)
    shown = page(client)
    assert here.number in shown
    assert there.number not in shown
    assert 'name="district"' not in shown
    make.signed_in(client, make_repair.repair_officer())
    shown = page(client)
    assert here.number in shown
    assert there.number in shown
    assert there.number not in page(client, district=here.district_id)


def test_names_are_masked_and_each_is_counted(client: Client, clerk: User) -> None:
    cases = [make_repair.case(name="예시 한아름") for _ in range(3)]
    make.signed_in(client, clerk)
    shown = page(client)
    assert "예시 한아름" not in shown
    assert "예****름" in shown
    record = AccessRecord.objects.filter(action="view").latest("pk")
    assert set(record.subjects) == {f"repair.case:{case.pk}" for case in cases}


def test_tabs_with_what_belongs_there(client: Client, clerk: User) -> None:
    late = due(make_repair.selected(clerk), date(2026, 11, 24))
    today = due(make_repair.selected(clerk), date(2026, 11, 25))
    paused = due(make_repair.selected(clerk), date(2026, 11, 20))
    pauses.pause(paused.pk, make_repair.staff(clerk), "입원하셨습니다")
    paused.pauses.update(from_on=date(2026, 11, 19))
    excused = due(make_repair.selected(clerk), date(2026, 11, 20))  # late already when it was paused
    pauses.pause(excused.pk, make_repair.staff(clerk), "기사가 바쁩니다")
    free = make_repair.case()
    papers = workflow.ask_paper(make_repair.case().pk, make_repair.staff(clerk), "등록증")
    refusal = workflow.propose_refusal(make_repair.case().pk, make_repair.staff(clerk), "대상 아님")
    gone = workflow.withdraw(make_repair.case().pk, make_repair.CITIZEN)
    make.signed_in(client, clerk)
    expected = {
        "late": {late, excused},
        "today": {today},
        "untaken": {late, today, paused, excused},
        "mine": {late, today, paused, excused},
        "free": {free, papers, refusal},
        "papers": {papers},
        "refusal": {refusal},
        "waiting": set(),
        "all": {late, today, paused, excused, free, papers, refusal, gone},
        "": {late, today, paused, excused, free, papers, refusal},
    }
    everything = expected["all"]
    for tab, cases in expected.items():
        shown = page(client, tab=tab)
        assert {case for case in everything if case.number in shown} == cases, tab
    counts = work_list.counts(clerk, work_list.Days.now())
    del expected["all"]
    assert counts == {tab: len(cases) for tab, cases in expected.items()} | {
        "soon": 1,
        "soon_untaken": 3,
    }
    shown = page(client)
    assert "기한이 지난 신청이 2건 있습니다." in shown
    assert "다음 근무일(11월 26일 목요일)까지 방문하거나 판단해야 하는 신청이 1건 있습니다." in shown
    assert shown.index(late.number) < shown.index(today.number) < shown.index(free.number)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 22), "3일 지남"),
        (date(2026, 11, 24), "하루 지남"),
        (date(2026, 11, 25), "오늘까지"),
        (date(2026, 11, 26), "내일까지"),
        (date(2026, 11, 27), "11월 27일까지"),
    ],
)
def test_how_urgent_it_is_in_words(clerk: User, day: date, words: str) -> None:
    case = due(make_repair.selected(clerk), day)
    badge = work_list.badge(case, work_list.Days.now(), paused=False)
    assert badge and badge.words == words
    standing = work_list.badge(case, work_list.Days.now(), paused=True)
    assert standing and standing.words == "멈춤"


def test_on_friday_the_next_working_day_is_monday(clerk: User, monkeypatch) -> None:
    clock.set_to(monkeypatch, date(2026, 11, 27))
    days = work_list.Days.now()
    assert (days.today, days.next_working) == (date(2026, 11, 27), date(2026, 11, 30))
    case = due(make_repair.selected(clerk), date(2026, 11, 30))
    badge = work_list.badge(case, days, paused=False)
    assert badge and (badge.words, badge.look) == ("11월 30일까지", "warn")


def test_a_number_is_found_in_any_list_however_it_is_typed(client: Client, clerk: User) -> None:
    gone = workflow.withdraw(make_repair.case().pk, make_repair.CITIZEN)
    other = make_repair.case()
    make.signed_in(client, clerk)
    for typed in (gone.number, gone.number.replace("-", ""), gone.number[-9:]):
        shown = page(client, number=typed)
        assert gone.number in shown
        assert f"desk/{other.pk}/" not in shown
    assert client.get(DESK, {"number": "1" * 30}).status_code == 422
    assert client.get(DESK, {"state": "nothing"}).status_code == 422
    assert client.get(DESK, {"tab": "nothing", "page": "x"}).status_code == 200


def test_filters_narrow_and_stay_over_pages(client: Client, clerk: User) -> None:
    for _ in range(21):
        make_repair.case()
    asked = workflow.ask_paper(make_repair.case().pk, make_repair.staff(clerk), "등록증")
    make.signed_in(client, clerk)
    shown = page(client, state="papers")
    assert shown.count('<th scope="row">') == 1
    assert asked.number in shown
    shown = page(client, state="received")
    assert shown.count('<th scope="row">') == 20
    assert "?state=received&amp;page=2" in shown
    assert page(client, state="received", page="2").count('<th scope="row">') == 1


def test_a_person_is_found_without_leaving_anything_in_an_address(client: Client, clerk: User) -> None:
    mine = make_repair.case(name="예시 별", birth_date="1944-02-29", phone="010-9999-7777")
    there = make_repair.case(
        name="예시 별", birth_date="1944-02-29", phone="010-9999-7777", district=make.district("금산면")
    )
    make_repair.case()
    make.signed_in(client, clerk)
    for given in ({"phone": "01099997777"}, {"name": "예시별", "birth_date": "1944. 02. 29."}):
        answer = client.post(f"{DESK}find/", given)
        shown = answer.content.decode()
        assert answer.status_code == 200
        assert mine.number in shown
        assert there.number not in shown
        assert shown.count('<th scope="row">') == 1
    assert AccessRecord.objects.filter(detail="무상수리 사람 찾기").count() == 2
    nobody = client.post(f"{DESK}find/", {"phone": "010-9999-0000"}).content.decode()
    assert "맞는 신청이 없습니다" in nobody
    for wrong in ({}, {"name": "예시 별"}, {"phone": "12"}, {"name": "가", "birth_date": "봄"}):
        assert client.post(f"{DESK}find/", wrong).status_code == 422
    assert client.get(f"{DESK}find/", {"phone": "01099997777"}).content.decode().count("<td") == 0


def test_taking_several_that_nobody_has(client: Client, clerk: User) -> None:
    one, two, foreign = (
        make_repair.case(),
        make_repair.case(),
        make_repair.case(district=make.district("금산면")),
    )
    taken = make_repair.case()
    colleague = make.clerk()
    workflow.hand_over(taken.pk, make_repair.staff(colleague), colleague)
    make.signed_in(client, clerk)
    shown = page(client, tab="free")
    assert f'value="{one.pk}"' in shown
    assert 'name="case"' not in page(client)
    given = {"case": [one.pk, two.pk, taken.pk, foreign.pk, "x"]}
    answer = client.post(f"{DESK}take/", given, follow=True)
    said = answer.content.decode()
    assert "2건을 맡으셨습니다." in said
    assert "1건은 그 사이에 다른 분이 맡았습니다." in said
    officers = {case.pk: case.officer for case in Case.objects.all()}
    assert officers == {one.pk: clerk, two.pk: clerk, taken.pk: colleague, foreign.pk: None}
    assert "먼저 골라 주세요" in client.post(f"{DESK}take/", {}, follow=True).content.decode()
    assert client.get(f"{DESK}take/").status_code == 405


@pytest.mark.parametrize("tab", ["", "all", "free"])
def test_as_many_queries_for_one_as_for_thirty(client: Client, clerk: User, tab: str) -> None:
    make.signed_in(client, make_repair.repair_officer())
    page(client)  # the first look writes the session
    counts = []
    made = 0
    for wanted in (1, 3, 30):
        while made < wanted:
            make_repair.case()
            made += 1
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert page(client, tab=tab).count('<th scope="row">') == min(wanted, 20)
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts
    assert counts[0] == (11 if tab == "all" else 10), counts


def test_whose_deadline_is_paused_is_no_late_one(clerk: User) -> None:
    case = make_repair.selected(clerk)
    pauses.pause(case.pk, make_repair.staff(clerk), "입원")
    assert deadlines.warn() == 0
    assert timezone.localdate() == date(2026, 11, 25)
