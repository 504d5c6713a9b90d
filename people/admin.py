"""The admin pages of people: for the few with is_staff, who sign in through the same door as everybody."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from .models import District, HolidayOverride, RoleGrant, User

# Django's own sign-in page asks for no second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = "진주시 디지털 포용 포털 관리"
# They register themselves, and would let second factors and sessions be changed without a record.
for theirs in (Authenticator, EmailAddress, EmailConfirmation, Group, UserSession):
    if admin.site.is_registered(theirs):
        admin.site.unregister(theirs)


class ReadOnly(admin.ModelAdmin):
    """Changed by deeds that keep a record, not here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(ReadOnly):
    # No names or phones: a page that shows them takes its rows through privacy.access.reveal.
    list_display = ["username", "is_active", "is_staff", "phone_sign_in", "created_at"]
    list_filter = ["is_active", "is_staff", "phone_sign_in"]
    search_fields = ["username"]
    fields = [
        "username",
        "is_active",
        "is_staff",
        "is_superuser",
        "phone_sign_in",
        "created_at",
        "closed_at",
        "last_login",
    ]


@admin.register(RoleGrant)
class RoleGrantAdmin(ReadOnly):
    list_display = ["user_id", "role", "district", "granted_at", "revoked_at"]
    list_filter = ["role", "district"]


@admin.register(District)
class DistrictAdmin(ReadOnly):
    list_display = ["code", "name", "kind"]


@admin.register(HolidayOverride)
class HolidayOverrideAdmin(admin.ModelAdmin):
    list_display = ["date", "name", "is_holiday", "changed_at"]
    fields = ["date", "name", "is_holiday"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.changed_by = request.user
        super().save_model(request, obj, form, change)
