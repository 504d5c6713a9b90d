"""One asks, another agrees, and it is heard; in a disaster the glass is broken; the city edits its rules."""

import os
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from broadcast.models import Broadcast, SendingRule, SoundRule, Village
from broadcast.rule_changes import police_are_stopped
from broadcast.states import State
from people.models import Message
from tests import make

from .looks import faults, follow

pytestmark = [pytest.mark.trip, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def villages() -> list[Village]:
    return [make.gateway(make.village(name=f"시험{n}마을")).village for n in range(1, 4)]


@pytest.fixture(params=[1280, 390])
def width(request) -> int:
    return request.param


def seen(page: Page) -> None:
    """Nothing is wrong with it; kept as a picture where SCREENSHOTS says."""
    assert faults(page) == []
    if folder := os.environ.get("SCREENSHOTS"):
        number = len(list(Path(folder).iterdir()))
        width = page.viewport_size["width"]  # type: ignore[index]
        page.screenshot(path=Path(folder) / f"{width}-{number:02}-{page.title()}.png", full_page=True)


def ask(page: Page, category: str, text: str) -> None:
    """Writes it to all villages, and asks for approval."""
    page.goto("/broadcast/new/")
    page.get_by_label("방송 종류").select_option(category)
    page.get_by_label("방송할 글").fill(text)
    page.get_by_role("button", name="다음: 확인하기").click()
    expect(page.locator("main")).to_contain_text("다른 사람의 승인을 받은 뒤에 나갑니다.")
    seen(page)
    page.get_by_role("button", name="승인 요청하기").click()
    expect(page.get_by_role("heading", name="승인을 기다립니다")).to_be_visible()
    seen(page)


def test_a_clerk_asks_another_agrees_and_it_is_heard(screen, villages: list[Village], width: int) -> None:
    make.sending_rule(sender="office", reason="읍면동 방송은 다른 사람이 확인한 뒤에 나갑니다.")
    sender = screen(width, client=make.signed_in(Client(), make.clerk()))
    other = screen(width, client=make.signed_in(Client(), make.clerk()))
    ask(sender, "life", "내일 마을 회관에서 건강 검진이 있습니다.")
    other.goto("/broadcast/approvals/")
    seen(other)
    other.get_by_role("link", name="생활정보").click()
    expect(other.locator("main")).to_contain_text("문산읍 3개 마을")
    assert other.locator("audio").evaluate(
        "sound => new Promise(done => { sound.onerror = () => done(false);"
        " sound.onloadeddata = () => done(true); sound.load(); })"
    )
    seen(other)
    other.get_by_role("button", name="승인하고 보내기").click()
    expect(other.locator(".messages")).to_contain_text("승인했습니다.")
    expect(other.locator("main")).to_contain_text("지금 승인할 방송이 없습니다.")
    sender.get_by_role("link", name="새로 고침").click()
    expect(sender.locator(".live-sentence")).to_have_text("3곳 중 0곳 방송함")
    Broadcast.objects.get().deliveries.update(state=State.PLAYED, ended_at=timezone.now())
    expect(sender.locator(".live-sentence")).to_have_text("3곳 중 3곳 방송함")


def test_another_does_not_agree(screen, villages: list[Village], width: int) -> None:
    make.sending_rule(sender="office")
    sender = screen(width, client=make.signed_in(Client(), make.clerk()))
    city = screen(width, client=make.signed_in(Client(), make.city_operator()))
    ask(sender, "event", "모레 체육 대회가 있습니다.")
    city.goto(f"/broadcast/{Broadcast.objects.get().pk}/decide/")
    city.get_by_text("보내지 않고 돌려보내기").click()
    city.get_by_role("button", name="반려하기").click()
    expect(city.locator(".errors")).to_contain_text("까닭을 적어 주세요.")
    seen(city)
    city.get_by_label("반려하는 까닭").fill("날짜를 다시 확인해 주세요.")
    city.get_by_role("button", name="반려하기").click()
    expect(city.locator(".messages")).to_contain_text("반려했습니다.")
    sender.get_by_role("link", name="새로 고침").click()
    expect(sender.locator("main")).to_contain_text("날짜를 다시 확인해 주세요.")
    seen(sender)
    sender.get_by_role("link", name="고쳐서 다시 만들기").click()
    expect(sender.get_by_label("방송할 글")).to_have_value("모레 체육 대회가 있습니다.")


def test_in_a_disaster_the_glass_is_broken_and_it_is_reviewed(
    screen, villages: list[Village], width: int
) -> None:
    officer = make.duty_officer()
    make.sending_rule(sender="office")
    sender = screen(width, client=make.signed_in(Client(), make.clerk()))
    city = screen(width, client=make.signed_in(Client(), make.city_operator()))
    ask(sender, "wildfire", "산불입니다. 회관으로 피하십시오.")
    sender.get_by_role("button", name="승인 없이 바로 보내기").click()
    expect(sender.locator(".errors")).to_contain_text("까닭을 적어 주세요.")
    sender.get_by_label("왜 승인을 기다릴 수 없나요?").fill("불이 마을로 내려옵니다.")
    sender.get_by_role("button", name="승인 없이 바로 보내기").click()
    expect(sender.locator(".live-sentence")).to_have_text("3곳 중 0곳 방송함")
    assert {m.to for m in Message.objects.all()} == {officer.phone}
    city.goto("/broadcast/approvals/")
    expect(city.get_by_role("heading", name="승인 없이 나간 방송: 검토해 주세요")).to_be_visible()
    seen(city)
    city.get_by_role("link", name="산불").click()
    expect(city.locator("main")).to_contain_text("불이 마을로 내려옵니다.")
    seen(city)
    city.get_by_text("옳았습니다", exact=True).click()
    city.get_by_label("검토한 내용").fill("실제로 불이 번졌습니다.")
    city.get_by_role("button", name="검토 마치기").click()
    expect(city.locator("main")).to_contain_text("지금 승인할 방송이 없습니다.")
    assert Broadcast.objects.get().decisions.get(kind="reviewed").was_right


def test_the_city_edits_its_rules(screen, villages: list[Village], width: int) -> None:
    make.first_rules()
    desk = screen(width, client=make.signed_in(Client(), make.city_operator()))
    desk.goto("/broadcast/rules/")
    seen(desk)
    follow(desk.get_by_role("link", name="밤에 보내는 이장의 일반 방송"))
    seen(desk)
    desk.get_by_label("몇 시부터").fill("23:00")
    desk.get_by_label("어떻게").select_option("refuse")
    desk.get_by_role("button", name="저장").click()
    expect(desk.locator(".messages")).to_contain_text("규칙을 저장했습니다")
    expect(desk.locator("main")).to_contain_text("23:00부터 06:00까지")
    follow(desk.get_by_role("button", name="밤에 보내는 이장의 일반 방송 위로"))
    assert SendingRule.objects.get(hour_from="23:00").order == 50
    follow(desk.get_by_role("link", name="조용한 시간이나 소리 크기 더하기"))
    seen(desk)
    desk.get_by_role("button", name="저장").click()
    expect(desk.locator(".errors")).to_be_visible()
    seen(desk)
    desk.get_by_label("이름").fill("시험1마을 저녁")
    desk.locator("#id_village").select_option(label="문산읍 시험1마을")
    desk.get_by_label("몇 시부터").fill("18:00")
    desk.get_by_label("몇 시까지").fill("21:00")
    desk.get_by_text("소리 크기를 바꿉니다").click()
    desk.get_by_label("소리 크기(%)").fill("40")
    desk.get_by_role("button", name="저장").click()
    expect(desk.locator("main")).to_contain_text("소리 40%")
    assert SoundRule.objects.get(volume=40).village == villages[0]
    desk.get_by_role("button", name="경찰 방송 멈추기").click()
    expect(desk.locator("main")).to_contain_text("지금 경찰 방송을 멈춰 두었습니다.")
    seen(desk)
    assert police_are_stopped()


def test_the_police_warn_a_district(screen, villages: list[Village], width: int) -> None:
    make.gateway(make.village(make.district("금산면")))
    make.first_rules()
    SoundRule.objects.all().delete()
    police = screen(width, client=make.signed_in(Client(), make.police()))
    police.goto("/broadcast/")
    seen(police)
    ask(police, "phishing", "전화로 돈을 보내라고 하면 끊으십시오.")
    assert Broadcast.objects.get().villages.count() == 4
