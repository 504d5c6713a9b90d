"""Somebody who wants to learn, perhaps over 70: finds a class near home, gets a seat, books for a parent, waits,
answers an offer in one tap, moves, cancels, gets a certificate; on a wide screen and a phone, without script."""

import io
import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from learning import attendance, notices
from learning import booking as deeds
from learning.models import Booking, Session
from learning.topics import Topic
from people.models import Message
from people.phones import normalised
from tests import make, make_learning
from tests.learning.citizens import PHONE, citizen

from .looks import faults
from .test_repair_citizen import by_code, press, refused

pytestmark = [pytest.mark.trip, pytest.mark.django_db(transaction=True)]
WAYS = [
    (1280, "normal", "normal", True),
    (390, "normal", "normal", True),
    (390, "normal", "normal", False),
    (320, "larger", "high", True),
]


def seen(page: Page, name: str, script: bool = True) -> None:
    """Nothing is wrong with it (axe needs a script); kept as a picture where SCREENSHOTS says."""
    if script:
        assert faults(page) == []
    if folder := os.environ.get("SCREENSHOTS"):
        width = page.viewport_size["width"]  # type: ignore[index]
        page.screenshot(path=Path(folder) / f"{name}-{width}{'' if script else '-plain'}.png", full_page=True)


@pytest.fixture
def classes() -> list[Session]:
    """A class for the elderly near by, one of the same course a day later, and a kiosk class far away that is full."""
    near = make_learning.centre(
        name="예시 문산 배움터",
        address="경상남도 진주시 문산읍 동부로 1",
        way_there="문산 정류장에서 걸어서 3분, 1층입니다.",
        phone="055-000-1234",
    )
    far = make_learning.centre(name="예시 사봉 배움터", district=make.district("사봉면"))
    course = make_learning.course(title="스마트폰 사진 보내기", bring="쓰시는 스마트폰", seats=2)
    make_learning.course_rule(course, age_from=65)
    kiosk = make_learning.course(title="키오스크로 주문하기", topic=Topic.KIOSK)
    held = [
        make_learning.session(course, days=6, room=make_learning.room(near)),
        make_learning.session(course, days=8, room=make_learning.room(near)),
        make_learning.session(kiosk, days=3, room=make_learning.room(far), capacity=1),
    ]
    make_learning.booking(held[2])
    return held


@pytest.mark.parametrize(("width", "text", "contrast", "script"), WAYS)
def test_from_the_first_page_to_a_seat_and_to_the_certificate(
    screen, classes: list[Session], width: int, text: str, contrast: str, script: bool
) -> None:
    page = screen(width, text, contrast, java_script_enabled=script)
    page.goto("/")
    page.get_by_role("link", name="배우러 가기").click()
    seen(page, "landing", script)
    page.get_by_role("link", name="스마트폰", exact=True).click()
    page.get_by_text("조건 바꾸기 (스마트폰)").click()
    page.get_by_label("우리 동네").select_option(label="문산읍")
    press(page, "찾기")
    expect(page.get_by_role("heading", name="문산읍에서 가까운 순서")).to_be_visible()
    seen(page, "classes", script)
    page.get_by_role("link", name="달력", exact=True).click()
    seen(page, "calendar", script)
    page.get_by_role("link", name="목록", exact=True).click()
    page.get_by_role("link", name="스마트폰 사진 보내기").first.click()
    expect(page.locator("main")).to_contain_text("65세부터 오실 수 있습니다")
    seen(page, "class", script)
    page.get_by_role("link", name="신청하기").click()
    seen(page, "code", script)
    by_code(page, PHONE)
    press(page, "신청하기")
    refused(page, script)
    page.get_by_label("배우시는 분 이름").fill("예시 어르신")
    page.get_by_label("배우시는 분이 태어난 해").fill("1950년")
    expect(page.get_by_label("알림을 누가")).to_be_hidden()
    seen(page, "book", script)
    page.get_by_label("개인정보를 수업 신청에").check()
    page.get_by_label("배우시는 분 이름").press("Enter")
    expect(page.locator("h1")).to_have_text("자리를 잡았습니다")
    seen(page, "booked", script)

    page.get_by_role("link", name="다른 날로 옮기기").click()
    page.locator("[name=to]").first.check()
    seen(page, "move", script)
    press(page, "이 날로 옮기기")
    expect(page.locator(".messages")).to_contain_text("다른 날로 옮겼습니다")
    expect(page.locator("h1")).to_have_text("자리를 잡았습니다")

    booking = Booking.objects.latest("booked_at")
    past = timezone.now() - timedelta(hours=3)
    Session.objects.filter(pk=booking.session_id).update(
        starts_at=past, ends_at=past + timedelta(hours=2), opens_at=past - timedelta(days=9), closes_at=past
    )
    attendance.mark(
        booking.pk, "came", make_learning.staff(make_learning.centre_staff(booking.session.room.centre))
    )
    page.goto("/learning/mine/")
    seen(page, "mine-past", script)
    page.get_by_role("link", name="스마트폰 사진 보내기").first.click()
    press(page, "수료증 보기")
    expect(page.locator(".certificate")).to_contain_text("예시 어르신")
    seen(page, "certificate", script)
    paper = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    [sheet] = paper.pages
    assert (round(sheet.mediabox.width), round(sheet.mediabox.height)) == (595, 842)  # A4, points
    said = re.sub(r"\s", "", sheet.extract_text())
    assert "수료증" in said and "예시어르신" in said and "디지털배움터" in said


