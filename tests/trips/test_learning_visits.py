"""찾아가는 수업 in a browser: an institution asks and is visited, two who are too few find a third; and the pages of
the coordinator and of instructors, in several ways of reading. The whole way once without JavaScript."""

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from learning import fees
from learning.models import Assignment, VisitClass, VisitRequest
from people.models import User
from tests import make, make_learning
from tests.learning.citizens import signed_in
from tests.learning.test_coverage import visited
from tests.learning.test_fees import at, last_month, taught
from tests.learning.visiting import ask, assign, begun, confirmed, on_a_weekday, propose

from .looks import faults

pytestmark = [pytest.mark.trip, pytest.mark.django_db(transaction=True)]
WAYS = [(1280, "normal", "normal"), (390, "normal", "normal"), (320, "larger", "high")]


def seen(page: Page, name: str, *, script: bool = True) -> None:
    """Nothing is wrong with it; kept as a picture where SCREENSHOTS says."""
    if script:  # axe is one itself
        assert faults(page) == []
    if folder := os.environ.get("SCREENSHOTS"):
        width = page.viewport_size["width"]  # type: ignore[index]
        page.screenshot(path=Path(folder) / f"visits-{name}-{width}.png", full_page=True)


def citizen(number: str) -> Client:
    client = Client()
    signed_in(client, number, "/learning/visits/mine/")
    return client


def staff(user: User) -> Client:
    return make.signed_in(Client(), user)


def fill(page: Page, people: int, *, institution: str = "", name: str = "예시 대표") -> None:
    if institution:
        page.get_by_label("경로당, 복지관, 노인대학 같은 기관").check()
        page.get_by_label("모임이나 기관 이름").fill(institution)
    else:
        page.get_by_label("이웃이나 모임").check()
    page.get_by_label("연락하실 분 이름").fill(name)
    page.get_by_label("몇 분이 들으시나요?").fill(str(people))
    page.get_by_label("스마트폰", exact=True).check()
    page.get_by_label("바라는 날 1").fill(f"{on_a_weekday():%Y-%m-%d}")
    page.get_by_label("바라는 시간 1").select_option(label="오전 (9시~12시)")
    page.get_by_label("읍면동").select_option(label="문산읍")
    page.get_by_label("모일 곳", exact=False).first.fill("상이마을회관")
    page.get_by_label("모일 곳의 주소").fill("경상남도 진주시 문산읍 동부로 12")


def teach(screen, row: Assignment, script: bool) -> Page:
    """The instructor's phone, on the page of that class."""
    page = screen(390, client=staff(row.instructor.user), java_script_enabled=script)
    page.goto("/learning/visits/teach/")
    return page


@pytest.mark.parametrize(("width", "script"), [(1280, True), (390, True), (390, False)])
def test_an_institution_asks_and_is_visited(screen, width: int, script: bool) -> None:
    make_learning.institution(name="예시 상이 경로당")
    for name in ("예시 강사 하나", "예시 강사 둘"):
        one = make_learning.instructor()
        one.user.name = name
        one.user.save()
    page = screen(width, client=citizen("010-9999-7401"), java_script_enabled=script)
    page.goto("/learning/visits/")
    seen(page, "landing", script=script)
    page.get_by_role("link", name="찾아와 달라고 신청하기").click()
    page.get_by_role("button", name="신청하기").click()
    page.locator(".errors").wait_for()
    seen(page, "ask-refused", script=script)
    fill(page, 6, institution="예시 상이 경로당")
    page.get_by_label("개인정보를 찾아가는 수업에 쓰는 것에 동의합니다").check()
    page.get_by_role("button", name="신청하기").click()
    expect(page.locator(".messages")).to_contain_text("접수번호")
    seen(page, "one-open", script=script)
    asked_at = page.url

    desk = screen(width, client=staff(make_learning.coordinator()), java_script_enabled=script)
    desk.goto("/learning/visits/desk/")
    seen(desk, "work", script=script)
    desk.get_by_role("link", name=re.compile("방문-")).click()
    seen(desk, "request", script=script)
    desk.get_by_role("button", name="이 날로 여쭙기").click()
    expect(desk.locator(".messages")).to_contain_text("강사를 정해 주세요")
    seen(desk, "class-suggested", script=script)
    for part in ("주강사", "보조강사"):
        desk.get_by_role("button", name=re.compile(f"정하기.*: {part}")).first.click()
        expect(desk.locator(".messages")).to_contain_text("강사에게 알렸습니다")
    seen(desk, "class-assigned", script=script)

    page.goto(asked_at)
    seen(page, "one-proposed", script=script)
    page.get_by_role("button", name=re.compile("괜찮습니다")).click()
    expect(page.locator(".messages")).to_contain_text("고맙습니다")
    for row in Assignment.objects.live():
        phone = teach(screen, row, script)
        if row.part == "lead":
            seen(phone, "teach", script=script)
        phone.get_by_role("button", name=re.compile("갑니다")).click()
        expect(phone.locator(".messages")).to_contain_text("가기로 하셨습니다")
        if row.part == "lead":
            seen(phone, "teach-one", script=script)
    page.goto(asked_at)
    expect(page.locator(".result")).to_contain_text("수업이 정해짐")
    seen(page, "one-confirmed", script=script)

    begun(VisitClass.objects.get())
    lead = Assignment.objects.live().get(part="lead")
    phone = teach(screen, lead, script)
    phone.get_by_role("link", name=re.compile("결과 적기")).click()
    phone.get_by_role("button", name="결과 보내기").click()
    phone.locator(".errors").wait_for()
    phone.get_by_label("무엇을 가르치셨나요?").fill("사진을 찍어 손주에게 보내기")
    seen(phone, "teach-report", script=script)
    phone.get_by_role("button", name="결과 보내기").click()
    expect(phone.locator(".messages")).to_contain_text("결과를 적었습니다")
    seen(phone, "teach-reported", script=script)
    assert VisitRequest.objects.get().state == "done"
    desk.goto("/learning/visits/coverage/")
    expect(desk.locator("svg desc")).to_contain_text("30곳 가운데 1곳")


