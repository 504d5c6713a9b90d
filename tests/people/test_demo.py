"""An example city shows what a newcomer needs to sign in; a real one shows nothing."""

import re

import pytest

from people import demo
from people.accounts import create_phone_user, create_staff

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def people() -> None:
    create_staff("demo", "예시 직원", demo.PASSWORD, totp_secret=SECRET, is_demo=True)
    create_staff("real", "진짜 직원", "long-enough-pass", totp_secret=SECRET)
    create_phone_user("010-9999-0001", "예시 이장", is_demo=True)
    create_phone_user("010-9999-0002", "진짜 이장")


def test_the_pages_show_enough_to_sign_in(client, people, settings) -> None:
    settings.DEMO = True
    door = client.get("/people/sign-in/").content.decode()
    assert "010-9999-0001" in door
    assert "0002" not in door
    link = re.search(r'href="(\?phone=[^"]+)"', door)[1]
    assert 'value="010-9999-0001"' in client.get(f"/people/sign-in/{link}").content.decode()
    page = client.get("/accounts/login/").content.decode()
    assert demo.PASSWORD in page
    assert "real" not in page
    client.post("/accounts/login/", {"login": "demo", "password": demo.PASSWORD})
    second = client.get("/accounts/2fa/authenticate/").content.decode()
    code = re.search(r"<code>(\d{6})</code>", second)[1]
    assert client.post("/accounts/2fa/authenticate/", {"code": code})["Location"] == "/start/"
    # A code works once: the next one shown is another.
    client.post("/accounts/logout/")
    client.post("/accounts/login/", {"login": "demo", "password": demo.PASSWORD})
    again = re.search(r"<code>(\d{6})</code>", client.get("/accounts/2fa/authenticate/").content.decode())[1]
    assert again != code
    assert client.post("/accounts/2fa/authenticate/", {"code": again})["Location"] == "/start/"


def test_the_code_of_a_real_person_is_never_shown(client, people, settings) -> None:
    settings.DEMO = True
    client.post("/accounts/login/", {"login": "real", "password": "long-enough-pass"})
    assert not re.search(r"<code>\d{6}</code>", client.get("/accounts/2fa/authenticate/").content.decode())


def test_a_real_city_shows_nothing(client, people) -> None:
    for page in ("/people/sign-in/", "/accounts/login/"):
        text = client.get(page).content.decode()
        assert "demo-box" not in text
        assert demo.PASSWORD not in text
    client.post("/accounts/login/", {"login": "demo", "password": demo.PASSWORD})
    assert "demo-box" not in client.get("/accounts/2fa/authenticate/").content.decode()
