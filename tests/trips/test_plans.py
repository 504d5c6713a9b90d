"""Planning: a chief plans a daily broadcast, an office sees it in the week and is told of a clash, the city writes a
template that a clerk fills in."""

from datetime import time, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from broadcast.airings import air_due
from broadcast.models import Broadcast, Plan, Template, TemplatePart, Village
from broadcast.plan_times import PlanTimes
from broadcast.plans import make_plan
from tests import make

from .looks import faults

pytestmark = [pytest.mark.trip, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=[1280, 390])
def width(request) -> int:
    return request.param


@pytest.fixture
def here() -> Village:
    return make.gateway(make.village(name="시험마을")).village


def soon(days: int = 1) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def test_a_chief_plans_every_morning_and_it_goes_out(
    screen, client: Client, width: int, here: Village
) -> None:
    chief = make.chief(here)
    draft = make.draft(chief, [here], text="체조 시간입니다.")
    page: Page = screen(width, client=make.signed_in(client, chief))
    page.goto(f"/broadcast/{draft.pk}/review/")
    page.get_by_role("link", name="예약하기").click()
    expect(page.get_by_label("마지막 날")).to_be_hidden()
    page.get_by_role("button", name="다음: 확인하기").click()
    expect(page.get_by_role("heading", name="고칠 것이 있습니다")).to_be_visible()
    assert faults(page) == []
    page.get_by_label("날마다").check()
    page.get_by_label("첫날").fill(soon())
    page.get_by_label("시각").fill("07:30")
    page.get_by_label("공휴일은 쉬기").check()
    page.get_by_role("button", name="다음: 확인하기").click()
    expect(page.locator("#preview")).to_contain_text("날마다 오전 7시 30분, 공휴일은 쉼")
    expect(page.locator("#preview")).to_contain_text("겹치지 않음")
    assert faults(page) == []
    page.get_by_role("button", name="이대로 예약하기").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("날마다 오전 7시 30분, 공휴일은 쉼")
    assert faults(page) == []
    plan = Plan.objects.get()
    first = plan.airings.filter(state="due").order_by("due_at")[0]
    assert air_due(first.due_at) == 1
    page.get_by_role("button", name="이번만 쉬기").nth(1).click()
    expect(page.locator(".airings").first).to_contain_text("이번만 쉬기로 했습니다.")
    page.get_by_role("button", name="예약 그만두기").click()
    expect(page.locator(".messages")).to_contain_text("예약을 그만두었습니다.")
    assert Broadcast.objects.filter(plan=plan, published_at__isnull=False).count() == 1


def test_an_office_sees_the_week_and_is_told_of_a_clash(
    screen, client: Client, width: int, here: Village
) -> None:
    chief, clerk = make.chief(here), make.clerk()
    tomorrow = PlanTimes(timezone.localdate() + timedelta(days=1), time(9))
    make_plan(make.draft(chief, [here], category="event").pk, chief, tomorrow)
    there = make.gateway(make.village(name="다른마을")).village
    draft = make.draft(clerk, [here, there])
    page: Page = screen(width, client=make.signed_in(client, clerk))
    page.goto(f"/broadcast/{draft.pk}/plan/")
    page.get_by_label("첫날").fill(soon())
    page.get_by_label("시각").fill("09:00")
    page.get_by_role("button", name="다음: 확인하기").click()
    expect(page.locator("#preview")).to_contain_text(
        "시험마을 이장의 행사·모임 방송 (09:00부터 09:00:01까지)"
    )
    assert faults(page) == []
    page.get_by_role("button", name="그래도 예약하기").click()
    page.get_by_role("link", name="예약", exact=True).click()
    expect(page.locator("main table")).to_contain_text("문산읍 직원")
    assert faults(page) == []
    page.get_by_role("link", name="방송 시간표 보기").click()
    page.get_by_label("어느 날이 든 주").fill(soon())
    page.get_by_role("button", name="보기", exact=True).click()
    expect(page.locator(".slot-clash-words")).to_have_count(2)
    expect(page.locator(".week")).to_contain_text("09:00 시험마을 이장의 행사·모임 방송과 겹칩니다.")
    assert faults(page) == []
    page.locator("#id_village").select_option(label="문산읍 다른마을")
    page.get_by_role("button", name="보기", exact=True).click()
    expect(page.locator(".slot")).to_have_count(1)


def test_the_city_writes_a_template_and_a_clerk_fills_it_in(
    screen, client: Client, width: int, here: Village
) -> None:
    page: Page = screen(width, client=make.signed_in(client, make.city_operator()))
    page.goto("/broadcast/templates/")
    page.get_by_role("link", name="새 틀 만들기").click()
    page.locator("#id_name").fill("단수 안내")
    page.locator("#id_category").select_option("life")
    page.locator("[name=part-0-text]").fill("주민 여러분께 알려 드립니다.")
    page.locator("[name=part-1-text]").fill("{날짜} {시각}부터 물이 나오지 않습니다.")
    assert faults(page) == []
    page.get_by_role("button", name="저장").click()
    expect(page.locator(".card")).to_contain_text("단수 안내")
    made = Template.objects.get()
    assert TemplatePart.objects.count() == 2
    assert faults(page) == []

    other = screen(width, client=make.signed_in(Client(), make.clerk()))
    other.goto(f"/broadcast/templates/{made.pk}/")
    other.get_by_label("날짜").press_sequentially("11/23(월)")
    other.get_by_label("시각").press_sequentially("14:30")
    expect(other.locator("#reading")).to_contain_text("십일월 이십삼일 월요일 십사 시 삼십 분부터")
    assert faults(other) == []
    other.get_by_role("button", name="다음: 들어 보고 확인하기").click()
    other.wait_for_url("**/review/")
    expect(other.locator("main")).to_contain_text("11/23(월) 14:30부터 물이 나오지 않습니다.")


def test_the_city_knows_a_holiday_that_no_list_has(screen, client: Client, width: int) -> None:
    page: Page = screen(width, client=make.signed_in(client, make.city_operator()))
    page.goto("/broadcast/plans/")
    page.get_by_role("link", name="공휴일 고치기").click()
    page.get_by_label("날짜").fill(soon(3))
    page.get_by_label("이름이나 까닭").fill("임시공휴일")
    page.get_by_role("button", name="이 날 고치기").click()
    expect(page.locator("main")).to_contain_text("쉬는 날: 임시공휴일")
    assert faults(page) == []
    page.get_by_role("button", name="목록대로 하기").click()
    expect(page.get_by_text("시청이 고친 날")).to_have_count(0)
