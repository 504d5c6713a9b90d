"""Signing in by phone: chiefs to their account, others to a citizen's session; nobody learns who is known."""

import re
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from people.accounts import create_phone_user
from people.demo_clock import clock_at
from people.middleware import SessionRulesMiddleware
from people.models import Message, PhoneCode, User
from people.phone_codes import TRIES, TooMany, WrongCode, check_code, send_code, text_of
from people.phones import NotAPhone, mobile, national, normalised
from privacy import access
from privacy.models import AccessRecord

pytestmark = pytest.mark.django_db

PHONE = "010-9999-0001"
SIGN_IN, CODE, RESEND, ME = (
    "/people/sign-in/",
    "/people/sign-in/code/",
    "/people/sign-in/resend/",
    "/people/me/",
)
STRICT = [(1, 20), (5, 3600), (10, 24 * 3600)]


def ask(client: Client, phone: str = PHONE, to: str = "") -> None:
    response = client.post(SIGN_IN, {"phone": phone, "next": to})
    assert response.status_code == 302, response.content.decode()
    assert response["Location"].startswith(CODE)


def digits() -> str:
    """What the newest text message said."""
    message = Message.objects.filter(template="sign_in_code").latest("created_at")
    return re.search(r"\d{6}", message.text)[0]


def wrong(right: str) -> str:
    return f"{(int(right) + 1) % 10**6:06}"


def sign_in(client: Client, phone: str = PHONE, to: str = ""):
    ask(client, phone, to)
    return client.post(CODE, {"code": digits(), "next": to})


def test_a_chief_gets_to_the_broadcasts(client) -> None:
    chief = create_phone_user(PHONE, "예시 이장")
    response = sign_in(client)
    assert (response.status_code, response["Location"]) == (302, "/start/")
    assert client.session["_auth_user_id"] == str(chief.pk)
    assert client.session.get_expiry_age() > 29 * 24 * 3600
    assert (
        AccessRecord.objects.filter(identifier=chief.username, action="sign_in", result="done").count() == 1
    )


def test_a_citizen_gets_a_session_of_their_own(client) -> None:
    response = sign_in(client)
    assert response["Location"] == ME
    assert "_auth_user_id" not in client.session
    page = client.get(ME).content.decode()
    assert "010-****-0001" in page
    assert "9999" not in page
    assert client.post("/people/sign-out/").status_code == 302
    assert client.get(ME)["Location"] == SIGN_IN


def test_a_chief_shows_their_phone_again_before_their_own_data(client) -> None:
    """For a month they broadcast; an unlocked phone that somebody finds opens nothing personal."""
    chief = create_phone_user(PHONE, "예시 이장")
    sign_in(client)
    assert client.get("/privacy/mine/").status_code == 200
    with clock_at(timezone.now() + timedelta(hours=2)):
        assert client.get("/people/me/").status_code == 200
        for page in ("/privacy/mine/held/", "/repair/mine/", "/learning/mine/"):
            there = client.get(page)["Location"]
            assert there.startswith("/people/sign-in/"), page
            assert client.get(there).status_code == 200  # and not back and forth
        sign_in(client, to="/privacy/mine/held/")
        assert client.get("/privacy/mine/held/")["Location"].startswith("/privacy/mine/name/")
        client.post("/privacy/mine/name/", {"name": "예시이장"})
        assert client.get("/privacy/mine/held/").status_code == 200
        assert client.session["_auth_user_id"] == str(chief.pk)


def test_a_citizen_session_ends(client, settings) -> None:
    sign_in(client)
    PhoneCode.objects.update(used_at=timezone.now() - timedelta(seconds=settings.CITIZEN_SESSION_SECONDS + 1))
    assert client.get(ME)["Location"] == SIGN_IN


def test_the_way_back_is_kept_and_never_leads_away(client) -> None:
    create_phone_user(PHONE, "예시 이장")
    assert sign_in(client, to="/broadcast/new/?x=1")["Location"] == "/broadcast/new/?x=1"
    for elsewhere in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        assert sign_in(Client(), to=elsewhere)["Location"] == "/start/"


def test_a_citizen_is_not_sent_where_an_account_is_needed(client) -> None:
    assert sign_in(client, to="/accounts/sessions/")["Location"] == ME


def test_nobody_learns_whose_phone_is_known() -> None:
    create_phone_user(PHONE, "예시 이장")
    pages = []
    for phone in (PHONE, "010-9999-0002"):
        client = Client()
        ask(client, phone)
        refused = client.post(CODE, {"code": wrong(digits())})
        assert refused.status_code == 422
        text = client.get(CODE).content.decode() + refused.content.decode()
        text = re.sub(r'value="[^"]*"', "", text)
        pages.append(text.replace("010-****-0001", "…").replace("010-****-0002", "…"))
    assert pages[0] == pages[1]


