"""One case on one page: what it says, what can be done from there, and its receipt."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people.demo_clock import clock_at
from people.holidays import decide_on_day
from people.models import User
from privacy import purposes
from privacy.access import Action
from privacy.models import AccessRecord
from repair import deadlines, objections, pauses, workflow
from repair.models import Case, Evidence
from tests import make, make_repair

from . import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_a_thursday(monkeypatch: pytest.MonkeyPatch) -> None:
    clock.set_to(monkeypatch, date(2026, 11, 26))
    make_repair.programme()


@pytest.fixture
def clerk(client: Client) -> User:
    made = make.clerk()
    make.signed_in(client, made)
    return made


def page(client: Client, case: Case) -> str:
    answer = client.get(f"/repair/desk/{case.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def buttons(client: Client, case: Case) -> set[str]:
    """Keys of the deeds that the page offers."""
    start = f"/repair/desk/{case.pk}/"
    return set(re.findall(f'{start}([a-z-]+)/"', page(client, case))) - {"receipt"}


def test_everything_of_it_on_one_page(client: Client, clerk: User) -> None:
    case = make_repair.selected(
        clerk,
        name="예시 한아름",
        phone="010-9999-4321",
        unit="101동 202호",
        helper_name="예시 이웃",
        helper_phone="010-9999-4322",
        wishes="오후에만 계십니다",
    )
    masked = page(client, case)
    for word in (
        "예시 한아름",
        "1950-03-01",
        "010-9999-4321",
        "101동",
        "기초생활수급자",
        "예시 이웃",
        "오후에만",
    ):
        assert word not in masked, word
    assert "켜는 데 오래 걸립니다" not in masked and "증명서를 봄" not in masked
    assert "12월 1일(화요일)까지" in masked and "자격을 확인함" in masked and "1950-**-**" in masked
    assert AccessRecord.objects.latest("pk").detail == "무상수리 한 건 (가린 채)"
    shown = page(make.seeing(client, case), case)
    for words in (
        case.number,
        "예시 한아름",
        "1950-03-01",
        "010-9999-4321",
        "101동 202호",
        "기초생활수급자",
        "예시 이웃",
        "오후에만 계십니다",
        "켜는 데 오래 걸립니다",
        "증명서를 봄",
        "12월 1일(화요일)까지",
        "2026년 기준(시험 공고): 선정한 다음 날부터 근무일 3일, 공휴일 제외",
        "1일째",
        "200,000원",
        "자격을 확인함",
        clerk.username,
    ):
        assert words in shown, words
    record = AccessRecord.objects.latest("pk")
    assert (record.action, record.identifier) == (Action.VIEW, clerk.username)
    assert record.subjects == [f"repair.case:{case.pk}"]
    assert record.detail == "무상수리 한 건: 시민과 통화·연락"
    assert "no-store" in client.get(f"/repair/desk/{case.pk}/")["Cache-Control"]


def test_a_moved_deadline_keeps_the_promise_in_sight(client: Client, clerk: User, monkeypatch) -> None:
    case = make_repair.selected(clerk)
    decide_on_day(date(2026, 11, 30), "임시공휴일", is_holiday=True, by=clerk)
    deadlines.follow_holidays()
    shown = page(client, case)
    assert "12월 2일(수요일)까지" in shown
    assert "처음 약속한 기한: <strong>12월 1일(화요일)</strong>" in shown
    assert "12월 1일 → 12월 2일 (공휴일이 바뀜)" in shown
    assert "공휴일(임시공휴일)" in shown
    clock.set_to(monkeypatch, date(2026, 12, 3))
    make.signed_in(client, clerk)
    assert "방문 기한이 지났습니다." in page(client, case)
    pauses.pause(case.pk, make_repair.staff(clerk), "입원하셨습니다")
    shown = page(client, case)
    assert "12월 3일부터 기한을 멈췄습니다." in shown
    assert "입원하셨습니다" in shown
    assert "방문 기한이 지났습니다." not in shown


def test_only_their_own(client: Client, clerk: User) -> None:
    foreign = make_repair.case(district=make.district("금산면"))
    for address in ("", "receipt/", "withdraw/"):
        assert client.get(f"/repair/desk/{foreign.pk}/{address}").status_code == 404
    assert client.post(f"/repair/desk/{foreign.pk}/withdraw/", {"words": "까닭"}).status_code == 404
    make.signed_in(client, make_repair.repair_officer())
    assert client.get(f"/repair/desk/{foreign.pk}/").status_code == 200
    for nobody in (make.city_operator(), make_repair.technician(make_repair.contractor())):
        make.signed_in(client, nobody)
        for address in ("", "receipt/", "withdraw/"):
            assert client.get(f"/repair/desk/{foreign.pk}/{address}").status_code == 403
    client.logout()
    assert client.get(f"/repair/desk/{foreign.pk}/").status_code == 302


def test_only_what_fits_is_offered(client: Client, clerk: User) -> None:
    by, colleague = make_repair.staff(clerk), make.clerk()
    keeping = {"paper", "group", "correct", "hand-over", "move", "exception", "withdraw", "take"}
    case = make_repair.case()
    assert buttons(client, case) == keeping | {"evidence", "ask-paper", "propose-refusal"}
    assert "지원 대상, 진주시 거주의 근거가" in page(client, case)
    make_repair.evidence(case, clerk)
    assert "confirm" in buttons(client, case)
    workflow.confirm(case.pk, by)
    assert buttons(client, case) == keeping - {"take"} | {"evidence", "select", "propose-refusal"}
    workflow.select(case.pk, by)
    assert buttons(client, case) == {"correct", "hand-over", "withdraw", "pause"}
    pauses.pause(case.pk, by, "입원")
    assert buttons(client, case) == {"correct", "hand-over", "withdraw", "resume"}
    pauses.resume(case.pk, by)
    done = make_repair.done(Case.objects.get(pk=case.pk))
    assert buttons(client, done) == set()
    assert "지금 하실 일은 없습니다." in page(client, done)

    mine = workflow.propose_refusal(make_repair.case().pk, by, "진주시에 살지 않으십니다.")
    assert buttons(client, mine) == keeping | {"evidence", "keep-open"}
    shown = page(client, mine)
    assert "스스로 정할 수 없습니다" in shown
    assert "진주시에 살지 않으십니다." in shown
    make.signed_in(client, colleague)
    assert buttons(client, mine) == keeping | {"evidence", "refuse", "keep-open"}
    workflow.refuse(mine.pk, make_repair.staff(colleague))
    assert buttons(client, mine) == {"object"}
    objections.object_to(mine.pk, make_repair.CITIZEN, "다릅니다")
    assert "uphold" not in buttons(client, mine)
    assert "이의를 물리칠 수 없습니다" in page(client, mine)
    make.signed_in(client, make_repair.repair_officer())
    assert {"uphold", "reopen"} <= buttons(client, mine)


def test_what_the_rule_says_and_why(client: Client, clerk: User) -> None:
    fits = make_repair.case()
    assert "기준에 맞습니다" in page(client, fits)
    elsewhere = make_repair.case(address="경상남도 사천시 사천읍 읍내로 3")
    assert "진주시에 주민등록이 된 분만" not in page(client, elsewhere)
    shown = page(make.seeing(client, elsewhere), elsewhere)
    assert "기준에 맞지 않습니다" in shown
    assert "진주시에 주민등록이 된 분만" in shown
    about, way = Evidence.About.GROUP, Evidence.Way.SEEN
    workflow.note_evidence(fits.pk, make_repair.staff(clerk), about, way, Evidence.Answer.UNCLEAR)
    assert "확인할 것이 있습니다" in page(client, fits)


def test_other_cases_of_the_household_and_of_the_person(client: Client, clerk: User) -> None:
    home = "경상남도 진주시 문산읍 동부로 77"
    used = make_repair.done(make_repair.selected(clerk, address=home))
    workflow.withdraw(make_repair.case(address=home + " 2층").pk, make_repair.CITIZEN)
    again = make_repair.case(address="진주시 문산읍 동부로 77", exception="세대가 둘입니다", name="예시 별")
    moved = make_repair.case(name="예시 별", district=make.district("금산면"))
    shown = page(client, again)
    assert "올해 같은 가구" in shown
    assert f'href="/repair/desk/{used.pk}/"' in shown
    assert "같은 이름과 생년월일" in shown
    assert moved.number in shown
    assert f"/repair/desk/{moved.pk}/" not in shown
    subjects = set(AccessRecord.objects.latest("pk").subjects)
    assert {f"repair.case:{case.pk}" for case in (used, again, moved)} <= subjects


def test_a_receipt_on_paper_is_recorded_as_printed(client: Client, clerk: User, settings) -> None:
    case = make_repair.case(name="예시 한아름")
    assert client.get(f"/repair/desk/{case.pk}/receipt/")["Location"] == f"/repair/desk/{case.pk}/"
    make.seeing(client, case, purpose="answer")
    shown = client.get(f"/repair/desk/{case.pk}/receipt/").content.decode()
    for words in (
        case.number,
        "예시 한아름",
        "2026년 11월 26일",
        "자격을 확인하고 있습니다",
        settings.HELP_PHONE,
        "문산읍",
    ):
        assert words in shown
    for words in ("기초생활수급자", "동부로", "1950"):
        assert words not in shown
    record = AccessRecord.objects.latest("pk")
    assert (record.action, record.subjects) == (Action.PRINT, [f"repair.case:{case.pk}"])
    assert record.detail == "무상수리 접수증: 민원·요구 처리"


def test_what_was_chosen_counts_for_that_row_and_some_minutes(client: Client, clerk: User) -> None:
    one, other = make_repair.case(name="예시 한아름"), make_repair.case(name="예시 두아름")
    make.seeing(client, one)
    assert "예시 한아름" in page(client, one) and "예시 두아름" not in page(client, other)
    with clock_at(timezone.now() + timedelta(seconds=purposes.LASTS + 1)):
        assert "예시 한아름" not in page(client, one)
    # Nothing is opened by a row, a reason or a way back that is made up.
    for wrong in ({"purpose": "nosy"}, {"row": "x"}, {"back": "https://evil.example/"}):
        given = {"row": f"repair.case:{other.pk}", "purpose": "call", "back": "/start/", **wrong}
        assert client.post("/privacy/look/", given)["Location"].startswith("/start/")
        assert "예시 두아름" not in page(client, other)


def test_as_many_queries_however_much_happened(client: Client, clerk: User) -> None:
    case = make_repair.case(address="진주시 문산읍 동부로 500")
    page(client, case)
    counts = []
    for more in (1, 2, 10):
        for n in range(more):
            make_repair.evidence(case, clerk)
            workflow.hand_over(case.pk, make_repair.staff(clerk), clerk, f"{n}")
            make_repair.case(address="진주시 문산읍 동부로 500", exception="세대가 여럿")
        with CaptureQueriesContext(connection) as queries:
            page(client, case)
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts
    assert counts[0] == 9, counts


def test_an_office_sees_the_visit_that_it_is_asked_about(client: Client, clerk: User) -> None:
    visit = make_repair.visit(make_repair.selected(clerk))
    make_repair.lines(visit, ["점검", "SSD 256GB"])
    said = page(client, visit.case)
    for words in (visit.technician.username, "에 방문함", "SSD 256GB 60,000원"):
        assert words in said
    done = make_repair.done(make_repair.selected(clerk))
    said = page(client, done)
    assert "수리 확인" in said
    assert "수리비 90,000원" in said
