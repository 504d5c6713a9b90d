"""What whoever runs the portal does about accounts, from the command line."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from people.accounts import create_staff
from people.models import User
from privacy.models import AccessRecord
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def typed(monkeypatch) -> list[str]:
    words = ["jinju-office-2026", "jinju-office-2026"]
    monkeypatch.setattr("getpass.getpass", lambda prompt: words.pop(0))
    return words


def add(*more: str) -> None:
    call_command("add_staff", "kim", "--name", "예시 직원", *more, stdout=StringIO())


def test_an_account_with_a_role(typed) -> None:
    make.district("문산읍")
    add("--role", "office_clerk", "--district", "문산읍")
    made = User.objects.get(username="kim")
    assert made.check_password("jinju-office-2026")
    assert [d.name for d in made.clerk_districts()] == ["문산읍"]
    assert AccessRecord.objects.filter(action="grant", identifier="system").exists()


def test_an_id_is_taken_in_any_case(typed) -> None:
    create_staff("KIM", "예시 직원", "long-enough-pass")
    with pytest.raises(CommandError, match="이미 있는"):
        add()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--role", "office_clerk"], "--district"),
        (["--role", "office_clerk", "--district", "없는동"], "그런 읍면동"),
    ],
)
def test_what_is_missing_is_said(typed, more: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        add(*more)
    assert not User.objects.exists()


def test_weak_and_mistyped_passwords(typed) -> None:
    typed[:] = ["1234567890", "1234567890"]
    with pytest.raises(CommandError):
        add()
    typed[:] = ["jinju-office-2026", "jinju-office-2027"]
    with pytest.raises(CommandError, match="다릅니다"):
        add()
    assert not User.objects.exists()


def test_a_lost_phone() -> None:
    clerk = make.clerk()
    call_command("forget_second_factor", clerk.username, "--reason", "휴대전화 분실", stdout=StringIO())
    assert not clerk.authenticator_set.exists()
    assert AccessRecord.objects.filter(action="revoke", subjects=[f"people.user:{clerk.pk}"]).exists()
    with pytest.raises(CommandError, match="그런 직원"):
        call_command("forget_second_factor", "nobody", "--reason", "x", stdout=StringIO())