@pytest.mark.parametrize(("width", "text", "contrast", "script"), WAYS)
def test_a_child_for_a_parent_who_waits_and_answers_in_one_tap(
    screen, classes: list[Session], width: int, text: str, contrast: str, script: bool
) -> None:
    full = classes[2]
    page = screen(width, text, contrast, java_script_enabled=script)
    page.goto(f"/learning/classes/{full.pk}/")
    expect(page.locator("main")).to_contain_text("자리 없음")
    page.get_by_role("link", name="대기 신청하기").click()
    by_code(page, PHONE)
    page.get_by_label("부모님이나 다른 분을").check()
    page.get_by_label("배우시는 분 이름").fill("예시 부모")
    page.get_by_label("신청하시는 분(").fill("예시 자녀")
    page.get_by_label("신청하는 저").check()
    page.get_by_label("미리 알아 둘 것", exact=False).first.fill("귀가 어두우십니다.")
    page.get_by_label("개인정보를 수업 신청에").check()
    press(page, "대기 신청하기")
    refused(page, script)
    expect(page.get_by_label("배우시는 분 이름")).to_have_value("예시 부모")
    page.get_by_label("몸이 불편한 점을").check()
    seen(page, "book-parent", script)
    press(page, "대기 신청하기")
    expect(page.locator("h1")).to_have_text("대기 1번째입니다")
    seen(page, "waiting", script)
    page.context.clear_cookies()

    deeds.cancel(Booking.objects.earliest("booked_at").pk, make_learning.CITIZEN)
    notices.tell_steps()
    [told] = Message.objects.filter(template="learning_offer")
    assert told.to == normalised(PHONE)
    page.goto(re.search(r"https?://[^/]+(/\S+)", told.text)[1])  # type: ignore[index]
    by_code(page, PHONE)
    expect(page.get_by_role("heading", name="자리가 났습니다. 오시겠어요?")).to_be_visible()
    seen(page, "offer", script)
    page.get_by_role("button", name="네, 가겠습니다").click()
    expect(page.locator("h1")).to_have_text("자리를 잡았습니다")
    page.get_by_role("link", name="신청 취소하기").click()
    seen(page, "cancel", script)
    press(page, "네, 취소하겠습니다")
    expect(page.locator(".messages")).to_contain_text("신청을 취소했습니다")
    seen(page, "mine-cancelled", script)


def test_by_keyboard_alone_a_whole_series(screen) -> None:
    course = make_learning.course(title="네 번 과정")
    series = make_learning.series(course, as_one=False)
    first, *_ = [make_learning.session(course, days=7 * n, series=series) for n in (1, 2, 3)]
    page = screen(390, client=citizen())
    page.goto(f"/learning/classes/{first.pk}/")
    page.get_by_role("link", name="신청하기").focus()
    page.keyboard.press("Enter")
    page.locator("[name=whose]").first.focus()
    page.keyboard.press("Tab")
    page.keyboard.type("예시 어르신")
    page.keyboard.press("Tab")  # one or all
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("남은 3번 모두")).to_be_checked()
    for key in (
        "Tab",
        "Tab",
        "Space",
        "Tab",
        "Tab",
        "Enter",
    ):  # what to know, the first consent, the second, press
        page.keyboard.press(key)
    expect(page.locator("h1")).to_have_text("3번 모두 자리를 잡았습니다")
    seen(page, "series")


def test_a_long_name_and_a_long_course_fit_on_the_sheet(screen) -> None:
    course = make_learning.course(title="스마트폰으로 " * 9 + "배우기", minutes=600)
    session = make_learning.session(course, starts_at=timezone.now() - timedelta(hours=11))
    who = make_learning.learner("가나다라마바사아자차" * 5, normalised(PHONE))
    made = make_learning.booking(session, who)
    attendance.mark(made.pk, "came", make_learning.staff(make_learning.centre_staff(session.room.centre)))
    page = screen(1280, "larger", client=citizen())
    page.goto(f"/learning/mine/{made.pk}/")
    press(page, "수료증 보기")
    expect(page.locator(".certificate")).to_be_visible()
    paper = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(paper.pages) == 1
    said = re.sub(r"\s", "", paper.pages[0].extract_text())
    assert "가나다라마바사아자차" * 5 in said and said.endswith("디지털배움터")
