"""The pages of signing in and of one's own account, looked at in each way of reading, signed in and half-way."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from tests import make

from .looks import faults

pytestmark = [pytest.mark.trip, pytest.mark.django_db(transaction=True)]
WAYS = [(1280, "normal", "normal"), (390, "normal", "high"), (320, "larger", "normal")]


@pytest.mark.parametrize(("width", "text", "contrast"), WAYS)
def test_by_phone(screen, settings, width: int, text: str, contrast: str) -> None:
    page = screen(width, text, contrast)
    page.goto("/people/sign-in/")
    page.get_by_role("textbox", name="휴대전화 번호").fill("없음")
    page.get_by_role("button", name="인증번호 받기").click()
    page.locator(".errors").wait_for()
    assert faults(page) == []
    page.get_by_role("textbox", name="휴대전화 번호").fill("010-0000-9999")
    page.get_by_role("button", name="인증번호 받기").click()
    page.get_by_role("textbox", name="인증번호").wait_for()
    assert faults(page) == []
    page.get_by_role("textbox", name="인증번호").fill("000000")
    page.get_by_role("button", name="확인", exact=True).click()
    page.locator(".errors").wait_for()
    assert faults(page) == []


@pytest.mark.parametrize(("width", "text", "contrast"), WAYS)
def test_by_id(screen, width: int, text: str, contrast: str) -> None:
    page = screen(width, text, contrast)
    page.goto("/accounts/login/")
    page.get_by_role("textbox", name="아이디").fill("nobody")
    page.locator("input[type=password]").fill("wrong")
    page.get_by_role("button", name="로그인", exact=True).click()
    page.locator(".errors").wait_for()
    assert faults(page) == []


@pytest.mark.parametrize(("width", "text", "contrast"), WAYS)
def test_one_s_own_pages(screen, client: Client, width: int, text: str, contrast: str) -> None:
    staff = make.city_operator()
    staff.set_password("correct horse battery")
    staff.save()
    make.signed_in(client, staff)
    page = screen(width, text, contrast, client=client)
    found: dict[str, list[str]] = {}
    for address in ("/people/me/", "/accounts/2fa/", "/accounts/sessions/", "/accounts/password/change/"):
        answer = page.goto(address)
        assert answer and answer.status == 200
        found[page.url] = faults(page)
    assert not {address: wrong for address, wrong in found.items() if wrong}


@pytest.mark.parametrize(("width", "text", "contrast"), WAYS)
def test_setting_up_a_second_factor(screen, client: Client, width: int, text: str, contrast: str) -> None:
    """Somebody new is led there before anything else."""
    new = make.city_operator()
    new.set_password("correct horse battery")
    new.save()
    Authenticator.objects.filter(user=new).delete()
    page = screen(width, text, contrast)
    page.goto("/accounts/login/")
    page.get_by_role("textbox", name="아이디").fill(new.username)
    page.locator("input[type=password]").fill("correct horse battery")
    page.get_by_role("button", name="로그인", exact=True).click()
    page.wait_for_url(re.compile("second-factor|2fa"))
    assert faults(page) == []
    page.goto("/accounts/2fa/totp/activate/")
    assert faults(page) == []
