"""Staff: id, password and a second factor; lock-out; idle sign-out; sessions that can be ended."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.test import Client

from people.accounts import create_phone_user, create_staff
from people.middleware import SEEN
from people.models import User
from privacy.models import AccessRecord

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "correct-horse-battery"
LOGIN, SECOND, SESSIONS = "/accounts/login/", "/accounts/2fa/authenticate/", "/accounts/sessions/"


@pytest.fixture
def clerk() -> User:
    return create_staff("clerk", "예시 직원", PASSWORD, totp_secret=SECRET)


def code(step: int = 0) -> str:
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + step))


def password(client: Client, username: str = "clerk", typed: str = PASSWORD, **more: str):
    address = {name: more.pop(name) for name in ("REMOTE_ADDR", "HTTP_HOST") if name in more}
    return client.post(LOGIN, {"login": username, "password": typed, **more}, **address)


def sign_in(client: Client, step: int = 0, **more: str):
    assert password(client, **more)["Location"].startswith(SECOND)
    return client.post(SECOND, {"code": code(step)})


def signed_in(client: Client) -> bool:
    return client.get(SESSIONS).status_code == 200


def test_password_then_code(client, clerk) -> None:
    assert password(client)["Location"] == SECOND
    assert not signed_in(client)
    assert client.post(SECOND, {"code": code()})["Location"] == "/start/"
    assert signed_in(client)
    assert AccessRecord.objects.filter(identifier="clerk", action="sign_in", result="done").count() == 1
    client.post("/accounts/logout/")
    assert not signed_in(client)
    assert AccessRecord.objects.filter(identifier="clerk", action="sign_out").count() == 1


def test_the_way_back_is_kept(client, clerk) -> None:
    assert client.get(SESSIONS)["Location"] == "/people/sign-in/?next=/accounts/sessions/"
    door = client.get("/people/sign-in/?next=/accounts/sessions/").content.decode()
    assert "/accounts/login/?next=%2Faccounts%2Fsessions%2F" in door
    assert sign_in(client, next=SESSIONS)["Location"] == SESSIONS


def test_the_way_back_never_leads_away(client, clerk) -> None:
    assert sign_in(client, next="https://evil.example/")["Location"] == "/start/"


def test_a_code_works_once(client, clerk) -> None:
    used = code()
    sign_in(client)
    other = Client()
    password(other)
    assert other.post(SECOND, {"code": used}).status_code == 422


def test_without_a_second_factor_nothing_opens(client) -> None:
    create_staff("new", "예시 새 직원", PASSWORD)
    assert password(client, "new")["Location"] == "/start/"
    for page in (SESSIONS, "/people/me/", "/accounts/password/change/", "/accounts/sessions/"):
        assert client.get(page)["Location"] == "/people/second-factor/"
    assert client.get("/people/second-factor/").status_code == 200
    page = client.get("/accounts/2fa/totp/activate/")
    assert page.status_code == 200
    secret = client.session["mfa.totp.secret"]
    now = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    codes = client.post("/accounts/2fa/totp/activate/", {"code": now}, follow=True)
    assert len(re.findall(r"<code>\d{8}</code>", codes.content.decode())) == 10
    assert signed_in(client)
    (app,) = Authenticator.objects.filter(type="totp")
    assert secret not in str(app.data)  # sealed


def test_a_password_alone_does_not_come_in_by_the_owner_s_second_factor(
    client, django_capture_on_commit_callbacks
) -> None:
    create_staff("new", "예시 새 직원", PASSWORD)
    thief = Client()
    for one in (thief, client):
        password(one, "new")
        assert one.get("/people/second-factor/").status_code == 200
    client.get("/accounts/2fa/totp/activate/")
    now = format_hotp_value(hotp_value(client.session["mfa.totp.secret"], int(time.time()) // 30))
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/2fa/totp/activate/", {"code": now})
    assert signed_in(client) and not signed_in(thief)
    assert thief.get("/people/me/")["Location"].startswith("/people/sign-in/")
    call_command(
        "forget_second_factor", "new", by=create_staff("boss", "예시 담당", PASSWORD).username, reason="시험"
    )
    assert not signed_in(client)


def test_a_refused_password_is_written_down_as_the_account_is_called(client, clerk) -> None:
    password(client, "CLERK", "wrong")
    assert AccessRecord.objects.get(result="refused").identifier == "clerk"


def test_the_last_second_factor_stays(client, clerk) -> None:
    sign_in(client)
    page = "/accounts/2fa/totp/deactivate/"
    session = client.session
    for done in session["account_authentication_methods"]:
        done["at"] -= 301
    session.save()
    assert client.get(page)["Location"].startswith("/accounts/reauthenticate/")
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": page})["Location"] == page
    assert client.post(page).status_code == 422
    assert Authenticator.objects.filter(user=clerk, type="totp").exists()


def test_five_wrong_passwords_lock_the_account_whoever_tries(client, clerk) -> None:
    for n in range(5):
        refused = password(Client(), typed="wrong", REMOTE_ADDR=f"192.0.2.{n}", HTTP_HOST=f"host{n}.example")
        assert refused.status_code == 422
        assert "아이디나 비밀번호가 맞지 않습니다" in refused.content.decode()
    locked = password(client)
    assert locked.status_code == 422
    assert "10분 뒤에" in locked.content.decode()
    assert AccessRecord.objects.filter(identifier="clerk", result="refused").count() == 6


def test_an_unknown_id_is_answered_alike_and_its_text_not_kept(client) -> None:
    for _ in range(5):
        refused = password(client, "my-secret-password", "x")
    assert "아이디나 비밀번호가 맞지 않습니다" in refused.content.decode()
    assert "10분 뒤에" in password(client, "my-secret-password", "x").content.decode()
    assert not AccessRecord.objects.filter(identifier__contains="secret").exists()
    assert AccessRecord.objects.filter(identifier="?", result="refused").count() == 6


def test_five_wrong_codes_lock_the_second_factor(client, clerk) -> None:
    password(client)
    for _ in range(5):
        assert client.post(SECOND, {"code": "000000"}).status_code == 422
    assert client.post(SECOND, {"code": code()}).status_code == 422
    assert not signed_in(client)
    assert AccessRecord.objects.filter(detail="2단계 인증 틀림").count() == 5


def test_an_office_behind_one_address_is_not_locked_out() -> None:
    for n in range(20):
        create_staff(f"clerk{n}", "예시 직원", PASSWORD, totp_secret=SECRET)
    for n in range(20):
        assert password(Client(), f"clerk{n}", "wrong").status_code == 422
    for n in range(20):
        assert password(Client(), f"clerk{n}").status_code == 302


def test_phone_users_and_the_closed_cannot_use_a_password(client, clerk) -> None:
    chief = create_phone_user("010-9999-0001", "예시 이장")
    chief.set_password(PASSWORD)
    chief.save()
    assert password(client, chief.username).status_code == 422
    User.objects.filter(pk=clerk.pk).update(is_active=False)
    assert password(client).status_code == 422
    assert not signed_in(client)


def test_closing_an_account_ends_its_sessions(client, clerk) -> None:
    sign_in(client)
    User.objects.filter(pk=clerk.pk).update(is_active=False)
    assert not signed_in(client)


def test_example_staff_cannot_sign_in_to_a_real_city(client, settings) -> None:
    create_staff("demo", "예시 직원", PASSWORD, totp_secret=SECRET, is_demo=True)
    sign_in(client, username="demo")
    assert signed_in(client)
    settings.PRODUCTION = True
    settings.SECURE_SSL_REDIRECT = False
    assert not signed_in(client)
    assert password(Client(), "demo").status_code == 422


def test_check_deploy_names_example_people(settings) -> None:
    create_staff("demo", "예시 직원", PASSWORD, is_demo=True)
    with pytest.raises(SystemCheckError, match=r"people\.E001"):
        call_command("check", "--deploy", "--tag", "example_people")
    User.objects.all().delete()
    call_command("check", "--deploy", "--tag", "example_people")


def test_check_deploy_names_channels_that_send_nothing(settings) -> None:
    settings.PRODUCTION, settings.MESSAGE_CHANNELS = True, ["recorded"]
    with pytest.raises(SystemCheckError, match=r"people\.E002"):
        call_command("check", "--deploy", "--tag", "channels")


def test_idle_staff_are_signed_out(client, clerk, settings) -> None:
    sign_in(client)
    session = client.session
    session[SEEN] = time.time() - settings.SESSION_IDLE_SECONDS + 60
    session.save()
    assert signed_in(client)
    assert client.session[SEEN] > time.time() - 5
    session = client.session
    session[SEEN] = time.time() - settings.SESSION_IDLE_SECONDS - 1
    session.save()
    assert client.get(SESSIONS)["Location"].startswith("/people/sign-in/?next=")
    assert AccessRecord.objects.filter(identifier="clerk", action="sign_out").count() == 1


def test_live_parts_keep_nobody_signed_in(client, clerk, settings) -> None:
    sign_in(client)
    session = client.session
    before = session[SEEN] = time.time() - 600
    session.save()
    assert client.get(SESSIONS, headers={"Jinju-Live": "1"}).status_code == 200
    assert client.session[SEEN] == before
    session = client.session
    session[SEEN] = time.time() - settings.SESSION_IDLE_SECONDS - 1
    session.save()
    headers = {
        "Jinju-Live": "1",
        "HX-Request": "true",
        "HX-Current-URL": "http://testserver/broadcast/1/?a=b",
    }
    left = client.get(SESSIONS, headers=headers)
    assert left.status_code == 204  # the part stays as it is, the page moves
    assert left["HX-Redirect"] == "/people/sign-in/?next=%2Fbroadcast%2F1%2F%3Fa%3Db"


def test_chiefs_are_not_signed_out_when_idle(client) -> None:
    chief = create_phone_user("010-9999-0001", "예시 이장")
    client.force_login(chief, backend="people.backends.PhoneBackend")
    session = client.session
    session[SEEN] = time.time() - 7 * 24 * 3600
    session.save()
    assert signed_in(client)


def test_other_sessions_can_be_ended(clerk) -> None:
    office = Client(
        HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0"
    )
    home = Client(
        HTTP_USER_AGENT="Mozilla/5.0 (Linux; Android 14; SM-S911N) SamsungBrowser/25.0 Chrome/121.0"
    )
    sign_in(office)
    sign_in(home, step=1)
    page = office.get(SESSIONS).content.decode()
    assert "윈도 컴퓨터, 엣지" in page
    assert "안드로이드 휴대전화, 삼성 인터넷" in page
    office.post(SESSIONS)
    assert signed_in(office)
    assert not signed_in(home)


def test_a_new_password_ends_other_sessions(clerk) -> None:
    office, home = Client(), Client()
    sign_in(office)
    sign_in(home, step=1)
    new = "another-horse-battery"
    changed = office.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert changed.status_code == 302
    assert signed_in(office)
    assert not signed_in(home)


def test_there_is_no_sign_up_and_no_reset(client) -> None:
    for page in ("/accounts/signup/", "/accounts/password/reset/", "/accounts/email/"):
        assert client.get(page).status_code in (302, 404)
        assert "sign-in" in client.get(page).get("Location", "sign-in")


def test_signing_in_fails_when_it_cannot_be_recorded(transactional_db) -> None:
    create_staff("clerk", "예시 직원", PASSWORD, totp_secret=SECRET)
    client = Client()
    password(client)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE privacy_accessrecord RENAME TO lost")
    try:
        assert client.post(SECOND, {"code": code()}).status_code == 503
        assert not signed_in(client)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE lost RENAME TO privacy_accessrecord")


def test_django_admin_has_no_door_of_its_own(client) -> None:
    create_staff("boss", "예시 관리자", PASSWORD, totp_secret=SECRET, is_superuser=True)
    assert client.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    door = client.post("/admin/login/?next=/admin/", {"username": "boss", "password": PASSWORD})
    assert door["Location"] == "/people/sign-in/?next=%2Fadmin%2F"
    assert "_auth_user_id" not in client.session
    sign_in(client, username="boss")
    for page in ("/admin/", "/admin/people/user/", "/admin/people/rolegrant/"):
        assert client.get(page).status_code == 200
    # The access record is opened only where each opening is itself recorded: never here.
    assert client.get("/admin/privacy/accessrecord/").status_code == 404
