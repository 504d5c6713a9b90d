"""Asking for text messages and stopping them, on the pages: nobody is signed up but by the owner of the phone."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client

from broadcast.models import Subscription, Village
from people.models import Message, PhoneCode
from tests import make

from .test_listeners import PHONE, digits, subscribed

pytestmark = pytest.mark.django_db


@pytest.fixture
def village() -> Village:
    return make.gateway().village


def test_from_the_number_to_the_text_message(client: Client, village: Village) -> None:
    page = f"/broadcast/listen/{village.pk}/texts/"
    answer = client.post(page, {"phone": "010-9999-0001", "wanted": "urgent", "agreed": "on"})
    assert answer["Location"] == f"{page}code/"
    assert not Subscription.objects.exists()
    assert "인증번호" in client.get(f"{page}code/").content.decode()
    answer = client.post(f"{page}code/", {"code": digits()}, follow=True)
    assert "문자로 보내 드립니다" in answer.content.decode()
    made = Subscription.objects.get()
    assert (made.village, made.phone, made.urgent_only) == (village, PHONE, True)
    assert f"/s/{made.token}/" in Message.objects.get(template="subscribed").text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"phone": "", "wanted": "all", "agreed": "on"}, "휴대전화 번호를 적어 주세요."),
        ({"phone": "055-749-2114", "wanted": "all", "agreed": "on"}, "집 전화로는"),
        ({"phone": "010-9999-0001", "wanted": "all"}, "동의하셔야"),
        ({"phone": "010-9999-0001", "wanted": "odd", "agreed": "on"}, "받으실 방송을 골라"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_kept(
    client: Client, village: Village, given: dict, words: str
) -> None:
    answer = client.post(f"/broadcast/listen/{village.pk}/texts/", given)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert given["phone"] in answer.content.decode()
    assert not PhoneCode.objects.exists()


def test_a_wrong_code_on_the_page(client: Client, village: Village) -> None:
    page = f"/broadcast/listen/{village.pk}/texts/"
    assert client.get(f"{page}code/")["Location"] == page
    client.post(page, {"phone": "010-9999-0001", "wanted": "all", "agreed": "on"})
    wrong = "000000" if digits() != "000000" else "111111"
    answer = client.post(f"{page}code/", {"code": wrong})
    assert answer.status_code == 422
    assert "인증번호가 맞지 않습니다" in answer.content.decode()
    assert not Subscription.objects.exists()
    client.post(f"{page}again/")
    client.post(f"{page}code/", {"code": digits()})
    assert Subscription.objects.exists()


def test_a_code_for_one_village_is_none_for_another(client: Client, village: Village) -> None:
    other = make.village()
    client.post(
        f"/broadcast/listen/{village.pk}/texts/", {"phone": "010-9999-0001", "wanted": "all", "agreed": "on"}
    )
    answer = client.post(f"/broadcast/listen/{other.pk}/texts/code/", {"code": digits()})
    assert answer.status_code == 302
    assert not Subscription.objects.exists()


def test_looking_stops_nothing_and_one_tap_does(village: Village) -> None:
    mine = subscribed(village)
    client = Client(enforce_csrf_checks=True)  # a browser without cookies
    page = f"/s/{mine.token}/"
    for ask in (client.get, client.head):
        answer = ask(page)
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
        assert not answer.cookies
    assert Subscription.objects.get().stopped_at is None
    shown = client.get(page).content.decode()
    assert "그만 받기" in shown
    assert "9999" not in shown
    assert "보내지 않습니다" in client.post(page).content.decode()
    assert Subscription.objects.get().stopped_at is not None
    assert client.post(page).status_code == 200


@pytest.mark.parametrize("token", ["nobody", "x" * 22, "%00", "../..", "😀"])
def test_a_strangers_token_does_nothing(client: Client, village: Village, token: str) -> None:
    subscribed(village)
    for ask in (client.get, client.post):
        assert ask(f"/s/{token}/").status_code in (400, 404)
    assert Subscription.objects.get().stopped_at is None


def test_the_number_is_nowhere_readable(village: Village, caplog: pytest.LogCaptureFixture) -> None:
    subscribed(village)
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(phone, 'escape') FROM broadcast_subscription")
        assert "99990001" not in cursor.fetchone()[0]
    assert PHONE not in caplog.text


def test_the_pages_ask_little(client: Client, village: Village, django_assert_num_queries: Callable) -> None:
    with django_assert_num_queries(1):
        client.get(f"/broadcast/listen/{village.pk}/texts/")
    mine = subscribed(village)
    with django_assert_num_queries(2):
        client.get(f"/s/{mine.token}/")
