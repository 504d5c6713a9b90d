"""What is the same on every page: the frame, the headers, the way somebody reads, and pages for when it goes wrong."""

import re

import pytest
from django.test import Client

from tests import make

pytestmark = pytest.mark.django_db
OPEN = ["/", "/help/", "/people/sign-in/", "/accounts/login/"]


@pytest.mark.parametrize("address", OPEN)
def test_frame(client: Client, address: str) -> None:
    response = client.get(address)
    html = response.content.decode()
    assert response.status_code == 200
    assert '<html lang="ko"' in html
    assert re.search(r'<a class="skip" href="#content">', html)
    assert html.count("<h1") == 1
    assert 'href="tel:055-000-0000"' in html.split("<footer", 1)[1]
    assert html.startswith("<!doctype html>") and "{#" not in html and "{%" not in html
    assert "maximum-scale" not in html and "user-scalable" not in html


@pytest.mark.parametrize("address", OPEN)
def test_nothing_inline_and_nothing_from_elsewhere(client: Client, address: str) -> None:
    html = client.get(address).content.decode()
    assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=", html)
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', html)


@pytest.mark.parametrize("address", [*OPEN, "/no-such-page/"])
def test_headers(client: Client, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy and "http" not in policy
    assert "microphone=(self)" in headers["Permissions-Policy"]
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("address", ["/", "/help/"])
def test_a_stranger_costs_no_query(client: Client, django_assert_num_queries, address: str) -> None:
    with django_assert_num_queries(0):
        client.get(address)


def test_the_services(client: Client) -> None:
    html = client.get("/").content.decode()
    assert all(f'href="/{service}/"' in html for service in ("broadcast", "repair", "learning"))


def test_way_of_reading_stays_without_script(client: Client) -> None:
    response = client.post("/reading/", {"text": "larger", "next": "/help/"})
    assert response["Location"] == "/help/"
    client.post("/reading/", {"contrast": "high", "next": "/"})
    for address in OPEN:
        html = client.get(address).content.decode()
        assert 'data-text="larger"' in html and 'data-contrast="high"' in html
    client.post("/reading/", {"contrast": "normal"})
    assert 'data-contrast="normal"' in client.get("/").content.decode()


def test_way_of_reading_needs_no_token() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/reading/", {"text": "large"}).status_code == 302


@pytest.mark.parametrize("value", ["huge", '"><script>', ""])
def test_unknown_ways_of_reading_are_not_kept(client: Client, value: str) -> None:
    response = client.post("/reading/", {"text": value})
    assert "text" not in response.cookies
    client.cookies["text"] = value
    assert 'data-text="normal"' in client.get("/").content.decode()


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)", "\\\\example.org"]
)
def test_goes_back_only_within_the_portal(client: Client, elsewhere: str) -> None:
    assert client.post("/reading/", {"text": "large", "next": elsewhere})["Location"] == "/"


def test_reading_is_changed_by_post_only(client: Client) -> None:
    assert client.get("/reading/").status_code == 405


def test_no_such_page(client: Client) -> None:
    response = client.get("/no-such-page/")
    html = response.content.decode()
    assert response.status_code == 404
    assert "찾으시는 화면이 없습니다" in html and "tel:055-000-0000" in html


def test_form_that_was_open_too_long(settings) -> None:
    response = Client(enforce_csrf_checks=True).post("/people/sign-in/", {"phone": "010-0000-0000"})
    assert response.status_code == 403
    assert "다시 한 번 해 주세요" in response.content.decode()


def test_signed_in_name_and_way_out(client: Client) -> None:
    chief = make.chief(make.gateway(make.village()).village)
    make.signed_in(client, chief)
    html = client.get("/").content.decode()
    assert f"{chief.name} 님" in html
    assert 'method="post" action="/accounts/logout/"' in html


def test_pages_of_a_session_are_not_left_in_the_browser(client: Client) -> None:
    assert "Cache-Control" not in client.get("/help/").headers
    make.signed_in(client, make.chief(make.gateway(make.village()).village))
    assert "no-store" in client.get("/help/").headers["Cache-Control"]
