"""A village chief on a phone: speaks, looks, sends; and nothing that was said is lost."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from broadcast.models import Broadcast, Village
from broadcast.states import State
from people.models import User
from tests import make

from .looks import faults

pytestmark = [pytest.mark.trip, pytest.mark.django_db(transaction=True)]
NEW = "/broadcast/new/"


@pytest.fixture
def village() -> Village:
    return make.gateway(make.village(name="시험마을")).village


@pytest.fixture
def chief(village: Village) -> User:
    return make.chief(village)


@pytest.fixture
def phone(screen, chief: User, client: Client) -> Page:
    return screen(390, client=make.signed_in(client, chief), permissions=["microphone"])


def sign_in(page: Page, client: Client, user: User) -> None:
    """As if they had gone through the sign-in page just now."""
    key = make.signed_in(client, user).cookies["sessionid"].value
    home = page.evaluate("location.origin")
    page.context.add_cookies([{"name": "sessionid", "value": key, "url": home}])


def record(page: Page, seconds: int = 2, then: str = "끝") -> None:
    """Speaks (Chromium's microphone beeps once a second) and stops."""
    page.get_by_role("button", name="녹음", exact=True).click()
    expect(page.locator("#time-left")).to_have_text(f"4분 {60 - seconds}초", timeout=10_000 + seconds * 1000)
    page.get_by_role("button", name=then).click()


def test_three_taps_from_open_to_sent(phone: Page, village: Village) -> None:
    phone.goto(NEW)
    expect(phone.get_by_role("button", name="녹음", exact=True)).to_be_in_viewport(ratio=1)
    assert faults(phone) == []
    record(phone)
    phone.wait_for_url("**/review/")
    expect(phone.locator("main")).to_contain_text("시험마을 스피커 1대 · 40가구")
    assert faults(phone) == []
    phone.get_by_role("button", name="보내기", exact=True).click()
    expect(phone.locator(".live-sentence")).to_have_text("1곳 중 0곳 방송함")
    assert faults(phone) == []
    sent = Broadcast.objects.select_related("recording").get()
    assert sent.published_at
    assert 1.5 < sent.recording.duration < 6
    assert list(sent.villages.all()) == [village]


def test_it_is_watched_until_it_ends(phone: Page, chief: User, village: Village) -> None:
    sent = make.published_to([village], chief)
    phone.goto(f"/broadcast/{sent.pk}/")
    expect(phone.locator("#news")).to_have_text("방송을 보내고 있습니다.")
    sent.deliveries.update(state=State.PLAYED, ended_at=timezone.now())
    expect(phone.locator(".live-sentence")).to_have_text("1곳 중 1곳 방송함")
    expect(phone.locator("#news")).to_contain_text("모두 방송했습니다.")
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    phone.wait_for_timeout(3000)
    assert asked == [], "it goes on asking after the end"


def test_a_failure_is_said_and_sent_again(phone: Page, chief: User, village: Village) -> None:
    sent = make.published_to([village], chief)
    sent.deliveries.update(state=State.UNREACHED, reason="no_answer", ended_at=timezone.now())
    phone.goto(f"/broadcast/{sent.pk}/")
    expect(phone.locator(".trouble")).to_contain_text("전원과 통신을 확인해 주세요.")
    assert faults(phone) == []
    phone.get_by_role("button", name="못 한 1곳에 다시 보내기").click()
    expect(phone.locator(".messages")).to_contain_text("1곳에 다시 보냅니다.")
    assert sent.deliveries.get().state == State.WAITING


def test_signed_out_while_speaking_loses_nothing(phone: Page, chief: User, client: Client) -> None:
    phone.goto(NEW)
    phone.get_by_role("button", name="녹음", exact=True).click()
    expect(phone.locator("#time-left")).to_have_text("4분 58초", timeout=10_000)
    Session.objects.all().delete()
    phone.get_by_role("button", name="끝").click()
    expect(phone.locator("#recorder-says")).to_contain_text("로그인이 끝났습니다.")
    again = phone.get_by_role("link", name="다시 로그인")
    assert again.get_attribute("href") == f"/people/sign-in/?next={NEW}"
    assert not Broadcast.objects.exists()
    sign_in(phone, client, chief)
    again.click()
    expect(phone.get_by_role("heading", name="보내지 않은 녹음이 있습니다")).to_be_visible()
    assert faults(phone) == []
    phone.get_by_role("button", name="이어서 보내기").first.click()
    phone.wait_for_url("**/review/")
    assert Broadcast.objects.get().recording.duration > 1.5
    phone.goto(NEW)
    expect(phone.locator("#unsent")).to_be_hidden()


def test_a_crash_while_speaking_loses_nothing(phone: Page) -> None:
    phone.goto(NEW)
    phone.get_by_role("button", name="녹음", exact=True).click()
    expect(phone.locator("#time-left")).to_have_text("4분 57초", timeout=10_000)
    phone.close(run_before_unload=False)
    reopened = phone.context.new_page()
    reopened.goto(NEW)
    reopened.on("dialog", lambda dialog: dialog.accept())
    offered = reopened.locator("#unsent-list li")
    expect(offered).to_have_count(1)
    assert offered.locator("audio").evaluate(
        "sound => new Promise(done => { sound.onerror = () => done(false);"
        " sound.onloadeddata = () => done(true); sound.load(); })"
    )
    offered.get_by_role("button", name="지우기").click()
    expect(reopened.locator("#unsent")).to_be_hidden()
    reopened.reload()
    expect(reopened.locator("#unsent")).to_be_hidden()


def test_nobody_is_offered_anothers_voice(phone: Page, village: Village, client: Client) -> None:
    phone.goto(NEW)
    phone.context.set_offline(True)
    record(phone)
    expect(phone.get_by_role("button", name="이어서 보내기")).to_be_visible()
    phone.context.set_offline(False)
    sign_in(phone, client, make.chief(village))
    phone.goto(NEW)
    expect(phone.get_by_role("button", name="녹음", exact=True)).to_be_visible()
    expect(phone.locator("#unsent")).to_be_hidden()


def test_without_a_network_it_waits_and_goes_on(phone: Page) -> None:
    phone.goto(NEW)
    phone.context.set_offline(True)
    record(phone)
    expect(phone.locator("#recorder-says")).to_contain_text("보내지 못했습니다.")
    phone.context.set_offline(False)
    phone.get_by_role("button", name="이어서 보내기").click()
    phone.wait_for_url("**/review/")
    assert Broadcast.objects.count() == 1


def test_an_answer_that_is_lost_makes_no_second_draft(phone: Page) -> None:
    def lose(route) -> None:
        route.fetch()
        route.abort()

    phone.goto(NEW)
    phone.route("**/recordings/", lose, times=1)
    record(phone)
    phone.get_by_role("button", name="이어서 보내기").click()
    phone.wait_for_url("**/review/")
    assert Broadcast.objects.count() == 1


def test_impatient_taps_send_once(phone: Page) -> None:
    phone.goto(NEW)
    record(phone, then="끝")
    phone.wait_for_url("**/review/")
    phone.locator("button.send").evaluate("button => { button.click(); button.click(); button.click(); }")
    phone.wait_for_url(re.compile(r"/broadcast/[0-9a-f-]+/$"))
    assert Broadcast.objects.get().deliveries.count() == 1


def test_it_stops_by_itself_at_the_longest(phone: Page, settings) -> None:
    settings.RECORDING_MAX_SECONDS = 3
    phone.goto(NEW)
    phone.get_by_role("button", name="녹음", exact=True).click()
    phone.wait_for_url("**/review/")
    assert Broadcast.objects.get().recording.duration <= 3


@pytest.mark.parametrize(
    ("name", "words"),
    [("NotAllowedError", "마이크를 ‘허용’으로"), ("NotFoundError", "마이크를 찾지 못했습니다.")],
)
def test_without_a_microphone_it_says_what_to_do(phone: Page, name: str, words: str) -> None:
    phone.add_init_script(
        f"navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', '{name}'))"
    )
    phone.goto(NEW)
    phone.get_by_role("button", name="녹음", exact=True).click()
    expect(phone.locator("#recorder-says")).to_contain_text(words)
    assert faults(phone) == []


def test_the_meter_hears_and_silence_is_said(phone: Page) -> None:
    phone.goto(NEW)
    phone.get_by_role("button", name="녹음", exact=True).click()
    phone.locator("#meter").evaluate(
        "meter => new Promise(heard => {"
        " const look = () => meter.value > 0.3 ? heard() : setTimeout(look, 20); look(); })"
    )
    silent = phone.context.new_page()
    silent.add_init_script(
        "navigator.mediaDevices.getUserMedia = async () => new AudioContext().createMediaStreamDestination().stream"
    )
    silent.goto(NEW)
    silent.get_by_role("button", name="녹음", exact=True).click()
    expect(silent.locator("#recorder-says")).to_contain_text("소리가 들리지 않습니다.", timeout=10_000)
    assert faults(silent) == []
    silent.get_by_role("button", name="끝").click()
    expect(silent.locator("#recorder-says")).to_contain_text("다시 녹음해", timeout=10_000)
    expect(silent.locator("#try-again")).to_be_hidden()
    expect(silent.get_by_role("button", name="녹음", exact=True)).to_be_focused()


def test_by_keyboard_alone(phone: Page) -> None:
    phone.goto(NEW)
    button = phone.get_by_role("button", name="녹음", exact=True)
    for _ in range(30):
        if button.evaluate("button => button === document.activeElement"):
            break
        phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")
    expect(phone.locator("#time-left")).to_have_text("4분 58초", timeout=10_000)
    phone.keyboard.press("Space")
    phone.wait_for_url("**/review/")
    for _ in range(30):
        phone.keyboard.press("Tab")
        if phone.evaluate("document.activeElement.name") == "send":
            break
    phone.keyboard.press("Enter")
    expect(phone.locator(".live-sentence")).to_be_visible()


def test_without_script_a_text_is_sent(screen, chief: User, client: Client) -> None:
    page = screen(390, client=make.signed_in(client, chief), java_script_enabled=False)
    page.goto(NEW)
    page.locator("summary", has_text="글로 써서 방송").click()
    page.get_by_label("방송할 글").fill("내일 아침 마을 청소를 합니다.")
    page.get_by_role("button", name="다음: 확인하기").click()
    expect(page.locator(".said")).to_have_text("내일 아침 마을 청소를 합니다.")
    page.get_by_role("button", name="보내기", exact=True).click()
    expect(page.locator(".live-sentence")).to_have_text("1곳 중 0곳 방송함")
    assert page.locator("noscript meta[http-equiv=refresh]").count() == 1


def test_a_refused_text_keeps_what_was_typed(phone: Page) -> None:
    phone.goto(NEW)
    phone.locator("summary", has_text="글로 써서 방송").click()
    phone.get_by_label("방송할 글").fill("가" * 1001)
    phone.get_by_role("button", name="다음: 확인하기").click()
    expect(phone.locator(".errors")).to_be_focused()
    expect(phone.locator(".errors")).to_contain_text("1,000자 안으로 줄여 주세요. (지금 1,001자)")
    assert phone.get_by_label("방송할 글").input_value() == "가" * 1001
    assert faults(phone) == []


def test_several_villages_are_chosen_by_ticks(screen, client: Client) -> None:
    villages = [make.gateway(make.village(name=f"시험{n}마을")).village for n in "가나다"]
    page = screen(390, client=make.signed_in(client, make.chief(*villages)), permissions=["microphone"])
    page.goto(NEW)
    expect(page.locator("#reach")).to_have_text("3개 마을 스피커 3대 · 120가구")
    expect(page.get_by_role("button", name="녹음", exact=True)).to_be_in_viewport(ratio=1)
    page.locator("summary", has_text="3개 마을").click()
    page.get_by_label("시험나마을").uncheck()
    expect(page.locator("#reach")).to_have_text("2개 마을 스피커 2대 · 80가구")
    assert faults(page) == []
    record(page)
    page.wait_for_url("**/review/")
    assert {v.name for v in Broadcast.objects.get().villages.all()} == {"시험가마을", "시험다마을"}


def test_a_mistake_in_the_form_costs_no_recording(screen, client: Client) -> None:
    villages = [make.gateway(make.village(name=f"시험{n}마을")).village for n in "가나"]
    page = screen(390, client=make.signed_in(client, make.chief(*villages)), permissions=["microphone"])
    page.goto(NEW)
    page.locator("summary", has_text="2개 마을").click()
    for village in villages:
        page.get_by_label(village.name).uncheck()
    record(page)
    expect(page.locator("#recorder-says")).to_contain_text("한 곳 이상 골라 주세요. 녹음은 그대로 있습니다.")
    assert faults(page) == []
    page.get_by_label("시험나마을").check()
    page.get_by_role("button", name="이어서 보내기").click()
    page.wait_for_url("**/review/")
    assert [v.name for v in Broadcast.objects.get().villages.all()] == ["시험나마을"]
    page.goto(NEW)
    expect(page.locator("#unsent")).to_be_hidden()


def test_a_typed_text_outlives_the_session(phone: Page, chief: User, client: Client) -> None:
    phone.goto(NEW)
    phone.locator("summary", has_text="글로 써서 방송").click()
    phone.get_by_label("방송할 글").fill("내일 아침 마을 청소를 합니다.")
    Session.objects.all().delete()
    phone.get_by_role("button", name="다음: 확인하기").click()
    phone.wait_for_url("**/people/sign-in/**")
    sign_in(phone, client, chief)
    phone.goto(NEW)
    expect(phone.get_by_text("적다가 보내지 않은 글을 되살렸습니다.")).to_be_visible()
    expect(phone.get_by_label("방송할 글")).to_have_value("내일 아침 마을 청소를 합니다.")
    assert faults(phone) == []
    phone.get_by_role("button", name="다음: 확인하기").click()
    expect(phone.locator(".said")).to_have_text("내일 아침 마을 청소를 합니다.")
    phone.goto(NEW)
    assert phone.get_by_label("방송할 글").input_value() == ""


def test_nobody_is_shown_anothers_text(phone: Page, village: Village, client: Client) -> None:
    phone.goto(NEW)
    phone.locator("summary", has_text="글로 써서 방송").click()
    phone.get_by_label("방송할 글").fill("내 글")
    sign_in(phone, client, make.chief(village))
    phone.goto(NEW)
    assert phone.get_by_label("방송할 글").input_value() == ""


@pytest.mark.parametrize(
    ("width", "text", "contrast"),
    [(390, "larger", "high"), (320, "normal", "high"), (320, "larger", "normal")],
)
def test_every_page_in_every_way_of_reading(
    screen, client: Client, width: int, text: str, contrast: str
) -> None:
    villages = [make.gateway(make.village(name=f"시험{n}마을")).village for n in "가나"]
    chief = make.chief(*villages, name="이름이 아주 긴 이장님")
    lost = make.published_to(villages, chief, "wildfire")
    lost.deliveries.update(state=State.UNREACHED, reason="no_answer", ended_at=timezone.now())
    draft = make.draft(chief, villages, "crisis", text="가" * 1000)
    page = screen(width, text, contrast, client=make.signed_in(client, chief), permissions=["microphone"])
    found = {}
    for address in ["new/", f"new/?instead={draft.pk}", "history/", f"{lost.pk}/", f"{draft.pk}/review/"]:
        page.goto(f"/broadcast/{address}")
        page.locator("main details").evaluate_all("all => all.forEach(each => { each.open = true; })")
        found[address] = faults(page)
    assert {address: wrong for address, wrong in found.items() if wrong} == {}


def test_a_file_that_is_too_large_is_said_at_once(phone: Page, settings) -> None:
    settings.RECORDING_MAX_BYTES = 1024**2
    phone.goto(NEW)
    phone.locator("summary", has_text="글로 써서 방송").click()
    phone.locator("summary", has_text="녹음 파일 고르기").click()
    file = {"name": "long.mp3", "mimeType": "audio/mpeg", "buffer": bytes(1024**2 + 1)}
    phone.locator("#id_sound").set_input_files(file)
    expect(phone.get_by_role("alert")).to_have_text("파일이 너무 큽니다. 1MB보다 작은 파일을 골라 주세요.")
    assert phone.locator("#id_sound").input_value() == ""
    assert faults(phone) == []
