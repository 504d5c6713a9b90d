"""A passkey under the strict CSP, in a real browser: set up on the first day, then asked for after the password."""

import os
import shutil
from collections.abc import Iterator

import pytest
from django.db import connection
from playwright.sync_api import Page, sync_playwright

from people.accounts import create_staff
from people.models import User

pytestmark = [pytest.mark.trip, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct-horse-battery"


@pytest.fixture
def page(monkeypatch) -> Iterator[Page]:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright keeps an event loop in this thread
    browser_path = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox"] if os.geteuid() == 0 else []
        )
        page = browser.new_page(viewport={"width": 390, "height": 844}, locale="ko-KR")
        yield page
        connection.close()  # the one of that event loop, which nobody else would close
        browser.close()


def password(page: Page, server: str) -> None:
    page.goto(f"{server}/accounts/login/")
    page.fill("input[name=login]", "kim")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit], form button[type=submit]")


def test_first_day_and_the_day_after(page, live_server) -> None:
    create_staff("kim", "예시 직원", PASSWORD)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    authenticator = page.context.new_cdp_session(page)
    authenticator.send("WebAuthn.enable")
    authenticator.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    password(page, live_server.url)
    page.wait_for_url("**/people/second-factor/")
    page.click("text=패스키 쓰기")
    page.wait_for_url("**/webauthn/add/")  # and its scripts
    page.click("#passkey")
    page.wait_for_url("**/accounts/2fa/recovery-codes/")
    assert page.locator("li code").count() == 10
    assert User.objects.get().authenticator_set.filter(type="webauthn").count() == 1
    page.goto(f"{live_server.url}/accounts/logout/")
    page.click("main form[action='/accounts/logout/'] button, form[action='/accounts/logout/'] button")
    password(page, live_server.url)
    page.wait_for_url("**/accounts/2fa/authenticate/")
    page.click("#passkey")
    page.wait_for_url("**/broadcast/**")
    assert not [text for text in said if "Content Security Policy" in text]
