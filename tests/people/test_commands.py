"""What whoever runs the portal does about accounts, from the command line."""

from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from people.accounts import create_phone_user, create_staff
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
    call_command("add_staff", "kim", "--name", "예시 직원", "--reason", "발령", *more, stdout=StringIO())


def run(command: str, *words: str, by: User, reason: str = "발령") -> str:
    out = StringIO()
    call_command(command, *words, "--by", by.username, "--reason", reason, stdout=out)
    return out.getvalue()


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
        add("--by", "kim")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--role", "office_clerk"], "--district"),
        (["--role", "office_clerk", "--district", "없는동"], "그런 읍면동"),
        (["--role", "city_operator", "--district", "문산읍"], "읍면동 직원에게만"),
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


def test_who_makes_the_second_account_is_said(typed) -> None:
    boss = make.user()
    with pytest.raises(CommandError, match="--by"):
        add()
    add("--by", boss.username, "--admin")
    made = User.objects.get(username="kim")
    assert made.is_superuser
    row = AccessRecord.objects.get(subjects=[f"people.user:{made.pk}"])
    assert (row.identifier, row.action) == (boss.username, "grant")
    assert "모든 권한: 발령" in row.detail


def test_a_reason_is_asked_for(typed) -> None:
    with pytest.raises(CommandError, match="--reason"):
        call_command("add_staff", "kim", "--name", "예시 직원")


def test_a_lost_phone() -> None:
    clerk, boss = make.clerk(), make.user()
    run("forget_second_factor", clerk.username, by=boss, reason="휴대전화 분실")
    assert not clerk.authenticator_set.exists()
    (row,) = AccessRecord.objects.filter(action="revoke", subjects=[f"people.user:{clerk.pk}"])
    assert row.identifier == boss.username
    with pytest.raises(CommandError, match="그런 직원"):
        run("forget_second_factor", "nobody", by=boss)


def test_a_role_is_given_and_taken_back() -> None:
    boss, clerk, here = make.user(), make.user(), make.district("문산읍")
    assert "문산읍" in run("grant", "office_clerk", clerk.username, "--district", "문산읍", by=boss)
    assert list(User.objects.get(pk=clerk.pk).clerk_districts()) == [here]
    run("revoke", "office_clerk", clerk.username, "--district", "문산읍", by=boss, reason="전보")
    assert not User.objects.get(pk=clerk.pk).clerk_districts()
    held = clerk.role_grants.get()
    assert (held.granted_by, held.revoked_by, held.revoked_reason) == (boss, boss, "전보")
    with pytest.raises(CommandError, match="가지고 있지"):
        run("revoke", "office_clerk", clerk.username, "--district", "문산읍", by=boss)


def test_what_cannot_be_granted_is_said() -> None:
    boss = make.user()
    chief = create_phone_user("010-9999-0001", "예시 이장")
    for words, why in [
        (("office_clerk", boss.username), "--district"),
        (("city_operator", boss.username, "--district", "문산읍"), "읍면동 직원에게만"),
        (("city_operator", chief.username), "휴대전화로 로그인"),
        (("city_operator", "nobody"), "그런 아이디"),
    ]:
        with pytest.raises(CommandError, match=why):
            run("grant", *words, by=boss)


def test_whoever_leaves_can_do_nothing(client) -> None:
    boss, operator = make.user(), make.city_operator(is_staff=True)
    make.signed_in(client, operator)
    somebody = make.signed_in(Client(), boss)
    assert client.get("/people/me/").status_code == 200
    was_in = client.session.session_key
    run("close_account", operator.username, by=boss, reason="퇴직")
    assert not Session.objects.filter(pk=was_in).exists()
    assert client.get("/people/me/").status_code == 302
    operator = User.objects.get(pk=operator.pk)
    assert not (operator.is_active or operator.is_staff or operator.has_usable_password())
    assert operator.closed_at is not None
    assert somebody.get("/people/me/").status_code == 200
    assert not operator.authenticator_set.exists()
    assert operator.role_grants.get().revoked_by == boss
    assert AccessRecord.objects.filter(action="revoke", identifier=boss.username).count() == 2
    for again in ("close_account", "grant city_operator"):
        with pytest.raises(CommandError, match="닫은 계정"):
            run(*again.split(), operator.username, by=boss)
    with pytest.raises(CommandError, match="--by"):
        run("close_account", boss.username, by=operator)


def test_where_alarms_reach_somebody_on_duty() -> None:
    by, lee = make.user(username="kim"), make.user(username="lee")
    assert "적었습니다" in run("staff_phone", "lee", "010-1234-5678", by=by, reason="당직")
    lee.refresh_from_db()
    assert (lee.phone, lee.phone_sign_in) == ("+821012345678", False)
    assert AccessRecord.objects.filter(action="change", identifier="kim").count() == 1
    assert "지웠습니다" in run("staff_phone", "lee", by=by)
    lee.refresh_from_db()
    assert (lee.phone, lee.phone_index) == ("", None)
    chief = create_phone_user("010-0000-0009", "예시 이장")
    for username, phone, words in (
        ("lee", "055-749-0000", "집 전화"),
        ("lee", "일이삼", "전화번호를 다시"),
        ("nobody", "010-1234-5678", "그런 아이디"),
        (chief.username, "010-1234-5678", "로그인하는 번호"),
    ):
        with pytest.raises(CommandError, match=words):
            run("staff_phone", username, phone, by=by)
