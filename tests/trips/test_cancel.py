"""Somebody notices a mistake: stops it, says it right, and everybody can see what became of both."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from broadcast.models import Broadcast, ChiefPost, Gateway, Village
from broadcast.states import State
from people.models import User
from tests import make

from .looks import faults

pytestmark = [pytest.mark.trip, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def villages() -> list[Village]:
    return [make.gateway(make.village(name=f"시험{n}마을")).village for n in range(1, 9)]


@pytest.fixture
def clerk(villages: list[Village]) -> User:
    return make.clerk()


@pytest.fixture(params=[1280, 390])
def desk(request, screen, clerk: User, client: Client) -> Page:
    return screen(request.param, client=make.signed_in(client, clerk))


def under_way(villages: list[Village], by: User) -> Broadcast:
    """One place is done, five sound (one of them cannot be stopped), two wait."""
    sent = make.published_to(villages, by, "event")
    rows = list(sent.deliveries.order_by("gateway__village__name"))
    now = timezone.now()
    sent.deliveries.filter(pk=rows[0].pk).update(state=State.PLAYED, accepted_at=now, ended_at=now)
    sounding = [row.pk for row in rows[1:6]]
    sent.deliveries.filter(pk__in=sounding).update(state=State.PLAYING, accepted_at=now, playing_at=now)
    Gateway.objects.filter(pk=rows[5].gateway_id).update(can_stop=False)
    return sent


def test_stopped_and_said_right(desk: Page, villages: list[Village], clerk: User) -> None:
    wrong = under_way(villages, clerk)
    desk.goto(f"/broadcast/{wrong.pk}/")
    assert faults(desk) == []
    desk.get_by_role("link", name="멈추기").click()
    expect(desk.locator("h1")).to_have_text("방송을 멈출까요?")
    expect(desk.locator(".notice")).to_contain_text("1곳은 도중에 멈출 수 없는 장비입니다.")
    assert faults(desk) == []
    desk.get_by_label("다른 까닭", exact=True).check()
    desk.get_by_role("button", name="방송 멈추기").click()
    expect(desk.locator(".errors")).to_contain_text("멈추는 까닭을 적어 주세요.")
    assert faults(desk) == []
    desk.get_by_label("다른 까닭이면 적어 주세요").fill("날짜가 틀렸습니다.")
    desk.get_by_role("button", name="방송 멈추기").click()
    expect(desk.locator("#stopped")).to_contain_text("까닭: 날짜가 틀렸습니다.")
    expect(desk.locator(".live-sentence")).to_have_text("8곳 중 1곳 방송함, 2곳 멈춤")
    expect(desk.locator("#live")).to_contain_text("1곳은 도중에 멈출 수 없는 장비입니다.")
    wrong.deliveries.filter(state=State.PLAYING, gateway__can_stop=True).update(
        state=State.STOPPED, ended_at=timezone.now()
    )
    wrong.deliveries.filter(state=State.PLAYING).update(state=State.PLAYED, ended_at=timezone.now())
    expect(desk.locator(".live-sentence")).to_have_text("8곳 중 2곳 방송함, 6곳 멈춤")
    expect(desk.locator("#news")).to_contain_text("방송을 멈췄습니다.")
    expect(desk.locator(".map use[href='#map-stopped']")).to_have_count(6)
    assert faults(desk) == []
    desk.get_by_role("link", name="바로잡기").click()
    expect(desk.get_by_label("방송할 글")).to_have_value("앞선 방송을 바로잡습니다. ")
    expect(desk.locator("#reach")).to_have_text("8개 마을 스피커 8대 · 320가구")
    assert faults(desk) == []
    desk.get_by_label("방송할 글").fill("앞선 방송을 바로잡습니다. 모임은 모레 열립니다.")
    desk.get_by_role("button", name="다음: 확인하기").click()
    expect(desk.locator("main")).to_contain_text("이미 멈춘 방송입니다.")
    assert faults(desk) == []
    desk.get_by_role("button", name="보내기", exact=True).click()
    expect(desk.locator(".notice").first).to_contain_text("앞선 방송을 바로잡은 방송입니다.")
    desk.get_by_role("link", name="바로잡기 전 방송").click()
    expect(desk.locator(".notice").first).to_contain_text("이 방송은 바로잡았습니다.")
    desk.get_by_role("link", name="지난 방송").click()
    expect(desk.locator(".tbl tbody tr").first).to_contain_text("바로잡는 방송")
    expect(desk.locator(".tbl tbody tr").nth(1)).to_contain_text("멈춘 방송")
    assert faults(desk) == []


def test_what_is_over_is_no_longer_stopped(desk: Page, villages: list[Village], clerk: User) -> None:
    sent = under_way(villages, clerk)
    desk.goto(f"/broadcast/{sent.pk}/")
    expect(desk.locator("#stop")).to_be_visible()
    sent.deliveries.update(state=State.PLAYED, ended_at=timezone.now())
    expect(desk.locator("#stop")).to_be_hidden()


def test_a_correction_stops_what_still_sounds(desk: Page, villages: list[Village], clerk: User) -> None:
    wrong = under_way(villages, clerk)
    desk.goto(f"/broadcast/new/?corrects={wrong.pk}")
    desk.get_by_role("button", name="다음: 확인하기").click()
    expect(desk.get_by_label("앞선 방송이 아직 나가고 있으면 멈추기")).to_be_checked()
    assert faults(desk) == []
    desk.get_by_role("button", name="보내기", exact=True).click()
    desk.get_by_role("link", name="바로잡기 전 방송").click()
    expect(desk.locator("#stopped")).to_contain_text("바로잡는 방송을 보냈습니다.")


def test_what_nobody_knows_is_said_and_sent_again_with_a_warning(
    desk: Page, villages: list[Village], clerk: User
) -> None:
    sent = make.published_to(villages, clerk)
    rows = list(sent.deliveries.order_by("gateway__village__name"))
    sent.deliveries.update(state=State.PLAYED, ended_at=timezone.now())
    sent.deliveries.filter(pk__in=[rows[0].pk, rows[1].pk]).update(state=State.UNKNOWN, reason="cut_off")
    Gateway.objects.filter(pk=rows[0].gateway_id).update(remembers_ids=False)
    desk.goto(f"/broadcast/{sent.pk}/")
    expect(desk.locator(".unknown")).to_contain_text("방송했는지 알 수 없는 곳: 2곳")
    expect(desk.locator(".unknown")).to_contain_text("1곳에서는 같은 방송이 한 번 더 나옵니다.")
    expect(desk.locator(".trouble")).to_have_count(0)
    expect(desk.locator(".map use[href='#map-unknown']")).to_have_count(2)
    assert faults(desk) == []
    desk.get_by_role("button", name="알 수 없는 2곳에 다시 보내기").click()
    expect(desk.locator(".messages")).to_contain_text("2곳에 다시 보냅니다.")


def test_an_office_speaks_for_a_chief(desk: Page, villages: list[Village]) -> None:
    for village in villages:
        make.chief(village)
    desk.goto("/broadcast/")
    assert faults(desk) == []
    desk.get_by_role("link", name="시험3마을 이장 대신 방송").click()
    expect(desk.locator("h1")).to_have_text("이장 대신 방송하기")
    expect(desk.locator("#id_where")).to_contain_text("시험3마을")
    assert faults(desk) == []
    desk.get_by_label("방송할 글").fill("이장이 알립니다. 내일 아침 마을 청소가 있습니다.")
    desk.get_by_role("button", name="다음: 확인하기").click()
    expect(desk.locator("main")).to_contain_text("시험3마을 이장")
    assert faults(desk) == []
    desk.get_by_role("button", name="보내기", exact=True).click()
    expect(desk.locator(".about")).to_contain_text("문산읍 직원 (시험3마을 이장 대신)")
    sent = Broadcast.objects.get()
    assert sent.on_behalf_of == ChiefPost.objects.get(village__name="시험3마을")


@contextmanager
def without_scripts(screen, client: Client, user: User) -> Iterator[Page]:
    yield screen(390, client=make.signed_in(client, user), java_script_enabled=False)


def test_without_scripts_and_by_keyboard(
    screen, client: Client, villages: list[Village], clerk: User
) -> None:
    wrong = under_way(villages, clerk)
    with without_scripts(screen, client, clerk) as page:
        page.goto(f"/broadcast/{wrong.pk}/stop/")
        page.get_by_role("button", name="방송 멈추기").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#stopped")).to_contain_text("내용이 잘못되었습니다.")
        page.get_by_role("link", name="바로잡기").focus()
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("방송 바로잡기")
        page.get_by_role("button", name="다음: 확인하기").click()
        page.get_by_role("button", name="보내기", exact=True).click()
        expect(page.locator(".notice").first).to_contain_text("앞선 방송을 바로잡은 방송입니다.")
    assert Broadcast.objects.filter(corrects=wrong).exists()
