"""Alerts that came from others: an operator looks at one, takes it over and sends it."""

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from broadcast.cap.intake import take
from broadcast.models import AlertSource, Broadcast
from tests import make
from tests.broadcast.cap import alerts

from .looks import faults

pytestmark = [pytest.mark.trip, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def source() -> AlertSource:
    make.gateway()
    make.alert_source(
        "예시 홍수 기관",
        feed="http://127.0.0.1:9/feed",
        trouble="답을 받지 못했습니다. 주소와 통신을 확인해 주세요.",
    )
    return make.alert_source("예시 산림 기관", may_send_from="Extreme")


@pytest.fixture(params=[1280, 390])
def desk(request, screen, source: AlertSource, client: Client) -> Page:
    return screen(request.param, client=make.signed_in(client, make.city_operator()))


def test_nothing_has_come_yet(desk: Page) -> None:
    desk.goto("/broadcast/alerts/")
    expect(desk.locator("main")).to_contain_text("아직 받은 경보가 없습니다.")
    assert faults(desk) == []


def test_a_draft_is_looked_at_taken_over_and_sent(desk: Page, source: AlertSource) -> None:
    words = {"headline": "문산읍 상문리에 산불이 났습니다", "instruction": "마을회관으로 대피해 주십시오"}
    take(source, alerts.alert(alerts.info(**words)).encode())
    take(source, alerts.alert(alerts.info(alerts.area(alerts.SEOUL))).encode())
    take(source, alerts.alert(status="Exercise").encode())
    desk.goto("/broadcast/history/")
    desk.get_by_role("link", name="재난 경보").click()
    expect(desk.get_by_role("heading", name="받은 경보 3건")).to_be_visible()
    expect(desk.locator("main")).to_contain_text("진주시의 마을에 닿지 않는 경보입니다.")
    assert faults(desk) == []
    desk.get_by_role("link", name="살펴보기").click()
    expect(desk.locator(".facts")).to_contain_text("예시 산림 기관")
    desk.locator("summary", has_text="받은 글 그대로 보기").click()
    expect(desk.locator("details.write")).to_contain_text("urn:oasis:names:tc:emergency:cap:1.2")
    assert faults(desk) == []
    desk.get_by_role("button", name="맡아서 보낼 준비 하기").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("보내기 전에 확인해 주세요")
    desk.get_by_role("button", name="긴급 방송 보내기").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("방송 결과")
    assert Broadcast.objects.get().published_at


@pytest.mark.parametrize(("width", "text", "contrast"), [(1280, "larger", "high"), (320, "larger", "normal")])
def test_in_other_ways_of_reading(
    screen, client: Client, source: AlertSource, width: int, text: str, contrast: str
) -> None:
    one = take(source, alerts.alert().encode()).alert
    page = screen(width, text, contrast, client=make.signed_in(client, make.city_operator()))
    for address in ("/broadcast/alerts/", f"/broadcast/alerts/{one.pk}/"):
        page.goto(address)
        page.locator("main details").evaluate_all("all => all.forEach(each => { each.open = true; })")
        assert faults(page) == []
