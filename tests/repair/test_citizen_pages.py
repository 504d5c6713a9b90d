"""The doors of 컴퓨터 무상수리: what it is, whether one may have it, and where it stands by a number."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people.phones import national
from privacy.models import AccessRecord
from repair import lookup_by_number, visits, waiting_line
from repair.models import Draft, Programme
from tests import make, make_repair

pytestmark = pytest.mark.django_db
ANSWERS = {"lives_here": "yes", "group": "disabled", "used": "no", "device": "laptop"}


@pytest.fixture(autouse=True)
def nobody_asked_before() -> None:
    cache.clear()


def words(client: Client, page: str = "/repair/") -> str:
    answer = client.get(page)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_first_page_says_what_it_is_by_the_rule_in_force(client: Client) -> None:
    make_repair.programme(rules={"cap_won": 250_000, "working_days": 5})
    page = words(client)
    for said in (
        "25만 원까지",
        "근무일 5일 안에",
        "장애인",
        "신청하기",
        "진행 상황 보기",
        "대신 접수해",
        "055-000-0000",
    ):
        assert said in page
    assert "alert-warning" not in page


def test_whether_applications_are_taken_today_is_said_first(client: Client) -> None:
    assert "지금은 접수 기간이 아닙니다" in words(client)
    made = make_repair.programme(won=100_000, when_spent="wait")
    assert "접수한 순서에 따라" in words(client)
    Programme.objects.update(when_spent="close")
    assert "올해 예산을 모두 써서 접수를 마쳤습니다" in words(client)
    today = timezone.localdate()
    Programme.objects.filter(pk=made.pk).update(
        opens_on=today + timedelta(days=1), closes_on=today + timedelta(days=9)
    )
    assert "지금은 접수 기간이 아닙니다" in words(client)


def test_staff_find_their_own_pages(client: Client) -> None:
    programme = make_repair.programme()
    assert "업무 화면으로" not in words(client)
    make.signed_in(client, make.clerk())
    assert "업무 화면으로" in words(client)
    make.signed_in(client, make_repair.technician(programme.contractor))
    page = words(client)
    assert "내 방문 목록으로" in page
    assert "업무 화면으로" not in page


@pytest.mark.parametrize(
    ("given", "heading", "reason"),
    [
        ({}, "지원받으실 수 있습니다", "신청해 주세요"),
        ({"lives_here": "no"}, "지원받기 어렵습니다", "진주시에 주민등록이 된 분만"),
        ({"used": "yes"}, "지원받기 어렵습니다", "한 가구에 한 해 한 번"),
        ({"group": "none"}, "지원받기 어렵습니다", "지원 대상에 들지 않습니다"),
        ({"device": "other"}, "지원받기 어렵습니다", "컴퓨터(데스크톱, 노트북)만"),
        ({"group": "unsure"}, "직원이 확인해 봐야", "직원이 확인해 드립니다"),
        (
            {"lives_here": "unsure", "used": "unsure", "device": "unsure"},
            "직원이 확인해 봐야",
            "직원이 확인해",
        ),
        ({"group": "organisation"}, "지원받으실 수 있습니다", "신청해 주세요"),
    ],
)
def test_four_questions_advise_and_never_lock_out(
    client: Client, given: dict, heading: str, reason: str
) -> None:
    make_repair.programme()
    before = AccessRecord.objects.count()
    answer = client.post("/repair/check/", {**ANSWERS, **given})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert heading in page
    assert reason in page
    assert 'href="/repair/apply/"' in page
    assert ("그래도 신청하기" in page) == (heading != "지원받으실 수 있습니다")
    assert not Draft.objects.exists()
    assert AccessRecord.objects.count() == before


def test_the_answer_says_what_to_bring_and_that_money_is_spent(client: Client) -> None:
    make_repair.programme(won=100_000)
    page = client.post("/repair/check/", ANSWERS).content.decode()
    assert "차례를 기다리셔야" in page
    assert "복지카드" in page


def test_without_a_year_the_questions_still_answer(client: Client) -> None:
    page = client.post("/repair/check/", ANSWERS).content.decode()
    assert "지금은 접수 기간이 아닙니다" in page
    assert "그래도 신청하기" in page


def test_an_unanswered_question_is_named_and_the_others_stay(client: Client) -> None:
    answer = client.post("/repair/check/", {"group": "veteran"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "하나를 골라 주세요" in page
    assert page.count("checked") == 1


def status(client: Client, number: str, phone: str, **extra: str):
    return client.post("/repair/status/", {"number": number, "phone": phone}, **extra)


def test_where_it_stands_by_number_and_phone_and_nothing_about_anybody(client: Client) -> None:
    make_repair.programme()
    case = make_repair.selected(helper_name="예시 도우미", helper_phone="010-9999-8888")
    case.refresh_from_db()
    for phone in (national(case.resident.phone), "01099998888"):
        answer = status(client, case.number.replace("-", " "), phone)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "선정되셨습니다" in page
        assert f"{case.deadline_on.month}월 {case.deadline_on.day}일(" in page
        for secret in (
            case.resident.name,
            case.resident.address,
            "예시 도우미",
            "9999",
            "기초생활",
            "문산읍",
        ):
            assert secret not in page
    assert AccessRecord.objects.filter(subjects=[f"repair.case:{case.pk}"], action="view").count() == 2


def test_a_planned_visit_is_the_next_date(client: Client) -> None:
    make_repair.programme()
    visit = make_repair.visit(arrived=False)
    at = timezone.localtime().replace(hour=14, minute=30) + timedelta(days=1)
    visits.plan(visit.pk, make_repair.technician_actor(visit.technician), at)
    page = status(client, visit.case.number, national(visit.case.resident.phone)).content.decode()
    assert f"{at.month}월 {at.day}일(" in page
    assert "오후 2시 30분에 찾아갑니다" in page


def test_a_late_visit_is_admitted(client: Client) -> None:
    make_repair.programme()
    with make_repair.days_ago(30):
        case = make_repair.selected()
    page = status(client, case.number, national(case.resident.phone)).content.decode()
    assert "늦어지고 있습니다. 죄송합니다" in page


def test_a_wrong_pair_tells_nothing(client: Client) -> None:
    make_repair.programme()
    case = make_repair.case()
    answers = [
        status(client, case.number, "010-9999-0000"),
        status(client, "2026-0000-0000", national(case.resident.phone)),
    ]
    said = [answer.content.decode().split('class="errors"')[1].split("</div>")[0] for answer in answers]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert said[0] == said[1]
    assert "찾지 못했습니다" in said[0]
    assert status(client, "12", "010").status_code == 422


def test_guessing_ends_and_right_answers_do_not_count(client: Client, monkeypatch) -> None:
    monkeypatch.setattr(lookup_by_number, "MOST", 2)
    make_repair.programme()
    case = make_repair.case()
    right = (case.number, national(case.resident.phone))
    for _ in range(4):
        assert status(client, *right).status_code == 200
    for _ in range(2):
        status(client, case.number, "010-9999-0000")
    answer = status(client, *right)
    assert answer.status_code == 422
    assert "잠시 멈췄습니다" in answer.content.decode()
    assert status(client, *right, REMOTE_ADDR="10.0.0.9").status_code == 200


def test_what_comes_next_in_other_states(client: Client) -> None:
    make_repair.programme()
    refused = make_repair.refused()
    page = status(client, refused.number, national(refused.resident.phone)).content.decode()
    assert "이의신청을 하실 수 있습니다" in page
    done = make_repair.done()
    assert "어떠셨는지" in status(client, done.number, national(done.resident.phone)).content.decode()
    waiting = make_repair.confirmed()
    waiting_line.put_in_order(waiting.pk, make_repair.staff(make.clerk()))
    assert "순서에 따라" in status(client, waiting.number, national(waiting.resident.phone)).content.decode()


def test_the_first_page_asks_a_fixed_number_of_questions(client: Client) -> None:
    make_repair.programme()
    counts = []
    for more in (0, 3):
        for _ in range(more):
            make_repair.case()
        with CaptureQueriesContext(connection) as asked:
            words(client)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 5
