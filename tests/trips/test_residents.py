"""A resident, perhaps over 70, on their own phone or a computer: finds the village, reads, hears, asks for texts, stops
them; says that it is too loud. Each page looked at in several ways of reading, and without JavaScript."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from broadcast.cancel import cancel
from broadcast.models import Broadcast, NoiseComplaint, Subscription, Village
from broadcast.publish import publish
from broadcast.states import State
from people.models import Message
from tests import make

from .looks import faults, follow, seen

pytestmark = [pytest.mark.trip, pytest.mark.django_db(transaction=True)]
WAYS = [(1280, "normal", "normal"), (390, "normal", "high"), (320, "larger", "normal")]
FIRE = "산불이 났습니다. 지금 마을회관으로 대피해 주세요. 어르신은 이웃이 함께 도와주세요."


@pytest.fixture(autouse=True)
def nobody_wrote_before() -> None:
    cache.clear()


@pytest.fixture
def village() -> Village:
    return make.gateway(make.village(name="삼계마을")).village


def sent(village: Village, category: str = "life", **fields: object) -> Broadcast:
    by = make.chief(village)
    return publish(make.draft(by, [village], category, **fields).pk, by)


@pytest.fixture
def news(village: Village) -> Broadcast:
    """One of each kind; returns the urgent one."""
    wrong = sent(village, text="내일 오전 10시에 마을회관에서 독감 예방접종을 합니다.")
    sent(village, text="예방접종은 오전 11시에 합니다. 신분증을 가져오세요.", corrects=wrong)
    taken_back = sent(village, category="event", text="오늘 저녁 마을 잔치가 있습니다.")
    cancel(taken_back.pk, taken_back.author, "비가 와서")
    return sent(village, category="wildfire", text=FIRE)


@pytest.mark.parametrize(("width", "text", "contrast"), WAYS)
def test_from_the_first_page_to_hearing_it(
    screen, news: Broadcast, village: Village, width: int, text: str, contrast: str
) -> None:
    page = screen(width, text, contrast)
    page.goto("/")
    follow(page.get_by_role("link", name="우리 마을 방송 보기"))
    seen(page, "find")
    page.get_by_label("마을 이름으로 찾기").fill("삼계")
    follow(page.get_by_role("button", name="찾기"))
    seen(page, "found")
    page.get_by_role("link", name="문산읍 삼계마을").click()
    expect(page.locator(".heard").first).to_contain_text(FIRE)
    expect(page.locator(".heard-urgent")).to_have_count(1)
    expect(page.get_by_text("취소된 방송입니다")).to_be_visible()
    seen(page, "village")
    page.locator(".notice a").click()
    sound = page.locator(".heard-urgent audio")
    # One can wind it, and it plays to the end.
    sound.evaluate("one => new Promise(then => { one.onplaying = then; one.muted = true; one.play() })")
    sound.evaluate("one => new Promise(then => { one.onseeked = then; one.currentTime = .6 })")
    sound.evaluate("one => one.ended || new Promise(then => { one.onended = then })")
    assert sound.evaluate("one => one.currentTime") > 0.6
    page.get_by_role("button", name="이 마을 기억하기").click()
    expect(page.get_by_role("button", name="기억 지우기")).to_be_visible()
    page.goto("/broadcast/listen/")
    page.get_by_role("link", name="삼계마을 방송 보기").click()
    expect(page.locator("h1")).to_have_text("문산읍 삼계마을 방송")


@pytest.mark.parametrize(("width", "text", "contrast"), WAYS[:2])
def test_texts_asked_for_and_stopped(screen, village: Village, width: int, text: str, contrast: str) -> None:
    page = screen(width, text, contrast)
    page.goto(f"/broadcast/listen/{village.pk}/")
    follow(page.get_by_role("link", name="방송을 문자로 받기"))
    seen(page, "subscribe")
    page.get_by_role("textbox", name="휴대전화 번호").fill("010-9999-0001")
    page.get_by_role("button", name="인증번호 받기").click()
    page.locator(".errors").wait_for()
    assert faults(page) == []
    page.get_by_label("긴급 방송만").check()
    page.get_by_label("동의합니다").check()
    page.get_by_role("button", name="인증번호 받기").click()
    field = page.get_by_role("textbox", name="인증번호")
    field.fill("12")
    page.get_by_role("button", name="문자 받기 시작").click()
    page.locator(".errors").wait_for()
    seen(page, "code")
    code = Message.objects.get(template="sign_in_code").text.split()[2]
    field.fill(code)
    page.get_by_role("button", name="문자 받기 시작").click()
    expect(page.locator(".messages")).to_contain_text("문자로 보내 드립니다")
    mine = Subscription.objects.get()
    assert mine.urgent_only
    page.context.clear_cookies()
    page.goto(f"/s/{mine.token}/")
    seen(page, "stop")
    page.get_by_role("button", name="그만 받기", exact=True).click()
    expect(page.locator("h1")).to_have_text("이제 문자를 보내지 않습니다")
    seen(page, "stopped")
    page.goto("/s/nobodys/")
    assert faults(page) == []


@pytest.mark.parametrize(("width", "text", "contrast"), WAYS[:2])
def test_too_loud_and_the_answer(
    screen, village: Village, client: Client, width: int, text: str, contrast: str
) -> None:
    page = screen(width, text, contrast)
    page.goto(f"/broadcast/listen/{village.pk}/")
    page.get_by_role("link", name="소리가 너무 큽니다").click()
    page.get_by_role("button", name="보내기").click()
    page.locator(".errors").wait_for()
    seen(page, "noise")
    page.get_by_label("무엇이 불편하셨나요?").fill("새벽 6시 방송이 너무 커서 아기가 깹니다.")
    page.get_by_role("textbox", name="답을 문자로 받을").fill("010-9999-0001")
    page.get_by_label("동의합니다").check()
    page.get_by_role("button", name="보내기").click()
    expect(page.locator(".messages")).to_contain_text("알려 주셔서 고맙습니다")

    desk = screen(width, text, contrast, client=make.signed_in(client, make.clerk()))
    desk.goto("/broadcast/complaints/")
    seen(desk, "complaints")
    desk.locator("main .tbl a").first.click()
    desk.get_by_label("답", exact=True).fill("아침 7시 전에는 방송하지 않겠습니다.")
    seen(desk, "complaint")
    desk.get_by_role("button", name="답을 문자로 보내기").click()
    expect(desk.locator("main")).to_contain_text("문자로 보냄")
    assert faults(desk) == []
    desk.goto("/broadcast/complaints/new/")
    seen(desk, "complaint-take")
    assert NoiseComplaint.objects.get().answer


@pytest.mark.parametrize(("width", "text", "contrast"), WAYS[1:])
def test_how_well_it_works(
    screen, news: Broadcast, village: Village, width: int, text: str, contrast: str
) -> None:
    news.deliveries.update(state=State.PLAYED, playing_at=news.published_at, ended_at=timezone.now())
    page = screen(width, text, contrast)
    page.goto("/broadcast/performance/")
    expect(page.locator("main")).to_contain_text("10초 안에 시작")
    seen(page, "performance")
    page.get_by_label("읍면동", exact=True).select_option("문산읍")
    page.get_by_role("button", name="보기", exact=True).click()
    expect(page.locator("main table").first).to_contain_text("삼계마을")
    assert faults(page) == []


def test_news_come_without_touching_what_plays(screen, news: Broadcast, village: Village) -> None:
    page = screen(390)
    page.clock.install()
    page.goto(f"/broadcast/listen/{village.pk}/")
    page.locator(".heard audio").first.evaluate("one => { one.dataset.mine = 'kept' }")
    sent(village, category="rain", text="비가 많이 옵니다.")
    with page.expect_response("**/fresh/*"):
        page.clock.run_for(16_000)
    expect(page.locator("#fresh")).to_contain_text("비가 많이 옵니다.")
    expect(page.locator(".heard audio").first).to_have_attribute("data-mine", "kept")
    seen(page, "fresh")
    page.get_by_role("link", name="새 방송 보기").click()
    expect(page.locator(".heard").first).to_contain_text("비가 많이 옵니다.")


def test_all_of_it_without_javascript(screen, news: Broadcast, village: Village) -> None:
    page = screen(390, java_script_enabled=False)
    page.goto("/broadcast/listen/")
    page.get_by_role("link", name="문산읍").click()
    page.get_by_role("link", name="삼계마을").click()
    expect(page.locator(".heard").first).to_contain_text(FIRE)
    expect(page.locator(".heard-urgent audio")).to_be_visible()
    page.get_by_role("button", name="이 마을 기억하기").click()
    page.get_by_role("link", name="새로 고침").click()
    follow(page.get_by_role("link", name="방송을 문자로 받기"))
    page.get_by_role("textbox", name="휴대전화 번호").fill("010-9999-0001")
    page.get_by_label("동의합니다").check()
    page.get_by_role("button", name="인증번호 받기").click()
    page.get_by_role("textbox", name="인증번호").fill(
        Message.objects.get(template="sign_in_code").text.split()[2]
    )
    page.get_by_role("button", name="문자 받기 시작").click()
    expect(page.locator(".messages")).to_contain_text("문자로 보내 드립니다")
