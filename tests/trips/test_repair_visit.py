"""A technician on a phone: takes a visit, comes, lists what it costs, asks the household; through a dead spot, with an
expired session, and without JavaScript. Each page looked at in several ways of reading."""

import re
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from people.models import User
from repair import visits, workflow
from repair.models import Agreement, Case, Line, Paper, SentDeed, Visit
from repair.states import State
from tests import make_repair as make
from tests.make import signed_in
from tests.repair.test_visits import photo

from .looks import follow, seen

pytestmark = [pytest.mark.trip, pytest.mark.django_db(transaction=True)]
WAYS = [(1280, "normal", "normal"), (390, "normal", "high"), (320, "larger", "normal")]


@pytest.fixture
def tech() -> User:
    year = make.programme()
    return make.technician(year.contractor, name="예시 기사")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def add(page: Page, item: str) -> None:
    page.get_by_label("작업이나 부품").select_option(label=item)
    press(page, "내역에 더하기")
    expect(page.locator(".visit-line", has_text=item.split(",")[0])).to_be_visible()


def finish(page: Page, outcome: str = "고침") -> None:
    page.get_by_label(outcome, exact=True).check()
    page.get_by_label("확인하시는 분의 이름").fill("예시 가족")
    press(page, "수리를 확인했습니다")


def take(page: Page) -> None:
    page.goto("/repair/visits/")
    page.get_by_role("button", name="맡기").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("예시 주민")


