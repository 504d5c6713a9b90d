"""The hardest trips whole: a voice from a phone to the speakers, and everybody concerned watches it arrive.

One file, so that one process of the test run has the city.
"""

import os
import re
import signal
import time

import pytest
from playwright.sync_api import Page, expect

from tests.city import City

from .conftest import Opens, as_chief, as_staff, broadcast_id

pytestmark = pytest.mark.trip

EVERY_ADDRESS = ("", "review/", "live/", "receipts/", "resend/", "text/", "throw-away/")


def status_of(page: Page, address: str, method: str = "GET") -> int:
    """What the page's own person gets there, with their cookies and token."""
    headers = {
        "X-CSRFToken": next((c["value"] for c in page.context.cookies() if c["name"] == "csrftoken"), "")
    }
    headers["Referer"] = page.url
    return page.request.fetch(address, method=method, headers=headers, max_redirects=0).status


def test_a_chief_s_voice_plays_in_the_village_and_nobody_else_s_chief_sees_it(
    city: City, opens: Opens
) -> None:
    city.control("behaviour", {"play_speed": 10})
    chief = as_chief(opens(390, 844), "010-0000-0001")
    taps = 0
    chief.get_by_role("button", name="녹음").click()
    taps += 1
    expect(chief.locator("#record-label")).not_to_have_text("녹음")
    chief.wait_for_timeout(5000)  # somebody speaks for five seconds
    chief.locator("#record").click()
    taps += 1
    chief.wait_for_url(re.compile("/review/$"))
    sound = chief.locator("audio")
    seconds = sound.evaluate(
        "a => new Promise(done => a.readyState ? done(a.duration) : a.onloadedmetadata = () => done(a.duration))"
    )
    assert 3.5 < seconds < 8
    address = sound.get_attribute("src")
    expect(chief.get_by_text("스피커 1대")).to_be_visible()
    chief.get_by_role("button", name="보내기", exact=True).click()
    taps += 1
    assert taps == 3
    expect(chief.get_by_text("1곳 중 1곳 방송함", exact=True)).to_be_visible(timeout=30_000)
    pk = broadcast_id(chief)
    (play,) = city.plays(pk)
    assert play["times_played"] == 1
    assert play["heard_seconds"] == pytest.approx(seconds, rel=0.05)
    assert play["heard_dbfs"] > -40

    other = as_chief(opens(390, 844), "010-0000-0002")
    for part in EVERY_ADDRESS:
        for method in ("GET", "POST"):
            assert status_of(other, f"/broadcast/{pk}/{part}", method) in (403, 404, 405), (part, method)
    assert status_of(other, f"/broadcast/{pk}/") in (403, 404)
    assert address
    assert status_of(other, address) in (403, 404)
    other.goto("/broadcast/history/")
    assert pk not in other.content()
    stranger = opens(390, 844)
    for part in EVERY_ADDRESS:
        assert status_of(stranger, f"/broadcast/{pk}/{part}") == 302, "asked to sign in"
    assert status_of(stranger, address) in (302, 401)


def test_a_clerk_reaches_every_village_of_the_office(city: City, opens: Opens) -> None:
    city.control("behaviour", {"play_speed": 0})
    clerk = as_staff(opens(), "demo-munsan")
    clerk.goto("/broadcast/new/")
    clerk.get_by_label("방송할 글").fill("문산읍에서 알려 드립니다. 내일 오전 10시에 수도가 끊깁니다.")
    clerk.get_by_role("button", name="다음: 확인하기").click()
    clerk.wait_for_url(re.compile("/review/$"))
    count = re.search(r"스피커 (\d+)대", clerk.locator("main").inner_text())
    assert count
    villages = int(count[1])
    assert villages > 5
    clerk.get_by_role("button", name="보내기", exact=True).click()
    expect(clerk.get_by_text(f"{villages}곳 중 {villages}곳 방송함", exact=True)).to_be_visible(
        timeout=45_000
    )
    plays = city.plays(broadcast_id(clerk))
    assert len(plays) == villages
    assert {play["times_played"] for play in plays} == {1}
    other = as_staff(opens(), "demo-geumsan")
    assert status_of(other, f"/broadcast/{broadcast_id(clerk)}/") == 404


