"""Journeys through the whole city: launcher, web, queue, workers, simulator, and real Chromium. No eager mode."""

import io
import re
import shutil
import tempfile
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from broadcast.voice.spoken import spoken
from tests.city import City

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
]


@pytest.fixture(scope="module")
def city() -> Iterator[City]:
    with tempfile.TemporaryDirectory(prefix="jinju-trip-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        made = City(Path(folder))
        made.start()
        try:
            yield made
        finally:
            made.stop()


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Somebody speaking, as Chromium's fake microphone wants it: WAV, 48 kHz."""
    path = tmp_path_factory.mktemp("voice") / "voice.wav"
    sound = spoken("아, 아. 주민 여러분께 알려 드립니다. 내일 아침 여덟 시에 마을 회관 앞에서 청소를 합니다.")
    resampler = av.AudioResampler(format="s16", layout="mono", rate=48000)
    with av.open(io.BytesIO(sound.data)) as source, wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(48000)
        for frame in source.decode(audio=0):
            for part in resampler.resample(frame):
                out.writeframes(bytes(part.planes[0])[: part.samples * 2])
    return path


@pytest.fixture(scope="module")
def chromium(voice: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*FLAGS, f"--use-file-for-fake-audio-capture={voice}"]
        )
        yield browser
        browser.close()


Opens = Callable[..., Page]


@pytest.fixture
def opens(city: City, chromium: Browser) -> Iterator[Opens]:
    """opens(width): a new person's browser on the city, as wide as that. Ends with no CSP or script error."""
    said: list[str] = []
    contexts = []

    def open_(width: int = 1280, height: int = 900) -> Page:
        context = chromium.new_context(
            base_url=city.url, viewport={"width": width, "height": height}, permissions=["microphone"]
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("console", lambda m: said.append(m.text) if "Content Security Policy" in m.text else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        return page

    yield open_
    for context in contexts:
        context.close()
    assert said == []


def as_chief(page: Page, phone: str) -> Page:
    """Sign in by phone code, which an example city shows on the page."""
    page.goto("/broadcast/")
    page.get_by_role("textbox", name="휴대전화 번호").fill(phone)
    page.get_by_role("button", name="인증번호 받기").click()
    page.get_by_role("textbox", name="인증번호").wait_for()
    code = re.search(r"\d{6}", page.get_by_role("complementary", name="예시 도시").inner_text())
    assert code
    page.get_by_role("textbox", name="인증번호").fill(code[0])
    page.get_by_role("button", name="확인").click()
    expect(page.get_by_role("heading", level=1, name="방송하기")).to_be_visible()
    return page


def as_staff(page: Page, username: str) -> Page:
    """Sign in with password and authenticator, both of which an example city shows."""
    page.goto("/broadcast/")
    page.get_by_role("link", name="직원 로그인").click()
    shown = page.get_by_role("complementary", name="예시 도시")
    password = shown.locator("p code").first.inner_text()
    page.get_by_role("textbox", name="아이디").fill(username)
    page.locator("input[type=password]").fill(password)
    with page.expect_navigation():
        page.get_by_role("button", name="로그인", exact=True).click()
    code = re.search(r"\d{6}", page.get_by_role("complementary", name="예시 도시").inner_text())
    assert code
    page.get_by_role("textbox").first.fill(code[0])
    page.get_by_role("button", name="로그인", exact=True).click()
    expect(page).to_have_url(re.compile(r"/broadcast/$"))
    return page


def broadcast_id(page: Page) -> str:
    found = re.search(r"/broadcast/([0-9a-f-]{36})/", page.url)
    assert found, page.url
    return found[1]
