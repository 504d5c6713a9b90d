"""Who looks after the speakers: which are silent, since when, and how they have been."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from broadcast.link_test import run
from broadcast.models import Gateway, Outage
from broadcast.states import State
from tests import make

from .looks import faults, follow

pytestmark = [pytest.mark.trip, pytest.mark.django_db(transaction=True)]
STATUS = {"battery": 98.0, "signal": -71.0, "volume": 70.0, "firmware": "1.4.2"}


@pytest.fixture
def boxes() -> list[Gateway]:
    """Twelve: one silent for two hours, one with a low battery, one that never reported."""
    now = timezone.now()
    made = []
    for n in range(12):
        name = "문산읍" if n < 8 else "금산면"
        village = make.village(make.district(name), f"{name[:2]}{n}마을")
        made.append(make.gateway(village, seen_at=now, status=STATUS))
        made[-1].keys.update(created_at=now - timedelta(days=70))
    since = now - timedelta(hours=2)
    Gateway.objects.filter(pk=made[2].pk).update(seen_at=since)
    Outage.objects.create(gateway=made[2], since=since, noticed_at=since + timedelta(minutes=6))
    Outage.objects.create(
        gateway=made[2], since=now - timedelta(days=40), noticed_at=now, until=now - timedelta(days=39)
    )
    Gateway.objects.filter(pk=made[4].pk).update(status={**STATUS, "battery": 9.0})
    Gateway.objects.filter(pk=made[6].pk).update(seen_at=None, status={})
    return made


@pytest.fixture(params=[1280, 390])
def desk(request, screen, boxes: list[Gateway], client: Client) -> Page:
    return screen(request.param, client=make.signed_in(client, make.city_operator()))


def test_the_silent_one_is_found_and_its_story_read(desk: Page, boxes: list[Gateway]) -> None:
    test = run()
    test.deliveries.update(state=State.PLAYED, ended_at=timezone.now())
    test.deliveries.filter(gateway=boxes[2]).update(state=State.UNREACHED, reason="no_answer")
    desk.goto("/broadcast/")
    desk.get_by_role("link", name="장비", exact=True).click()
    expect(desk.locator(".lead")).to_contain_text("12대 중 11대 응답 응답 없음 1대")
    expect(desk.locator("#found-title")).to_have_text("12대")
    expect(desk.locator(".tbl tbody tr").nth(4)).to_contain_text("9% 부족")
    assert faults(desk) == []
    desk.get_by_label("상태").select_option("silent")
    desk.get_by_role("button", name="찾기").click()
    expect(desk.locator("#found-title")).to_have_text("1대")
    desk.get_by_role("link", name="문산읍 문산2마을").click()
    expect(desk.locator(".about")).to_contain_text("소식이 없습니다. 전원과 통신을 확인해 주세요.")
    expect(desk.locator("main")).to_contain_text("아직 소식 없음")
    expect(desk.locator("main")).to_contain_text("장비가 대답하지 않습니다.")
    assert faults(desk) == []
    follow(desk.get_by_role("link", name="장비 모두 보기"))
    desk.goto("/broadcast/gateways/?month=odd")
    expect(desk.locator(".errors")).to_contain_text("달을 2026-01처럼 적어 주세요.")
    assert faults(desk) == []


def test_high_contrast_and_large_letters(screen, boxes: list[Gateway], client: Client) -> None:
    page = screen(390, text="larger", contrast="high", client=make.signed_in(client, make.clerk()))
    page.goto("/broadcast/gateways/")
    expect(page.locator("#found-title")).to_have_text("8대")
    assert faults(page) == []
    page.goto(f"/broadcast/gateways/{boxes[2].pk}/")
    assert faults(page) == []
