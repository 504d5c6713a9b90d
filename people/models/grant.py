"""What somebody may do: grants that are only ever added, and revoked by an addition.

Granting, changing and revoking access must be kept for three years (개인정보의 안전성 확보조치 기준 제5조),
so that "who could do X on day D" can be answered. A trigger refuses every other change (see the migrations).
"""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from .place import District

#: Of any kind of grant, in SQL, with the moment twice: as GrantQuerySet.in_force.
IN_FORCE = "granted_at <= %s AND (revoked_at IS NULL OR revoked_at > %s)"


class GrantQuerySet(models.QuerySet):
    def in_force(self, at: datetime | None = None) -> Self:
        """Grants that held at that moment (now, if none is given)."""
        at = at or timezone.now()
        return self.filter(granted_at__lte=at).exclude(revoked_at__lte=at)


class Grant(models.Model):
    """Append-only: a row may be added, and its three revocation columns filled once. Nothing else changes."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="사용자"
    )
    granted_at = models.DateTimeField("준 때", default=timezone.now)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="준 사람",
    )
    reason = models.CharField("까닭", max_length=200)
    revoked_at = models.DateTimeField("거둔 때", null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="거둔 사람",
    )
    revoked_reason = models.CharField("거둔 까닭", max_length=200, blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        abstract = True


class RoleGrant(Grant):
    """A role, in one district or (district empty) in the whole city."""

    class Role(models.TextChoices):
        CITY_OPERATOR = "city_operator", "시청 방송 담당"
        OFFICE_CLERK = "office_clerk", "읍면동 직원"
        POLICE = "police", "경찰 방송 담당"
        DUTY_OFFICER = "duty_officer", "당직"
        PRIVACY_OFFICER = "privacy_officer", "개인정보 보호책임자"
        REPAIR_OFFICER = "repair_officer", "시청 무상수리 담당"
        LEARNING_CALL = "learning_call", "디지털배움터 상담"
        LEARNING_COORDINATOR = "learning_coordinator", "디지털배움터 운영"
        LEARNING_INSTRUCTOR = "learning_instructor", "디지털배움터 강사"
        LEARNING_OFFICER = "learning_officer", "시청 디지털배움터 담당"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="role_grants", verbose_name="사용자"
    )
    role = models.CharField("역할", max_length=20, choices=Role.choices)
    district = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="읍면동"
    )

    class Meta:
        ordering = ["-granted_at"]
        verbose_name = verbose_name_plural = "권한"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "district"],
                condition=models.Q(revoked_at=None),
                nulls_distinct=False,
                name="one_live_grant",
            ),
            models.CheckConstraint(
                condition=~models.Q(role="office_clerk") | models.Q(district__isnull=False),
                name="clerk_has_a_district",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.district or '시 전체'}"