@pytest.mark.parametrize(("width", "text", "contrast"), WAYS)
def test_each_page_in_each_way_of_reading(screen, tech: User, width: int, text: str, contrast: str) -> None:
    wishes = {"wishes": "개가 있으니 먼저 전화해 주세요", "unit": "101동 202호"}
    make.visit(
        make.selected(**wishes, helper_name="예시 딸", helper_phone="010-9999-8888"), by=tech, arrived=False
    )
    make.selected()
    done = make.visit(by=tech)
    make.lines(done)
    by = make.technician_actor(tech)
    visits.finish(done.pk, by, {one.pk: ("Fixed", "") for one in done.case.devices.all()}, "예시 가족")
    page = screen(width, text, contrast, client=signed_in(Client(), tech))
    page.goto("/repair/visits/")
    seen(page, "visit-list")
    follow(page.get_by_role("link", name="방문 열기"))
    seen(page, "visit-before")
    press(page, "방문함")
    expect(page.get_by_role("heading", name="진단")).to_be_visible()
    for item in ("점검, 30,000원", "SSD 256GB, 60,000원"):
        add(page, item)
    expect(page.get_by_text("200,000원 중 110,000원 남음")).to_be_visible()
    seen(page, "visit-work")
    add(page, "그래픽 카드, 150,000원")
    expect(page.get_by_text("지원 한도 200,000원을 40,000원 넘음")).to_be_visible()
    seen(page, "visit-over")
    press(page, "가구에 여쭙기")
    expect(page.get_by_role("heading", level=1)).to_contain_text("나머지 수리비를 내시겠습니까?")
    seen(page, "visit-household")
    page.get_by_label("답하시는 분의 이름").fill("예시 가족")
    press(page, "네, 나머지를 내겠습니다")
    expect(page.get_by_text("본인 부담 40,000원에 동의하셨습니다.")).to_be_visible()
    finish(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("수리를 마쳤습니다")
    seen(page, "visit-done")
    page.goto(page.url.removesuffix("done/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("끝난 방문입니다")
    seen(page, "visit-ended")
    page.goto(f"/repair/visits/{done.pk}/")
    assert Case.objects.filter(cost_won=200_000, own_share_won=40_000).count() == 1


def test_the_household_declines(screen, tech: User) -> None:
    make.selected()
    page = screen(390, client=signed_in(Client(), tech))
    take(page)
    press(page, "방문함")
    for item in ("SSD 256GB, 60,000원", "그래픽 카드, 150,000원"):
        add(page, item)
    press(page, "가구에 여쭙기")
    expect(page.get_by_text("내가 낼 돈").locator("visible=true")).to_have_count(1)
    page.get_by_label("답하시는 분의 이름").fill("예시 가족")
    press(page, "아니요, 그만하겠습니다")
    expect(page.get_by_text("본인 부담에 동의하지 않으셨습니다.")).to_be_visible()
    expect(page.get_by_role("button", name="수리를 확인했습니다")).to_be_hidden()
    seen(page, "visit-declined")
    page.locator(".visit-line", has_text="SSD").get_by_role("button", name="빼기").click()
    expect(page.get_by_text("200,000원 중 50,000원 남음")).to_be_visible()
    finish(page, "고칠 수 있으나 못 고침")
    expect(page.get_by_role("heading", level=1)).to_have_text("수리를 마쳤습니다")
    case = Case.objects.get()
    assert (case.state, case.cost_won, case.own_share_won) == (State.DONE, 150_000, 0)
    assert [one.agreed for one in Agreement.objects.order_by("at")] == [False, True]


def test_all_of_it_without_javascript(screen, tech: User) -> None:
    make.selected()
    page = screen(390, client=signed_in(Client(), tech), java_script_enabled=False)
    take(page)
    page.get_by_label("찾아갈 날과 시각").fill("2001-01-01T10:00")
    press(page, "약속 저장")
    expect(page.locator(".errors")).to_contain_text("60일 안의 시각")
    seen(page, "visit-before")
    press(page, "방문함")
    page.get_by_label("무엇이 고장 났나요?").fill("저장 장치가 느립니다")
    press(page, "진단 저장")
    page.get_by_label("고치기 전").check()
    page.locator("[type=file]").set_input_files(files(photo()))
    press(page, "사진 올리기")
    expect(page.locator("#photo-list")).to_contain_text("고치기 전 사진")
    for item in ("점검, 30,000원", "SSD 256GB, 60,000원", "그래픽 카드, 150,000원"):
        add(page, item)
    seen(page, "visit-over")
    press(page, "가구에 여쭙기")
    expect(page.get_by_role("heading", level=1).locator("visible=true")).to_contain_text("나머지 수리비를")
    seen(page, "visit-household")
    page.get_by_label("답하시는 분의 이름").fill("예시 가족")
    press(page, "네, 나머지를 내겠습니다")
    finish(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("수리를 마쳤습니다")
    seen(page, "visit-done")
    assert Case.objects.get().own_share_won == 40_000
    assert Visit.objects.get().diagnosis == "저장 장치가 느립니다"


def files(*uploads: Any) -> list[dict[str, Any]]:
    return [{"name": one.name, "mimeType": one.content_type, "buffer": one.read()} for one in uploads]


def works_in_a_dead_spot(page: Page) -> None:
    """Arrives, diagnoses, lists two things and takes a photo: five deeds."""
    press(page, "방문함")
    page.get_by_label("무엇이 고장 났나요?").fill("저장 장치가 느립니다")
    press(page, "진단 저장")
    for item in ("점검, 30,000원", "SSD 256GB, 60,000원"):
        add(page, item)
    page.get_by_label("고치기 전").check()
    page.locator("[type=file]").set_input_files(files(photo()))
    press(page, "사진 올리기")
    expect(page.locator("#photo-list")).to_contain_text("고치기 전 사진")
    expect(page.locator("#unsent-says")).to_contain_text("아직 보내지 못한 일 5건")


def all_arrived_once() -> None:
    visit = Visit.objects.get()
    assert visit.arrived_at
    assert visit.diagnosis == "저장 장치가 느립니다"
    assert sorted(Line.objects.values_list("name", "count")) == [("SSD 256GB", 1), ("점검", 1)]
    assert Paper.objects.filter(kind="before").count() == 1
    assert SentDeed.objects.count() == 5
    assert not SentDeed.objects.exclude(trouble="").exists()


def opened(screen, tech: User) -> Page:
    visit = make.visit(by=tech, arrived=False)
    page: Page = screen(390, client=signed_in(Client(), tech))
    page.goto(f"/repair/visits/{visit.pk}/")
    return page


def test_in_a_dead_spot_it_goes_on_and_is_sent_later(screen, tech: User) -> None:
    page = opened(screen, tech)
    page.context.set_offline(True)
    works_in_a_dead_spot(page)
    expect(page.get_by_text("200,000원 중 110,000원 남음")).to_be_visible()
    seen(page, "visit-dead-spot")
    assert not SentDeed.objects.exists()
    page.context.set_offline(False)
    expect(page.locator("#unsent-says")).to_have_text("모두 보냈습니다.")
    all_arrived_once()
    finish(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("수리를 마쳤습니다")
    assert Case.objects.get().cost_won == 90_000


def test_a_reload_in_between_loses_nothing(screen, tech: User) -> None:
    page = opened(screen, tech)
    address = page.url
    page.context.set_offline(True)
    works_in_a_dead_spot(page)
    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto(address)
    expect(page.locator("#unsent-says")).to_have_text("모두 보냈습니다.")
    all_arrived_once()
    page.reload()
    expect(page.get_by_text("200,000원 중 110,000원 남음")).to_be_visible()
    expect(page.locator("#unsent-says")).to_be_empty()


def test_an_answer_that_is_lost_does_nothing_twice(screen, tech: User) -> None:
    """The portal did it, the phone does not know, and asks again."""
    page = opened(screen, tech)
    lost: list[str] = []

    def lose(route: Any) -> None:
        route.fetch()
        route.abort()
        lost.append(route.request.url.rstrip("/").rpartition("/")[2])

    page.context.set_offline(True)
    works_in_a_dead_spot(page)
    for address in ("**/sent/", "**/photo/"):
        page.route(address, lose, times=1)
    page.context.set_offline(False)
    for _ in range(100):  # it also tries by itself, every 15 s: how often it asks is not for this test to say
        if len(lost) == 2:
            break
        page.wait_for_timeout(100)
        page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("#unsent-says")).to_have_text("모두 보냈습니다.")
    assert lost == ["sent", "photo"]
    all_arrived_once()


def test_the_household_answers_and_confirms_in_a_dead_spot(screen, tech: User) -> None:
    page = opened(screen, tech)
    page.context.set_offline(True)
    press(page, "방문함")
    for item in ("SSD 256GB, 60,000원", "그래픽 카드, 150,000원"):
        add(page, item)
    press(page, "가구에 여쭙기")
    expect(page.get_by_role("heading", level=1).locator("visible=true")).to_contain_text("나머지 수리비를")
    expect(page.locator(".visit-own dd")).to_have_text("10,000원")
    page.get_by_label("답하시는 분의 이름").fill("예시 가족")
    press(page, "네, 나머지를 내겠습니다")
    finish(page)
    expect(page.get_by_text("다 보낼 때까지 이 화면을 닫지 말아 주세요.")).to_be_visible()
    seen(page, "visit-kept")
    page.context.set_offline(False)
    expect(page.get_by_role("heading", level=1)).to_have_text("수리를 마쳤습니다")
    case = Case.objects.get()
    assert (case.cost_won, case.own_share_won) == (200_000, 10_000)


def test_an_expired_session_loses_nothing(screen, tech: User, live_server) -> None:
    page = opened(screen, tech)
    address = page.url
    page.context.clear_cookies(name="sessionid")
    press(page, "방문함")
    expect(page.locator("#unsent-says")).to_contain_text("다시 로그인해 주세요")
    add(page, "점검, 30,000원")
    seen(page, "visit-signed-out")
    expect(page.get_by_role("link", name="다시 로그인")).to_have_attribute(
        "href", re.compile("next=/repair/visits/")
    )
    assert not SentDeed.objects.exists()
    again = signed_in(Client(), tech)
    page.context.add_cookies(
        [{"name": name, "value": one.value, "url": live_server.url} for name, one in again.cookies.items()]
    )
    page.goto(address)
    expect(page.locator("#unsent-says")).to_have_text("모두 보냈습니다.")
    assert Line.objects.count() == 1
    assert Visit.objects.get().arrived_at


def test_what_is_refused_is_shown_until_it_was_seen(screen, tech: User) -> None:
    """The applicant took the case back meanwhile."""
    page = opened(screen, tech)
    page.context.set_offline(True)
    press(page, "방문함")
    page.get_by_label("무엇이 고장 났나요?").fill("저장 장치가 느립니다")
    press(page, "진단 저장")
    expect(page.locator("#unsent-says")).to_contain_text("2건")
    workflow.withdraw(Case.objects.get().pk, make.CITIZEN)
    page.context.set_offline(False)
    refused = page.locator("#refused")
    expect(refused).to_contain_text("이 방문은 끝났습니다.")
    expect(refused).to_contain_text("저장 장치가 느립니다")
    expect(page.get_by_role("heading", level=1)).to_have_text("끝난 방문입니다")
    expect(refused).to_contain_text("저장 장치가 느립니다")
    assert "예시 주민" not in page.content()
    seen(page, "visit-refused")
    page.goto("/repair/visits/")
    expect(page.locator("#refused")).to_contain_text("처리되지 않은 일이 있습니다")
    for _ in range(2):
        page.get_by_role("button", name="확인했습니다").first.click()
    expect(page.locator("#refused")).to_be_hidden()
    page.reload()
    expect(page.locator("#refused")).to_be_hidden()


def test_signing_out_says_what_would_be_lost_and_forgets_it(screen, tech: User) -> None:
    page = opened(screen, tech)
    address = page.url
    page.context.set_offline(True)
    press(page, "방문함")
    expect(page.locator("#unsent-says")).to_contain_text("1건")
    said = []

    def answer(dialog: Any) -> None:
        said.append(dialog.message)
        dialog.dismiss() if len(said) == 1 else dialog.accept()

    page.on("dialog", answer)
    press(page, "로그아웃")
    expect(page.locator("#unsent-says")).to_contain_text("1건")
    page.route("**/sent/", lambda route: route.abort())
    page.context.set_offline(False)
    press(page, "로그아웃")
    expect(page.get_by_role("link", name="로그인", exact=True)).to_be_visible()
    assert len(said) == 2
    assert "지워집니다" in said[0]
    page.unroute_all()
    page.context.add_cookies(
        [
            {"name": n, "value": one.value, "url": address}
            for n, one in signed_in(Client(), tech).cookies.items()
        ]
    )
    page.goto(address)
    expect(page.get_by_role("button", name="방문함")).to_be_visible()
    assert not SentDeed.objects.exists()
