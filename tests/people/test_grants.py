"""Who could do what on which day can be answered, because grants are only added."""

from datetime import timedelta

import pytest
from django.db import Error, IntegrityError, connection, transaction
from django.utils import timezone

from people.accounts import create_phone_user
from people.grants import CannotGrant, grant, revoke
from people.models import District, RoleGrant, User
from privacy.models import AccessRecord
from tests import make

pytestmark = pytest.mark.django_db
CLERK, CITY = RoleGrant.Role.OFFICE_CLERK, RoleGrant.Role.CITY_OPERATOR


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_a_clerk_works_for_their_district_only() -> None:
    clerk, here = make.user(), make.district("문산읍")
    grant(clerk, CLERK, here, reason="발령")
    assert list(fresh(clerk).clerk_districts()) == [here]
    assert not fresh(clerk).is_city_operator


def test_revoking_ends_it_and_twice_is_once() -> None:
    boss, operator = make.user(), make.user()
    given = grant(operator, CITY, reason="발령", by=boss)
    assert fresh(operator).is_city_operator
    revoke(given, reason="퇴직", by=boss)
    again = revoke(given, reason="또", by=boss)
    assert again.revoked_reason == "퇴직"
    assert not fresh(operator).is_city_operator
    records = AccessRecord.objects.filter(action__in=["grant", "revoke"]).order_by("pk")
    assert [(r.identifier, r.action, r.subjects) for r in records] == [
        (boss.username, "grant", [f"people.user:{operator.pk}"]),
        (boss.username, "revoke", [f"people.user:{operator.pk}"]),
    ]


def test_a_role_can_come_back_and_the_past_stays() -> None:
    user = make.user()
    first = grant(user, CITY, reason="발령")
    assert grant(user, CITY, reason="또") == first
    revoke(first, reason="휴직")
    assert grant(user, CITY, reason="복직") != first
    assert user.role_grants.count() == 2


def test_what_held_on_a_day() -> None:
    user = make.user()
    now = timezone.now()
    RoleGrant.objects.create(
        user=user,
        role=CITY,
        reason="발령",
        granted_at=now - timedelta(days=10),
        revoked_at=now - timedelta(days=5),
        revoked_reason="끝",
    )
    assert not user.role_grants.in_force().exists()
    assert user.role_grants.in_force(now - timedelta(days=7)).exists()
    assert not user.role_grants.in_force(now - timedelta(days=11)).exists()


def test_a_closed_account_can_do_nothing() -> None:
    operator = make.city_operator()
    operator.is_active = False
    operator.save()
    assert not fresh(operator).is_city_operator


def test_phone_users_get_no_role(settings) -> None:
    chief = create_phone_user("010-9999-0001", "예시 이장")
    with pytest.raises(CannotGrant):
        grant(chief, CITY, reason="실수")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=chief.pk).update(is_staff=True)


def test_roles_are_asked_once(django_assert_num_queries) -> None:
    clerk = fresh(make.clerk())
    with django_assert_num_queries(1):
        assert not clerk.is_city_operator
        assert not clerk.is_city_operator
        assert isinstance(clerk.clerk_districts().model, type(District))


def test_the_database_refuses_what_the_deeds_would_not_do() -> None:
    user = make.user()
    given = grant(user, CITY, reason="발령")
    statements = [
        "DELETE FROM people_rolegrant",
        "UPDATE people_rolegrant SET role = 'privacy_officer'",
        "UPDATE people_rolegrant SET granted_at = now() - interval '1 year'",
        "UPDATE people_rolegrant SET reason = 'x', revoked_at = now()",
        "UPDATE people_rolegrant SET revoked_reason = 'x'",
    ]
    for statement in statements[:4]:
        with pytest.raises(Error, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    revoke(given, reason="끝")
    for statement in [*statements, "UPDATE people_rolegrant SET revoked_at = NULL"]:
        with pytest.raises(Error, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(Error), transaction.atomic():
        User.objects.filter(pk=user.pk).delete()


def test_a_clerk_needs_a_district() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(user=make.user(), role=CLERK, reason="실수")
