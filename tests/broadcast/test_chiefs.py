"""Whoever runs the portal makes somebody a chief, and ends it, from the command line; both are on record."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from broadcast.chiefs import appoint, dismiss
from broadcast.models import ChiefPost, Village
from people.accounts import close_account, phone_user
from people.models import User
from people.phones import NotAPhone
from privacy.models import AccessRecord
from tests import make

pytestmark = pytest.mark.django_db
PHONE = "010-9999-0001"


def run(command: str, *words: str, by: User, reason: str = "주민 추천") -> str:
    out = StringIO()
    call_command(command, *words, "--by", by.username, "--reason", reason, stdout=out)
    return out.getvalue()


def records(user: User, by: User) -> list[str]:
    rows = AccessRecord.objects.filter(subjects=[f"people.user:{user.pk}"], identifier=by.username)
    return list(rows.order_by("pk").values_list("action", flat=True))


def test_a_chief_is_made_and_speaks_to_their_village() -> None:
    by, village = make.city_operator(), make.village()
    assert "위촉했습니다" in run("appoint_chief", PHONE, "예시 이장", village.code, by=by)
    chief = phone_user(PHONE)
    assert chief is not None
    assert chief.name == "예시 이장"
    assert list(Village.objects.for_user(chief)) == [village]
    assert records(chief, by) == ["create", "grant"]
    run("appoint_chief", PHONE, "예시 이장", village.code, by=by)
    post = ChiefPost.objects.get()
    assert (post.granted_by, post.reason) == (by, "주민 추천")


def test_the_last_post_closes_the_account_and_the_phone_may_serve_again() -> None:
    by, one, other = make.city_operator(), make.village(), make.village()
    for village in (one, other):
        run("appoint_chief", PHONE, "예시 이장", village.code, by=by)
    first = phone_user(PHONE)
    assert first is not None
    assert "그대로" in run("dismiss_chief", PHONE, one.code, by=by, reason="임기 끝")
    assert list(Village.objects.for_user(first)) == [other]
    assert "닫았습니다" in run("dismiss_chief", PHONE, other.code, by=by, reason="임기 끝")
    assert phone_user(PHONE) is None
    assert records(first, by)[-3:] == ["revoke", "revoke", "revoke"]
    run("appoint_chief", PHONE, "예시 새 이장", one.code, by=by)
    second = phone_user(PHONE)
    assert second is not None
    assert second != first


def test_closing_an_account_ends_its_posts() -> None:
    by, village = make.city_operator(), make.village()
    post = appoint(PHONE, "예시 이장", village, reason="추천", by=by)
    close_account(post.user, reason="이사", by=by)
    post.refresh_from_db()
    assert (post.revoked_by, post.revoked_reason) == (by, "이사")


def test_dismissing_twice_is_once() -> None:
    by = make.city_operator()
    post = appoint(PHONE, "예시 이장", make.village(), reason="추천", by=by)
    dismiss(post, reason="끝", by=by)
    dismiss(post, reason="또", by=by)
    post.refresh_from_db()
    assert post.revoked_reason == "끝"


def test_what_cannot_be_is_said() -> None:
    by, village = make.city_operator(), make.village()
    with pytest.raises(CommandError, match="마을 코드"):
        run("appoint_chief", PHONE, "예시 이장", "없음", by=by)
    with pytest.raises(CommandError, match="집 전화"):
        run("appoint_chief", "055-749-2114", "예시 이장", village.code, by=by)
    with pytest.raises(CommandError, match="맡은 사람이 없습니다"):
        run("dismiss_chief", PHONE, village.code, by=by)
    run("appoint_chief", PHONE, "예시 이장", village.code, by=by)
    with pytest.raises(CommandError, match="다른 사람"):
        run("appoint_chief", PHONE, "예시 다른 이장", village.code, by=by)
    with pytest.raises(CommandError, match="쓰지 않는 마을"):
        run("appoint_chief", PHONE, "예시 이장", make.village(is_active=False).code, by=by)
    chief = phone_user(PHONE)
    assert chief is not None
    with pytest.raises(CommandError, match="--by"):
        run("appoint_chief", "010-9999-0002", "예시 이장", village.code, by=chief)
    with pytest.raises(NotAPhone):
        phone_user("?")
