"""개인정보: a citizen sees what is held and who looked, checks a proof, withdraws a consent and asks; the officers
answer, erase by two, and stand a breach. Each page looked at wide and narrow, also without a script."""

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from learning import consent_texts
from learning.models import Learner
from people.models import Message
from people.phones import normalised
from privacy import consents, name_behind
from privacy.access import subject
from privacy.ledger import checkpoints
from privacy.ledger.sequence import sequence
from privacy.models import Breach, Request
from tests import make, make_learning
from tests.learning.access_cast import citizen
from tests.privacy.ledger import things
from tests.privacy.mine.test_requests import officer

from .looks import faults

pytestmark = [pytest.mark.trip, pytest.mark.django_db(transaction=True)]

PHONE = "010-9999-7301"
WAYS = [(1280, True), (390, False)]


def seen(page: Page, name: str) -> None:
    """Nothing is wrong with it; kept as a picture where SCREENSHOTS says."""
    assert faults(page) == [], name
    if folder := os.environ.get("SCREENSHOTS"):
        width = page.viewport_size["width"]  # type: ignore[index]
        page.screenshot(path=Path(folder) / f"privacy-{name}-{width}.png", full_page=True)


@pytest.fixture
def learner(settings, tmp_path: Path) -> Learner:
    settings.ERASURE_REGISTER = str(tmp_path / "erasures.jsonl")
    made = make_learning.learner("예시 주민", normalised(PHONE))
    make_learning.booking(make_learning.session(), made, wishes="계단이 어렵습니다")
    consents.keep_consents(made, {consent_texts.PERSONAL.key: True, consent_texts.NEEDS.key: True}, None)
    clerk = make_learning.call_centre()
    things.written(
        3, timezone.now(), identifier=clerk.username, subjects=[subject(made)], detail="배움터 출석"
    )
    sequence()
    checkpoints.make(timezone.now())
    return made


@pytest.mark.parametrize(("width", "javascript"), WAYS)
def test_a_citizen(screen, learner: Learner, tmp_path: Path, width: int, javascript: bool) -> None:
    client = citizen(PHONE)
    session = client.session
    del session[name_behind.KEY]
    session.save()
    page = screen(width, client=client, java_script_enabled=javascript)
    page.goto("/privacy/")
    seen(page, "landing")
    page.get_by_role("link", name="내 개인정보 보기").click()
    seen(page, "mine")
    page.get_by_role("link", name="가지고 있는 내 정보").click()
    page.get_by_label("이름").fill("다른 사람")
    page.get_by_role("button", name="확인하기").click()
    expect(page.locator(".errors")).to_contain_text("그 이름의 기록을 찾지 못했습니다")
    seen(page, "name-wrong")
    page.get_by_label("이름").fill(learner.name)
    page.get_by_role("button", name="확인하기").click()
    expect(page.locator("main")).to_contain_text("계단이 어렵습니다")
    seen(page, "held")
    page.goto("/privacy/mine/looks/")
    expect(page.locator("main")).to_contain_text("디지털배움터 상담")
    seen(page, "looks")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("증명 받기")).first.click()
    proof = tmp_path / "proof.json"
    download.value.save_as(proof)
    if javascript:  # the check computes in the browser itself
        page.goto("/privacy/check/")
        page.locator("input[type=file]").set_input_files(proof)
        expect(page.locator("main")).to_contain_text("배움터 출석")
    page.goto("/privacy/mine/agreed/")
    seen(page, "agreed")
    page.get_by_role("link", name=re.compile("이 동의 거두기.*불편한")).click()
    seen(page, "withdraw")
    page.get_by_role("button", name="동의 거두기").click()
    expect(page.locator(".messages")).to_contain_text("동의를 거두셨습니다")
    page.goto("/privacy/mine/requests/")
    page.get_by_role("button", name="요구하기").click()
    expect(page.locator(".errors")).to_contain_text("하나를 골라 주세요")
    seen(page, "requests-refused")
    page.get_by_label("정정 (고치기)").check()
    page.get_by_role("textbox", name="어떤 것인지").fill("이름을 고쳐 주세요")
    page.get_by_role("button", name="요구하기").click()
    expect(page.locator("main")).to_contain_text("까지 답해 드립니다")
    seen(page, "requests")