def test_two_are_held_until_a_third_comes(screen) -> None:
    first = screen(390, client=citizen("010-9999-7411"))
    first.goto("/learning/visits/ask/")
    fill(first, 2)
    first.get_by_label("개인정보를 찾아가는 수업에 쓰는 것에 동의합니다").check()
    first.get_by_role("button", name="신청하기").click()
    expect(first.locator(".result")).to_contain_text("함께할 분을 기다림")
    seen(first, "one-held")
    ours = first.url
    other = screen(390, client=citizen("010-9999-7412"))
    other.goto("/learning/visits/ask/")
    fill(other, 1, name="예시 이웃")
    other.get_by_label("개인정보를 찾아가는 수업에 쓰는 것에 동의합니다").check()
    other.get_by_role("button", name="신청하기").click()
    expect(other.locator(".result")).to_contain_text("모두 3명이 듣습니다")
    first.goto(ours)
    expect(first.locator(".result")).to_contain_text("답해 주세요")
    seen(first, "one-joined")
    first.get_by_text("이 날은 어렵습니다").click()
    first.get_by_role("button", name="다른 때로 해 주세요").click()
    expect(first.locator(".result")).to_contain_text("함께할 분을 기다림")
    other.reload()
    expect(other.locator(".timeline")).to_contain_text("함께하던 수업이 취소되어")
    first.goto("/learning/visits/mine/")
    seen(first, "mine")
    assert VisitClass.objects.get().state == "called_off"


@pytest.mark.parametrize(("width", "text", "contrast"), WAYS)
def test_the_pages_of_the_coordinator(screen, width: int, text: str, contrast: str) -> None:
    ask(2)
    ask(1, district=make.district("금산면"))
    assign(propose(ask(5)))
    confirmed(4, starts=on_a_weekday(14))
    make_learning.session(starts_at=on_a_weekday(9))
    for name in ("문산읍", "금산면", "중앙동", "중앙동", "중앙동", "대평면"):
        visited(
            make_learning.institution(district=make.district(name)), at=timezone.now() - timedelta(days=1)
        )
    for name in ("수곡면", "이반성면"):
        make_learning.institution(district=make.district(name))
    make_learning.fee_rate("lead", 50_000)
    teacher = make_learning.instructor()
    for day in (3, 5):
        taught(teacher, at(day), minutes=100)
    page = screen(width, text, contrast, client=staff(make_learning.officer()))
    for tab in ("held", "proposed", "ended"):
        page.goto(f"/learning/visits/desk/?tab={tab}")
        seen(page, f"work-{tab}")
    page.goto("/learning/visits/desk/?tab=held")
    page.get_by_role("button", name=re.compile("한 수업으로 묶기")).click()
    expect(page.locator(".messages")).to_contain_text("한 수업으로 묶고")
    seen(page, "class-joined")
    for name in (
        "desk/new",
        "desk/sessions",
        "instructors",
        f"instructors/{teacher.pk}",
        "coverage",
        "coverage/new",
    ):
        page.goto(f"/learning/visits/{name}/")
        seen(page, name.replace("/", "-").replace(str(teacher.pk), "one"))
    page.goto("/learning/visits/desk/sessions/")
    page.locator("tbody a").first.click()
    seen(page, "session-teachers")
    page.goto("/learning/visits/fees/rates/")
    seen(page, "rates")
    page.goto("/learning/visits/fees/")
    seen(page, "fees")
    page.get_by_role("button", name=re.compile("정산하기")).click()
    expect(page.locator(".messages")).to_contain_text("166,666원을 정산했습니다")
    seen(page, "fees-month")
    page.get_by_label("받는 까닭").fill("지급")
    with page.expect_download() as downloading:
        page.get_by_role("button", name="엑셀 파일 받기").click()
    assert downloading.value.suggested_filename == f"learning-fees-{last_month():%Y-%m}.xlsx"
    assert sum(line.won for line in fees.settled(last_month())) == 166_666
    own = screen(width, text, contrast, client=staff(teacher.user))
    own.goto(f"/learning/visits/teach/fees/?month={last_month():%Y-%m}")
    seen(own, "teach-fees")
    own.goto("/learning/visits/teach/times/")
    seen(own, "teach-times")
    own.get_by_role("button", name="가능한 시간 더하기").click()
    own.locator(".errors").wait_for()
    seen(own, "teach-times-refused")
