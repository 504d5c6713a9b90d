"""Whoever signs in to work: staff by login id, chiefs by phone. Citizens have no account (citizen.py)."""

import uuid
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from privacy.fields import EncryptedTextField
from privacy.one_query import Rows, read

from .grant import IN_FORCE, RoleGrant
from .place import District


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(username, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """One account a person. What they may do is in their grants, not here (people/grants.py)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField("아이디", max_length=50, unique=True)
    name = EncryptedTextField("이름", default="", blank=True, max_length=50)
    phone = EncryptedTextField("휴대전화", default="", blank=True, max_length=20, help_text="E.164")
    phone_index = models.CharField(  # noqa: DJ001 - unique
        max_length=64, null=True, blank=True, editable=False, db_index=True
    )
    phone_sign_in = models.BooleanField(
        "휴대전화로 로그인", default=False, help_text="이장처럼 개인정보를 보지 않는 사람만"
    )
    is_active = models.BooleanField("사용", default=True)
    is_staff = models.BooleanField("관리 화면", default=False)
    is_demo = models.BooleanField("예시", default=False, editable=False)
    created_at = models.DateTimeField("만든 때", auto_now_add=True)
    closed_at = models.DateTimeField("닫은 때", null=True, blank=True, editable=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        verbose_name = verbose_name_plural = "사용자"
        constraints = [
            models.UniqueConstraint(Lower("username"), name="one_username_in_any_case"),
            models.UniqueConstraint(
                fields=["phone_index"], condition=Q(phone_sign_in=True), name="one_phone_user_a_phone"
            ),
            # A code to a phone is one factor: never enough for an account that can see personal data.
            models.CheckConstraint(
                condition=Q(phone_sign_in=False)
                | Q(is_staff=False, is_superuser=False, phone_index__isnull=False),
                name="phone_users_are_not_staff",
            ),
        ]

    def __str__(self) -> str:
        return self.username  # not the sealed name: whoever prints a row would show it without a record

    def get_full_name(self) -> str:
        """The name, to be shown to themselves only; others' names go through privacy.access.reveal."""
        return self.name or self.username

    def get_short_name(self) -> str:
        return self.get_full_name()

    @cached_property
    def _roles(self) -> list[tuple[str, str | None]]:
        """(role, district code) in force: one query for a request, since the request has its own instance."""
        if not self.is_active:
            return []
        now = timezone.now()
        theirs = Rows(RoleGrant, f"user_id = %s AND {IN_FORCE}", [self.pk, now, now], ("role", "district"))
        return [(grant.role, grant.district_id) for grant in read(theirs)[0]]

    def has_role(self, role: str) -> bool:
        return any(held == role for held, _ in self._roles)

    @property
    def is_city_operator(self) -> bool:
        return self.has_role(RoleGrant.Role.CITY_OPERATOR)

    @property
    def is_police(self) -> bool:
        return self.has_role(RoleGrant.Role.POLICE)

    def clerk_codes(self) -> list[str]:
        """The codes of the districts whose office this user works for."""
        return [code for role, code in self._roles if role == RoleGrant.Role.OFFICE_CLERK and code]

    def clerk_districts(self) -> models.QuerySet[District]:
        """The districts whose office this user works for."""
        return District.objects.filter(pk__in=self.clerk_codes())