def test_an_urgent_broadcast_to_the_whole_city(city: City, opens: Opens) -> None:
    city.control("behaviour", {"play_speed": 0})
    operator = as_staff(opens(), "demo-city")
    operator.goto("/broadcast/new/")
    operator.get_by_label("방송 종류").select_option("wildfire")
    everywhere = operator.get_by_label(re.compile("시 전체|358|모두"))
    if everywhere.count():
        everywhere.first.check()
    operator.get_by_label("방송할 글").fill("산불이 났습니다. 지금 바로 마을회관으로 대피하십시오.")
    operator.get_by_role("button", name="다음: 확인하기").click()
    operator.wait_for_url(re.compile("/review/$"))
    expect(operator.get_by_text("스피커 358대")).to_be_visible()
    operator.get_by_role("button", name="긴급 방송 보내기").click()
    expect(operator.get_by_text("358곳 중 358곳 방송함", exact=True)).to_be_visible(timeout=60_000)
    plays = city.plays(broadcast_id(operator))
    assert len(plays) == 358
    assert {play["times_played"] for play in plays} == {1}


def test_what_does_not_answer_is_said_in_words_and_sent_again(city: City, opens: Opens) -> None:
    """A speaker that is broken, then repaired."""
    city.control("behaviour", {"play_speed": 0, "speaker": 1.0})
    chief = as_chief(opens(390, 844), "010-0000-0003")
    chief.get_by_text("글로 써서 방송").click()
    chief.get_by_label("방송할 글").fill("마을 회의가 있습니다.")
    chief.get_by_role("button", name="다음: 확인하기").click()
    chief.get_by_role("button", name="보내기", exact=True).click()
    expect(chief.get_by_text("스피커 고장입니다")).to_be_visible(timeout=30_000)
    city.control("behaviour", {"speaker": 0.0})
    chief.get_by_role("button", name=re.compile("다시 보내기")).click()
    expect(chief.get_by_text("1곳 중 1곳 방송함", exact=True)).to_be_visible(timeout=30_000)
    (play,) = city.plays(broadcast_id(chief))
    assert play["state"] == "played"


def test_everything_is_well_and_said_so(city: City) -> None:
    status, body = city.ready()
    assert status == 200
    assert body["ok"] is True
    parts = body["parts"]
    assert parts["gateways"]["total"] == parts["gateways"]["online"] == 358
    callers = {"worker-calls-urgent", "worker-calls-routine"}
    assert set(parts) == {
        *("database", "queue", "worker-urgent", "worker-routine", "beat", "standby"),
        *("gateways", "ledger", "scanner"),
        *callers,
    }
    assert all(part["ok"] for part in parts.values())


def test_a_killed_worker_shows_within_15_seconds_and_heals(city: City) -> None:
    city.wait_until_well()
    pid = int(city.note()["children"]["worker-urgent"]["pid"])
    os.kill(pid, signal.SIGKILL)
    until = time.monotonic() + 15
    while (parts := city.ready()[1]["parts"])["worker-urgent"]["ok"]:
        assert time.monotonic() < until, "the death of the worker did not show within 15 s"
        time.sleep(0.1)
    assert parts["worker-urgent"]["words"]
    city.wait_until_well()
    assert int(city.note()["children"]["worker-urgent"]["pid"]) != pid


def test_no_log_of_any_process_has_a_number_or_a_name(city: City, opens: Opens) -> None:
    """After a citizen and a chief have used it and a worker was killed."""
    page = opens(390, 844)
    page.goto("/people/sign-in/?phone=010-0000-0003")
    # prepare.log announces the example accounts, and nothing of what is done afterwards.
    logs = [log for log in sorted((city.folder / "log").glob("*.log")) if log.name != "prepare.log"]
    assert len(logs) > 5
    said = {log.name: log.read_text(errors="replace") for log in logs}
    assert any(said.values())
    for name, text in said.items():
        found = re.search(r"(\+82 ?|0)10[- ]?\d{4}[- ]?\d{4}|예시 (?:주민|이장)", text)
        assert not found, f"{name}: {text[max(0, found.start() - 200) : found.end()]}"