def test_the_page_does_not_show_the_code(client) -> None:
    ask(client)
    assert digits() not in client.get(CODE).content.decode()


def test_in_an_example_city_the_page_shows_it(client, settings) -> None:
    settings.DEMO = True
    ask(client)
    assert digits() in client.get(CODE).content.decode()


def test_the_code_is_stored_neither_plain_nor_as_a_plain_hash() -> None:
    code = send_code(mobile(PHONE), None)
    right = digits()
    assert right not in code.code_hash
    assert text_of(code).count(right) == 1
    again = PhoneCode(phone="", expires_at=timezone.now())
    again.code_hash = code.code_hash  # moved to another row, it opens nothing
    again.save()
    with pytest.raises(WrongCode):
        check_code(str(again.pk), right)


def test_a_code_works_once() -> None:
    code = send_code(mobile(PHONE), None)
    right = digits()
    assert check_code(str(code.pk), right).used_at is not None
    with pytest.raises(WrongCode):
        check_code(str(code.pk), right)


def test_guessing_ends_after_a_few_tries(client) -> None:
    ask(client)
    right = digits()
    for _ in range(TRIES):
        assert client.post(CODE, {"code": wrong(right)}).status_code == 422
    late = client.post(CODE, {"code": right})
    assert late.status_code == 422
    assert "새 번호를 받아" in late.content.decode()
    assert AccessRecord.objects.filter(action="sign_in", result="refused").count() == TRIES + 1


@pytest.mark.django_db(transaction=True)
def test_guessing_at_once_gets_no_more_tries() -> None:
    code = send_code(mobile(PHONE), None)
    right = digits()
    start, told = Barrier(12), []

    def guess(n: int) -> None:
        start.wait()
        try:
            check_code(str(code.pk), f"{(int(right) + 1 + n) % 10**6:06}")
        except WrongCode as error:
            told.append(str(error))
        connection.close()

    guessers = [Thread(target=guess, args=(n,)) for n in range(12)]
    for guesser in guessers:
        guesser.start()
    for guesser in guessers:
        guesser.join()
    assert PhoneCode.objects.get().tries == TRIES
    assert sum("더 쓸 수 없습니다" in text for text in told) == 12 - TRIES


