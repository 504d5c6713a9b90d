"""Each page of signing in: opens, runs no script of its own in the page, asks the database a fixed number of times."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from people.accounts import create_phone_user, create_staff
from tests import make

pytestmark = pytest.mark.django_db

OPEN = ["/people/sign-in/", "/accounts/login/"]
STAFF = [
    "/people/me/",
    "/accounts/logout/",
    "/accounts/password/change/",
    "/accounts/reauthenticate/",
    "/accounts/sessions/",
    "/accounts/2fa/",
    "/accounts/2fa/reauthenticate/",
    "/accounts/2fa/webauthn/",
    "/accounts/2fa/recovery-codes/generate/",
]


def queries(client: Client, page: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(page).status_code == 200
    return len(asked)


def looks_right(page: str) -> None:
    assert len(re.findall(r"<h1[ >]", page)) == 1
    for tag in re.findall(r"<script[^>]*>", page):
        assert "src=" in tag or 'type="application/json"' in tag
    assert not re.search(r'\son[a-z]+="|<style|\sstyle="', page)


@pytest.mark.parametrize("page", OPEN)
def test_open_pages(client, page: str) -> None:
    looks_right(client.get(page).content.decode())


@pytest.mark.parametrize("page", STAFF)
def test_staff_pages(client, page: str) -> None:
    client.force_login(make.clerk(password="long-enough-pass"))
    answer = client.get(page, follow=True)
    assert answer.status_code == 200
    looks_right(answer.content.decode())


@pytest.mark.parametrize(
    "page", ["/people/second-factor/", "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/"]
)
def test_pages_of_the_first_day(client, page: str) -> None:
    create_staff("new", "예시 새 직원", "long-enough-pass")
    client.post("/accounts/login/", {"login": "new", "password": "long-enough-pass"})
    answer = client.get(page)
    assert answer.status_code == 200
    looks_right(answer.content.decode())


def test_a_phone_users_page(client) -> None:
    client.force_login(
        create_phone_user("010-9999-0001", "예시 이장"), backend="people.backends.PhoneBackend"
    )
    page = client.get("/people/me/").content.decode()
    looks_right(page)
    assert "010-****-0001" in page
    assert "2단계" not in page


def test_query_counts(client, settings) -> None:
    settings.DEMO = True
    counts = []
    for _ in range(2):
        for n in range(3):
            create_phone_user(f"010-9999-00{len(counts)}{n}", "예시 이장", is_demo=True)
        client.get(OPEN[0])
        counts.append(queries(client, OPEN[0]))
    assert counts[0] == counts[1] <= 3
    clerk = make.clerk()
    client.force_login(clerk)
    client.get("/people/me/")
    assert queries(client, "/people/me/") <= 3
    for _ in range(3):
        make.clerk(make.district())
    assert queries(client, "/people/me/") <= 3


def test_a_rejected_form_is_422_and_keeps_what_was_typed(client) -> None:
    for page, data in ((OPEN[0], {"phone": "12"}), (OPEN[1], {"login": "somebody", "password": "x"})):
        answer = client.post(page, data)
        assert answer.status_code == 422
        assert next(iter(data.values())) in answer.content.decode()
