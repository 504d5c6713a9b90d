"""The city's operator: all villages at once, the map, the history, every receipt."""

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from broadcast.models import Broadcast, Receipt, Village
from broadcast.states import State
from people.models import User
from tests import make

from .looks import faults, follow

pytestmark = [pytest.mark.trip, pytest.mark.django_db(transaction=True)]
DISTRICTS = ("문산읍", "금산면", "명석면", "대곡면")


@pytest.fixture
def villages() -> list[Village]:
    """Eighty in four districts: more than a table by village holds."""
    return [
        make.gateway(make.village(make.district(name), f"{name[:2]}{n}마을"), seen_at=timezone.now()).village
        for name in DISTRICTS
        for n in range(20)
    ]


@pytest.fixture
def operator(villages: list[Village]) -> User:
    return make.city_operator()


@pytest.fixture(params=[1280, 390])
def desk(request, screen, operator: User, client: Client) -> Page:
    return screen(request.param, client=make.signed_in(client, operator), permissions=["microphone"])


def test_districts_and_single_villages_are_chosen(desk: Page) -> None:
    desk.goto("/broadcast/new/")
    desk.get_by_label("골라서").check()
    assert faults(desk) == []
    expect(desk.locator(".villages li:visible")).to_have_count(0)
    desk.get_by_label("금산면 모두 (20)").check()
    desk.locator("summary", has_text="명석면 마을 고르기").click()
    desk.get_by_label("명석3마을").check()
    expect(desk.locator("#reach")).to_have_text("21개 마을 스피커 21대 · 840가구")
    desk.locator("summary", has_text="금산면 마을 고르기").click()
    desk.get_by_label("금산7마을").uncheck()
    expect(desk.locator("#reach")).to_have_text("20개 마을 스피커 20대 · 800가구")
    expect(desk.get_by_label("금산면 모두 (20)")).not_to_be_checked()
    assert faults(desk) == []
    desk.get_by_label("방송할 글").fill("내일 건강 검진이 있습니다.")
    desk.get_by_role("button", name="다음: 확인하기").click()
    expect(desk.locator("main")).to_contain_text("2개 읍면동 20개 마을")
    names = {village.name for village in Broadcast.objects.get().villages.all()}
    assert len(names) == 20
    assert "명석3마을" in names
    assert "금산7마을" not in names


def test_a_city_wide_broadcast_is_told_by_district(
    desk: Page, villages: list[Village], operator: User
) -> None:
    sent = make.published_to(villages, operator, "wildfire")
    sent.deliveries.update(state=State.PLAYED, ended_at=timezone.now())
    lost = sent.deliveries.filter(gateway__village__district__name="명석면")
    lost.update(state=State.UNREACHED, reason="no_answer")
    desk.goto(f"/broadcast/{sent.pk}/")
    expect(desk.locator(".live-sentence")).to_have_text("80곳 중 60곳 방송함")
    expect(desk.locator(".tbl tbody tr", has_text="명석면")).to_contain_text("20곳")
    expect(desk.locator(".trouble")).to_contain_text("외 10곳")
    assert faults(desk) == []
    follow(desk.get_by_role("link", name="장비마다 온 소식 모두 보기"))
    assert faults(desk) == []
    desk.get_by_role("link", name="못 한 곳 20").click()
    expect(desk.locator(".tbl tbody tr")).to_have_count(20)


def test_every_receipt_stands_there(desk: Page, villages: list[Village], operator: User) -> None:
    sent = make.published_to(villages[:1], operator)
    delivery = sent.deliveries.get()
    for state in (State.ACCEPTED, State.PLAYING):
        Receipt.objects.create(delivery=delivery, state=state, said_at=timezone.now(), counted=True)
    desk.goto(f"/broadcast/{sent.pk}/receipts/")
    row = desk.locator(".tbl tbody tr")
    expect(row).to_contain_text("장비가 받음")
    expect(row).to_contain_text("방송 중")
    assert faults(desk) == []


def test_the_map_and_what_is_silent(desk: Page, villages: list[Village]) -> None:
    villages[0].gateways.update(seen_at=None)
    desk.goto("/broadcast/map/")
    expect(desk.locator("main")).to_contain_text("스피커 80대 중 79대가 연결되어 있습니다.")
    expect(desk.locator(".map use[href='#map-silent']")).to_have_count(1)
    expect(desk.locator(".tbl:visible tbody tr")).to_have_count(1)
    desk.locator("summary", has_text="명석면 20대").click()
    expect(desk.locator(".tbl:visible tbody tr")).to_have_count(21)
    assert faults(desk) == []


def test_the_history_by_filter_and_page(desk: Page, villages: list[Village], operator: User) -> None:
    for category in ["life"] * 21 + ["heat"]:
        make.published_to(villages[:1], operator, category)
    desk.goto("/broadcast/history/")
    expect(desk.get_by_role("heading", name="22건")).to_be_visible()
    assert faults(desk) == []
    desk.get_by_label("종류").select_option("생활정보")
    desk.get_by_role("button", name="찾기").click()
    expect(desk.get_by_role("heading", name="21건")).to_be_visible()
    desk.get_by_role("link", name="다음").click()
    expect(desk.locator(".tbl tbody tr")).to_have_count(1)
    assert "category=life" in desk.url
    desk.goto("/broadcast/history/?since=어제")
    expect(desk.locator(".errors")).to_be_focused()
    expect(desk.get_by_label("언제부터")).to_have_value("어제")
    assert faults(desk) == []


@pytest.mark.parametrize(
    ("width", "text", "contrast"),
    [(1280, "larger", "high"), (390, "normal", "high"), (320, "larger", "normal")],
)
def test_every_page_in_every_way_of_reading(
    screen, client: Client, villages: list[Village], operator: User, width: int, text: str, contrast: str
) -> None:
    lost = make.published_to(villages, operator, "wildfire")
    lost.deliveries.update(state=State.UNREACHED, reason="no_answer", ended_at=timezone.now())
    few = make.published_to(villages[:3], operator)
    few.deliveries.update(state=State.PLAYED, ended_at=timezone.now())
    draft = make.draft(operator, villages, "crisis")
    page = screen(width, text, contrast, client=make.signed_in(client, operator))
    addresses = ["", "new/", "history/", "map/", f"{lost.pk}/", f"{lost.pk}/receipts/", f"{few.pk}/"]
    found = {}
    for address in [*addresses, f"{draft.pk}/review/"]:
        page.goto(f"/broadcast/{address}")
        page.locator("main .write").evaluate_all("all => all.forEach(each => { each.open = true; })")
        found[address] = faults(page)
    assert {address: wrong for address, wrong in found.items() if wrong} == {}
