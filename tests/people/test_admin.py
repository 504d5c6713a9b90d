"""The admin pages show no sealed name, and change nothing that must be on record."""

import pytest
from django.apps import apps
from django.contrib import admin

from people.models import RoleGrant
from tests import make

pytestmark = pytest.mark.django_db


def test_only_our_own_tables_are_there() -> None:
    ours = {"people", "privacy", "broadcast"}
    assert {model._meta.app_label for model in admin.site._registry} <= ours
    assert apps.get_model("people.User") in admin.site._registry


def test_a_grants_page_shows_ids_and_no_names(client) -> None:
    admin_user = make.user(is_staff=True, is_superuser=True, name="예시 관리자")
    RoleGrant.objects.create(
        user=make.user(username="lee", name="홍길동"),
        role="city_operator",
        reason="시험",
        granted_by=admin_user,
    )
    make.signed_in(client, admin_user)
    for row in RoleGrant.objects.all():
        page = client.get(f"/admin/people/rolegrant/{row.pk}/change/")
        assert page.status_code == 200
        assert "lee" in page.content.decode()
        assert "홍길동" not in page.content.decode()
    assert "홍길동" not in client.get("/admin/people/rolegrant/").content.decode()


def test_a_row_printed_by_accident_says_no_name() -> None:
    assert str(make.user(username="lee", name="홍길동")) == "lee"
