"""A browser for trips. `screen(width=390)` opens a page; at the end no page may have met the content policy."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = ["--disable-gpu", "--no-first-run", "--disable-sync", "--disable-background-networking"]
QUIET += [
    "--disable-component-update",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
]
Screen = Callable[..., Page]
#: ms. A loaded machine is slow, and not wrong.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="module")
def browser(django_db_setup: None) -> Iterator[Browser]:
    """Ends with its file: as long as it runs, its thread has an event loop, and asyncio.run() elsewhere would fail.
    The database is there first: made within that loop, it would be given up by a connection that is not there after it.
    """
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.fail(
            f'no browser ({", ".join(BROWSERS)}): install one, or leave the trips out with -m "not trip"'
        )
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright keeps an event loop in this thread
        with sync_playwright() as playwright:
            started = playwright.chromium.launch(executable_path=path, args=QUIET + sandbox)
            yield started
            connection.close()  # the one of that event loop, which nobody else would close
            started.close()


@pytest.fixture
def screen(browser: Browser, live_server) -> Iterator[Screen]:
    """screen(width=390, text="normal", contrast="normal", client=None, **context) -> Page, addresses relative.

    `client`: a Django test client whose sign-in the page takes over.
    """
    contexts, refused = [], []

    def noted(message: ConsoleMessage) -> None:
        place = message.location.get("url")  # axe, which runs beside the page, has none
        if place and ("Content Security Policy" in message.text or "Permissions policy" in message.text):
            refused.append(f"{place}: {message.text}")

    def opened(
        width: int = 390,
        text: str = "normal",
        contrast: str = "normal",
        client: Client | None = None,
        **options: object,
    ) -> Page:
        height = 844 if width < 600 else 900
        size = {"width": width, "height": height}
        context = browser.new_context(
            viewport=size, locale="ko-KR", timezone_id="Asia/Seoul", base_url=live_server.url, **options
        )
        contexts.append(context)
        cookies = {"text": text, "contrast": contrast}
        if client is not None:
            cookies |= {name: morsel.value for name, morsel in client.cookies.items()}
        context.add_cookies(
            [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
        )
        page = context.new_page()
        page.on("console", noted)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert refused == []
