"""A clerk on an office PC: writes once for all villages of the office, and watches it arrive."""

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from broadcast.models import Broadcast, Village
from broadcast.states import State
from people.models import User
from tests import make

from .looks import faults

pytestmark = [pytest.mark.trip, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def villages() -> list[Village]:
    return [make.gateway(make.village(name=f"시험{n}마을")).village for n in range(1, 13)]


@pytest.fixture
def clerk(villages: list[Village]) -> User:
    return make.clerk()


@pytest.fixture(params=[1280, 390])
def desk(request, screen, clerk: User, client: Client) -> Page:
    return screen(request.param, client=make.signed_in(client, clerk), permissions=["microphone"])


def test_from_the_board_to_all_villages(desk: Page, villages: list[Village]) -> None:
    desk.goto("/broadcast/")
    assert faults(desk) == []
    desk.locator(".board-new").click()
    expect(desk.locator("#reach")).to_have_text("12개 마을 스피커 12대 · 480가구")
    assert faults(desk) == []
    desk.get_by_label("방송 종류").select_option("rain")
    desk.get_by_label("방송할 글").fill("비가 많이 옵니다. 냇가에 가지 마십시오.")
    desk.get_by_role("button", name="다음: 확인하기").click()
    expect(desk.locator("main")).to_contain_text("문산읍 12개 마을")
    expect(desk.locator("main")).to_contain_text("긴급: 바로 나갑니다")
    assert faults(desk) == []
    desk.get_by_role("button", name="긴급 방송 보내기").click()
    expect(desk.locator(".live-sentence")).to_have_text("12곳 중 0곳 방송함")
    assert faults(desk) == []


def test_some_villages_found_by_name(desk: Page, villages: list[Village]) -> None:
    desk.goto("/broadcast/new/")
    desk.get_by_label("골라서").check()
    desk.get_by_label("마을 이름으로 찾기").fill("시험1")
    expect(desk.locator(".villages li:visible")).to_have_count(4)
    desk.get_by_label("시험11마을").check()
    desk.get_by_label("마을 이름으로 찾기").fill("")
    desk.get_by_label("시험5마을").check()
    expect(desk.locator("#reach")).to_have_text("2개 마을 스피커 2대 · 80가구")
    assert faults(desk) == []
    desk.get_by_label("방송할 글").fill("내일 건강 검진이 있습니다.")
    desk.get_by_role("button", name="다음: 확인하기").click()
    desk.wait_for_url("**/review/")
    assert {v.name for v in Broadcast.objects.get().villages.all()} == {"시험11마을", "시험5마을"}


def test_table_and_map_come_in_live(desk: Page, villages: list[Village], clerk: User) -> None:
    sent = make.published_to(villages, clerk)
    desk.goto(f"/broadcast/{sent.pk}/")
    rows = list(sent.deliveries.order_by("gateway__village__name"))
    sent.deliveries.update(state=State.PLAYED, ended_at=timezone.now())
    sent.deliveries.filter(pk=rows[0].pk).update(state=State.FAILED, reason="speaker")
    expect(desk.locator(".live-sentence")).to_have_text("12곳 중 11곳 방송함")
    expect(desk.locator(".tbl tbody tr").first).to_contain_text("스피커 고장입니다. 수리를 요청해 주세요.")
    expect(desk.locator(".map use[href='#map-trouble']")).to_have_count(1)
    expect(desk.locator(".map use[href='#map-played']")).to_have_count(11)
    assert faults(desk) == []
    desk.get_by_role("button", name="못 한 1곳에 다시 보내기").click()
    expect(desk.locator(".messages")).to_contain_text("1곳에 다시 보냅니다.")


def test_signed_out_while_watching_comes_back_to_the_page(
    desk: Page, villages: list[Village], clerk: User
) -> None:
    sent = make.published_to(villages, clerk)
    desk.goto(f"/broadcast/{sent.pk}/")
    desk.context.clear_cookies(name="sessionid")
    desk.wait_for_url(f"**/people/sign-in/?next=%2Fbroadcast%2F{sent.pk}%2F")