@pytest.mark.django_db(transaction=True)
def test_asking_at_once_sends_one_text(settings) -> None:
    settings.PHONE_CODE_LIMITS = STRICT
    start, sent = Barrier(6), []

    def ask_now() -> None:
        start.wait()
        with suppress(TooMany):
            sent.append(send_code(mobile(PHONE), None))
        connection.close()

    askers = [Thread(target=ask_now) for _ in range(6)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert len(sent) == Message.objects.count() == 1


def test_a_code_dies_after_ten_minutes(client) -> None:
    ask(client)
    PhoneCode.objects.update(expires_at=timezone.now())
    assert client.post(CODE, {"code": digits()}).status_code == 422


def test_another_browser_cannot_use_it() -> None:
    ask(Client())
    assert Client().post(CODE, {"code": digits()})["Location"] == SIGN_IN


def test_limits_for_a_phone(settings) -> None:
    settings.PHONE_CODE_LIMITS = STRICT
    phone = mobile(PHONE)
    send_code(phone, None)
    with pytest.raises(TooMany, match="20초"):
        send_code(phone, None)
    for _ in range(4):
        PhoneCode.objects.update(created_at=timezone.now() - timedelta(minutes=2))
        send_code(phone, None)
    PhoneCode.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    with pytest.raises(TooMany, match="1시간"):
        send_code(phone, None)
    send_code(mobile("010-9999-0002"), None)


def test_a_stranger_does_not_keep_the_owner_out(settings, caplog) -> None:
    settings.PHONE_CODE_LIMITS, settings.PHONE_CODE_LIMITS_ANYWHERE = [(2, 3600)], [(3, 3600)]
    phone = mobile(PHONE)
    for _ in range(2):
        send_code(phone, "192.0.2.1")
    with pytest.raises(TooMany):
        send_code(phone, "192.0.2.1")
    assert not caplog.records
    send_code(phone, "192.0.2.2")
    with pytest.raises(TooMany):
        send_code(phone, "192.0.2.2")
    (warning,) = caplog.records
    assert "010-****-0001" in warning.getMessage()
    assert "9999" not in warning.getMessage()


def test_what_a_citizen_is_shown_is_on_record_as_theirs(client, rf) -> None:
    sign_in(client)
    request = rf.get("/")
    request.session, request.user = client.session, AnonymousUser()
    SessionRulesMiddleware(lambda asked: HttpResponse())(request)
    who = access.identifier(request)
    assert who.startswith("010-****-0001 ")
    assert AccessRecord.objects.filter(identifier=who, action="sign_in").count() == 1
    other = Client()
    sign_in(other, "010-9998-0001")
    request = rf.get("/")
    request.session, request.user = other.session, AnonymousUser()
    SessionRulesMiddleware(lambda asked: HttpResponse())(request)
    assert access.identifier(request) != who  # the same when masked


def test_addresses_of_one_household_count_as_one(settings) -> None:
    """Of IPv6 anybody has as many addresses as they like."""
    settings.ADDRESS_CODE_LIMITS = [(3, 3600)]
    for n in range(3):
        send_code(f"+82109997000{n}", f"2001:db8:1:10{n}::{n + 1}")
    with pytest.raises(TooMany):
        send_code("+821099970009", "2001:db8:1:1ff::9")
    assert send_code("+821099970009", "2001:db8:1:200::9")
    for n in range(4):
        send_code(f"+82109997001{n}", f"192.0.2.{n}")


def test_limits_for_an_address(client, settings) -> None:
    settings.ADDRESS_CODE_LIMITS = [(3, 3600)]
    for n in range(3):
        ask(client, f"010-9999-000{n}")
    refused = client.post(SIGN_IN, {"phone": "010-9999-0009"})
    assert refused.status_code == 422
    assert "너무 여러 번" in refused.content.decode()
    assert "010-9999-0009" in refused.content.decode()  # what was typed stays


def test_a_text_can_be_sent_again(client, settings) -> None:
    ask(client)
    first = digits()
    assert client.post(RESEND)["Location"] == CODE
    second = digits()
    if first != second:
        assert client.post(CODE, {"code": first}).status_code == 422
    assert client.post(CODE, {"code": second})["Location"] == ME
    settings.PHONE_CODE_LIMITS = STRICT
    ask(client, "010-9999-0003")
    assert client.post(RESEND).status_code == 422


@pytest.mark.parametrize(
    "phone", ["", "hello", "010-12", "1", "+1 212 555 0100", "055-749-2114", "010-9999-00010"]
)
def test_what_is_no_mobile_number_is_refused_in_words(client, phone: str) -> None:
    response = client.post(SIGN_IN, {"phone": phone})
    assert response.status_code == 422
    assert "적어 주세요" in response.content.decode() or "확인해 주세요" in response.content.decode()
    assert not PhoneCode.objects.exists()


@pytest.mark.parametrize(
    "typed", ["010-9999-0001", "01099990001", "010 9999 0001", "+82 10-9999-0001", "０１０99990001"]
)
def test_one_spelling_of_a_number(typed: str) -> None:
    assert mobile(typed) == "+821099990001"
    assert national(mobile(typed)) == "010-9999-0001"


def test_a_landline_is_a_phone_but_gets_no_text() -> None:
    assert normalised("055-749-2114") == "+82557492114"
    with pytest.raises(NotAPhone, match="집 전화"):
        mobile("055-749-2114")


def test_phone_users_are_refused_when_closed_or_an_example_in_a_real_city(settings) -> None:
    chief = create_phone_user(PHONE, "예시 이장", is_demo=True)
    client = Client()
    assert sign_in(client)["Location"] == "/start/"
    settings.PRODUCTION = True
    assert client.get(ME)["Location"] == SIGN_IN  # the session that was open is of no use
    assert sign_in(Client())["Location"] == ME
    settings.PRODUCTION = False
    User.objects.filter(pk=chief.pk).update(is_active=False)
    assert sign_in(Client())["Location"] == ME


def test_a_staff_phone_opens_no_account(client) -> None:
    from people.accounts import create_staff

    create_staff("clerk", "예시 직원", "long-enough-pass", phone=PHONE)
    assert sign_in(client)["Location"] == ME


def test_phone_users_see_no_password_pages(client) -> None:
    create_phone_user(PHONE, "예시 이장")
    sign_in(client)
    for page in ("/accounts/2fa/", "/accounts/password/change/", "/accounts/2fa/totp/activate/"):
        assert client.get(page)["Location"] == ME
    assert client.get("/accounts/sessions/").status_code == 200


def test_redis_being_away_is_not_told_to_the_person(
    client, settings, django_capture_on_commit_callbacks
) -> None:
    from celery import current_app

    # Its pools are looked for anew by the address: the ones of the other tests are left as they are.
    old = current_app.conf.broker_url
    current_app.conf.broker_url = "redis://127.0.0.1:9/0"
    current_app._pool = current_app.amqp._producer_pool = None
    try:
        with django_capture_on_commit_callbacks(execute=True):
            ask(client)
    finally:
        current_app.conf.broker_url = old
        current_app._pool = current_app.amqp._producer_pool = None
    assert Message.objects.get().state == "waiting"
