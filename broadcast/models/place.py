"""Villages, the speakers in them, and who is their chief."""

import uuid
from datetime import timedelta
from typing import Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import timezone

from people.models import District, Grant, LegalArea, User
from privacy.fields import EncryptedTextField


class VillageQuerySet(models.QuerySet):
    def for_user(self, user: User) -> Self:
        """The villages to which this user may speak: those that they hold, and for the police all, while the city
        has not stopped them (SendingRule)."""
        held = self.held_by(user)
        if not user.is_authenticated or user.is_city_operator or not user.is_police:
            return held
        # rules.py stands on this module; the registry knows it when the first question is asked.
        stopped = apps.get_model("broadcast.SendingRule").objects.stopping("police")
        return self.filter(models.Q(pk__in=held.values("pk")) | ~models.Exists(stopped), is_active=True)

    def held_by(self, user: User) -> Self:
        """The villages for which they answer: the city for all, an office for its own, a chief for theirs."""
        if not user.is_authenticated:
            return self.none()
        villages = self.filter(is_active=True)
        if user.is_city_operator:
            return villages
        return villages.filter(
            models.Q(district__in=user.clerk_districts())
            | models.Q(pk__in=ChiefPost.objects.in_force().filter(user=user).values("village"))
        )


class Village(models.Model):
    """행정리 or 통: where one chief speaks. Named by the city's own list (manage.py import_villages)."""

    code = models.CharField("마을 코드", max_length=20, unique=True)
    name = models.CharField("마을 이름", max_length=40)
    district = models.ForeignKey(District, models.PROTECT, related_name="villages", verbose_name="읍면동")
    legal_area = models.ForeignKey(
        LegalArea, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="법정동·리"
    )
    lat = models.FloatField("위도")
    lon = models.FloatField("경도")
    homes = models.PositiveIntegerField("가구 수", null=True, blank=True)
    is_example = models.BooleanField("예시", default=False)
    is_active = models.BooleanField("사용", default=True)

    objects = VillageQuerySet.as_manager()

    class Meta:
        ordering = ["district_id", "name"]
        verbose_name = verbose_name_plural = "마을"
        constraints = [
            models.UniqueConstraint(fields=["district", "name"], name="village_name_once_a_district")
        ]

    def __str__(self) -> str:
        return f"{self.district.name} {self.name}"


class ChiefPost(Grant):
    """이장 임명: who speaks to which village. Kept like every grant."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="chief_posts", verbose_name="이장"
    )
    village = models.ForeignKey(Village, models.PROTECT, related_name="chief_posts", verbose_name="마을")

    class Meta:
        verbose_name = verbose_name_plural = "이장 임명"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "village"], condition=models.Q(revoked_at=None), name="one_live_post"
            )
        ]

    def __str__(self) -> str:
        return f"{self.village} 이장"


class GatewayQuerySet(models.QuerySet):
    def online(self) -> Self:
        """Those that reported within GATEWAY_SILENT_AFTER seconds and whose last will did not come since then."""
        since = timezone.now() - timedelta(seconds=settings.GATEWAY_SILENT_AFTER)
        return self.filter(is_active=True, seen_at__gte=since).exclude(status__contains={"online": False})


class Gateway(models.Model):
    """The box behind a village's speakers. `driver` names a module of broadcast/gateways/."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField("장비 번호", max_length=40, unique=True)
    village = models.ForeignKey(Village, models.PROTECT, related_name="gateways", verbose_name="마을")
    driver = models.CharField("방식", max_length=20, default="http")
    address = models.CharField("주소", max_length=200, help_text="as the driver reads it (gateways/)")
    # What the device can. The portal promises no more (docs/broadcast.md).
    remembers_ids = models.BooleanField("방송 번호를 기억함", default=True)
    can_stop = models.BooleanField("도중에 멈출 수 있음", default=True)
    has_volume = models.BooleanField("소리 크기를 바꿀 수 있음", default=True)
    is_active = models.BooleanField("사용", default=True)
    seen_at = models.DateTimeField("마지막 보고", null=True, blank=True)
    status = models.JSONField("상태", default=dict, blank=True, help_text="what the device last told")

    objects = GatewayQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = verbose_name_plural = "장비"

    def __str__(self) -> str:
        return self.code


class GatewayKey(models.Model):
    """A secret shared with one gateway. Two are live while a key is changed, so that nothing is lost between."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gateway = models.ForeignKey(Gateway, models.CASCADE, related_name="keys", verbose_name="장비")
    number = models.PositiveSmallIntegerField("차례")
    secret = EncryptedTextField("비밀 값", help_text="hexadecimal, 32 bytes")
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField("처음 쓴 때", null=True, blank=True, help_text="the box has this key")
    retired_at = models.DateTimeField("그만 쓴 때", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "장비 열쇠"
        constraints = [
            models.UniqueConstraint(fields=["gateway", "number"], name="key_number_once_a_gateway")
        ]

    def __str__(self) -> str:
        return f"{self.gateway_id}.{self.number}"


class GatewayLogin(models.Model):
    """Name and password by which the portal signs in to a device (SIP and HTTP digest)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gateway = models.OneToOneField(Gateway, models.CASCADE, related_name="login", verbose_name="장비")
    username = models.CharField("아이디", max_length=64)
    password = EncryptedTextField("비밀번호", max_length=128)

    class Meta:
        verbose_name = verbose_name_plural = "장비 로그인"

    def __str__(self) -> str:
        return f"{self.gateway_id} {self.username}"