@pytest.mark.parametrize(("width", "javascript"), WAYS)
def test_officers_answer_and_erase_by_two(screen, learner: Learner, width: int, javascript: bool) -> None:
    Request.objects.create(
        once="00000000-0000-4000-8000-000000000001",
        kind="erase",
        phone=normalised(PHONE),
        words="모두 지워 주세요",
        due_on=timezone.localdate(),
    )
    first = screen(width, client=make.signed_in(Client(), officer()), java_script_enabled=javascript)
    first.goto("/privacy/requests/")
    expect(first.locator("main")).to_contain_text("오늘까지")
    seen(first, "desk")
    first.get_by_role("link", name=re.compile(r"\d+월 \d+일")).click()
    seen(first, "desk-one")
    first.get_by_role("link", name="거절하기").click()
    first.get_by_role("button", name="거절하고 알리기").click()
    expect(first.locator(".errors")).to_contain_text("하나를 골라 주세요")
    seen(first, "desk-refused")
    first.get_by_role("link", name="들어주고 답하기").click()
    first.get_by_role("textbox", name="드리는 답").fill("모두 지웁니다.")
    first.get_by_role("button", name="답하고 알리기").click()
    expect(first.locator(".messages")).to_contain_text("다른 담당이 한 번 더 보고")
    seen(first, "desk-erasing")
    first.get_by_role("link", name="파기 계획 보기").click()
    expect(first.locator("main")).to_contain_text("올린 사람은 정할 수 없습니다")
    seen(first, "erasure-own")
    second = screen(width, client=make.signed_in(Client(), officer()), java_script_enabled=javascript)
    second.goto("/privacy/erasures/")
    seen(second, "erasures")
    second.get_by_role("link", name=re.compile("010-")).click()
    seen(second, "erasure")
    second.get_by_role("button", name="지우기", exact=True).click()
    expect(second.locator("main")).to_contain_text("파기 대장에 적힌 것")
    seen(second, "erasure-done")
    assert not Learner.objects.exclude(phone_index="").exists()
    second.goto("/privacy/keys/")
    seen(second, "keys")


@pytest.mark.parametrize(("width", "javascript"), WAYS)
def test_a_breach_from_the_clue_to_the_notice(screen, learner: Learner, width: int, javascript: bool) -> None:
    things.written(2, timezone.now(), identifier="lost-clerk", subjects=[subject(learner)], action="download")
    first = screen(width, client=make.signed_in(Client(), officer()), java_script_enabled=javascript)
    first.goto("/privacy/breaches/")
    first.get_by_role("button", name="노출된 사람 찾기").click()
    seen(first, "breaches-refused")
    now = timezone.localtime()
    first.get_by_label("무슨 일인가요?").fill("노트북 분실")
    first.get_by_label("어떻게 알았나요?").fill("직원이 알렸습니다")
    first.get_by_label("의심되는 계정").fill("lost-clerk")
    first.get_by_label("언제부터").fill(f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M}")
    first.get_by_label("언제까지").fill(f"{now + timedelta(hours=1):%Y-%m-%dT%H:%M}")
    first.get_by_role("button", name="노출된 사람 찾기").click()
    expect(first.locator("main")).to_contain_text("시간 남았습니다")
    seen(first, "breach")
    first.get_by_role("button", name="유출 확인").click()
    first.get_by_role("button", name="이 글로 승인 청하기").click()
    second = screen(width, client=make.signed_in(Client(), officer()), java_script_enabled=javascript)
    second.goto(f"/privacy/breaches/{Breach.objects.get().pk}/")
    second.get_by_role("button", name="승인하고 문자로 알리기").click()
    expect(second.locator("main")).to_contain_text("처음 알렸습니다")
    assert "유출되었습니다" in Message.objects.get(template="privacy_breach").text
    second.get_by_role("link", name="연락처 명단 받기").click()
    second.get_by_role("button", name="받기", exact=True).click()
    seen(second, "breach-people")
    second.goto("/privacy/breaches/posted/")
    seen(second, "posted")


