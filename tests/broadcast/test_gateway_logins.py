"""How the portal signs in to a device: set by a command, kept sealed, shown to nobody."""

import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from broadcast.models import GatewayLogin
from privacy.models import AccessRecord
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch):
    box = make.gateway(driver="axis", address="https://192.0.2.20")
    by = make.city_operator(username="kim")

    def run(name: str, password: str, code: str = "") -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
        out = io.StringIO()
        call_command("gateway_login", code or box.code, name, "--by", by.username, stdout=out)
        return out.getvalue()

    return run


def test_a_login_is_set_and_set_anew_and_kept_sealed(run) -> None:
    for password in ("첫 번째: 열쇠", "두 번째"):
        told = run("portal", password)
        assert password not in told
        login = GatewayLogin.objects.get()
        assert (login.username, login.password) == ("portal", password)
    with connection.cursor() as cursor:
        cursor.execute("SELECT password FROM broadcast_gatewaylogin")
        assert "두 번째".encode() not in bytes(cursor.fetchone()[0])
    assert AccessRecord.objects.filter(detail__contains="로그인 정함").count() == 2


@pytest.mark.parametrize(
    ("name", "password"), [("", "x"), ("a:b", "x"), ("a" * 65, "x"), ("portal", ""), ("portal", "x" * 129)]
)
def test_what_digest_cannot_carry_is_refused(run, name: str, password: str) -> None:
    with pytest.raises(CommandError, match="적어 주세요"):
        run(name, password)
    assert not GatewayLogin.objects.exists()


def test_an_unknown_device_is_said(run) -> None:
    with pytest.raises(CommandError, match="그런 장비가 없습니다"):
        run("portal", "x", "nobody")
