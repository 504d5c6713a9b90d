"""Finding one's village: by name, by 읍면동, or remembered if one asked for that."""

import pytest
from django.test import Client

from broadcast.models import Village
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def village() -> Village:
    return make.gateway(make.village(name="삼계마을")).village


@pytest.mark.parametrize("asked", ["삼계", "문산읍 삼계", " 삼계마을 ", "문산"])
def test_found_by_name(client: Client, village: Village, asked: str) -> None:
    make.village(make.district("금산면"), name="송백마을")
    page = client.get("/broadcast/listen/", {"q": asked}).content.decode()
    assert f"/broadcast/listen/{village.pk}/" in page
    assert "송백마을" not in page


def test_found_by_district(client: Client, village: Village) -> None:
    closed = make.village(name="없어진마을", is_active=False)
    page = client.get("/broadcast/listen/").content.decode()
    assert f"/broadcast/listen/in/{village.district_id}/" in page
    assert "금산면" not in page
    page = client.get(f"/broadcast/listen/in/{village.district_id}/").content.decode()
    assert f"/broadcast/listen/{village.pk}/" in page
    assert "없어진마을" not in page
    assert client.get(f"/broadcast/listen/{closed.pk}/").status_code == 404


def test_nothing_found_says_what_to_do(client: Client, village: Village) -> None:
    answer = client.get("/broadcast/listen/", {"q": "없는이름"})
    assert answer.status_code == 200
    assert "그런 이름의 마을이 없습니다" in answer.content.decode()


@pytest.mark.parametrize("asked", ["가" * 41, "\x00"])
def test_a_name_that_is_none(client: Client, asked: str) -> None:
    assert client.get("/broadcast/listen/", {"q": asked}).status_code == 422


def test_too_many_found(client: Client) -> None:
    for n in range(61):
        make.village(name=f"많은{n}마을")
    page = client.get("/broadcast/listen/", {"q": "많은"}).content.decode()
    assert page.count("많은") == 61  # sixty villages and what was typed
    assert "더 자세히" in page


@pytest.mark.parametrize(
    "address",
    [
        "in/nowhere/",
        "in/%00/",
        "999999999999999999999999/",
        "0/",
        "sound/00000000-0000-0000-0000-000000000000/",
    ],
)
def test_what_is_not_there(client: Client, address: str) -> None:
    assert client.get(f"/broadcast/listen/{address}").status_code == 404


def test_a_village_is_remembered_only_if_asked(client: Client, village: Village) -> None:
    assert not client.get(f"/broadcast/listen/{village.pk}/").cookies
    assert "기억한 마을" not in client.get("/broadcast/listen/").content.decode()
    strict = Client(enforce_csrf_checks=True)
    kept = strict.post(f"/broadcast/listen/{village.pk}/remember/").cookies["village"]
    assert kept["httponly"]
    assert "기억한 마을: 문산읍 삼계마을" in strict.get("/broadcast/listen/").content.decode()
    strict.post("/broadcast/listen/forget/")
    assert "기억한 마을" not in strict.get("/broadcast/listen/").content.decode()


@pytest.mark.parametrize("cookie", ["x", "0", "9" * 30, "-1", "²"])
def test_a_cookie_that_is_none_of_ours(client: Client, village: Village, cookie: str) -> None:
    client.cookies["village"] = cookie
    assert client.get("/broadcast/listen/").status_code == 200