@pytest.mark.parametrize(("width", "javascript"), WAYS)
def test_the_review_of_a_month(screen, learner: Learner, width: int, javascript: bool) -> None:
    last = timezone.localtime().replace(day=1) - timedelta(days=1)
    clerk = make.clerk()
    for night in range(2):
        at = last.replace(day=10 + night, hour=23, minute=5)
        things.written(4, at, identifier=clerk.username, subjects=[subject(learner)])
    page = screen(width, client=make.signed_in(Client(), officer()), java_script_enabled=javascript)
    page.goto("/privacy/reviews/")
    seen(page, "reviews")
    page.get_by_role("button", name=re.compile("점검 시작")).first.click()
    expect(page.locator("main")).to_contain_text("밤과 쉬는 날")
    seen(page, "review")
    page.get_by_role("link", name="밤과 쉬는 날").first.click()
    page.get_by_role("button", name="소명 청하기").click()
    page.get_by_role("button", name="판단 적기").click()
    expect(page.locator(".errors")).to_contain_text("하나를 골라 주세요")
    seen(page, "finding")
    theirs = screen(width, client=make.signed_in(Client(), clerk), java_script_enabled=javascript)
    theirs.goto("/privacy/explain/")
    seen(theirs, "explain")
    theirs.get_by_role("textbox", name="왜 여셨나요?").fill("산불 당직이었습니다")
    theirs.get_by_role("button", name="답하기").click()
    expect(theirs.locator("main")).to_contain_text("산불 당직이었습니다")
    page.get_by_label("업무로 본 것").check()
    page.get_by_role("textbox", name="까닭").fill("당직표와 맞습니다")
    page.get_by_role("button", name="판단 적기").click()
    expect(page.locator("main")).to_contain_text("업무로 본 것")
    page.goto("/privacy/rights/")
    page.get_by_label("그분의 휴대전화").fill(PHONE)
    page.get_by_label("어느 날").fill(timezone.localdate().isoformat())
    page.get_by_role("button", name="찾기").click()
    expect(page.locator("main")).to_contain_text("수업 신청")
    seen(page, "rights")


@pytest.mark.parametrize("width", [1280, 390])
def test_what_is_published_and_handed_in(screen, learner: Learner, tmp_path: Path, width: int) -> None:
    page = screen(width, client=make.signed_in(Client(), officer()))
    for address, name in (
        ("notice", "notice-first"),
        ("downloads", "downloads"),
        ("contractors", "contractors"),
    ):
        page.goto(f"/privacy/{address}/")
        seen(page, name)
    page.get_by_role("textbox", name="업체").fill("예시 수리점")
    page.get_by_role("textbox", name="맡은 일").fill("방문 수리")
    page.get_by_label("계약한 날").fill("2026-01-02")
    page.get_by_label("끝나는 날").fill("2030-12-31")
    page.get_by_role("button", name="등록하기").click()
    page.get_by_role("link", name="예시 수리점").click()
    seen(page, "contractor")
    page.goto("/privacy/notice/")
    page.get_by_role("button", name=re.compile("새 판 내기")).click()
    expect(page.locator(".messages")).to_contain_text("1판")
    seen(page, "notice")
    page.goto("/privacy/evidence/")
    page.get_by_role("button", name="오늘 수치 남기기").click()
    expect(page.locator(".messages")).to_contain_text("남겼습니다")
    seen(page, "evidence")
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("자료 묶음")).click()
    assert download.value.suggested_filename.endswith(".zip")
    page.get_by_role("link", name="편람의 지표 적기").click()
    page.get_by_role("button", name="적기").click()
    seen(page, "indicator")
    page.goto("/privacy/evidence/")
    page.get_by_role("link", name="지표 한꺼번에 넣기").click()
    page.get_by_label("표", exact=True).fill("1-1\t처리방침을 알기 쉽게\n1-2")
    page.get_by_role("button", name="넣기").click()
    expect(page.locator("main")).to_contain_text("2번째 줄")
    seen(page, "indicators")
    page.get_by_label("표", exact=True).fill("1-1\t처리방침을 알기 쉽게\t4")
    page.get_by_role("button", name="넣기").click()
    expect(page.locator("main")).to_contain_text("처리방침을 알기 쉽게")
    paper = tmp_path / "evidence.pdf"
    page.goto("/privacy/evidence/")
    page.emulate_media(media="print")
    paper.write_bytes(page.pdf(format="A4"))
    assert 1 <= len(PdfReader(paper).pages) <= 8
