"""체험존: simply open. Hours, closed days, devices, and how many came. No personal data at all."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from people.models import District, User

from .place import Centre, CentrePost


class ZoneQuerySet(models.QuerySet):
    def for_user(self, user: User) -> Self:
        """Those that they look after: all for coordinator and officer, else by their post at its centre."""
        from ..roles import is_coordinator

        if not user.is_authenticated:
            return self.none()
        if is_coordinator(user):
            return self
        return self.filter(centre__posts__in=CentrePost.objects.in_force().filter(user=user)).distinct()


class Zone(models.Model):
    """An experience zone, such as that of 상락원. Open as its hours say, but for holidays and closures."""

    name = models.CharField("이름", max_length=60, unique=True)
    centre = models.ForeignKey(Centre, models.PROTECT, null=True, blank=True, related_name="zones")
    district = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name="읍면동")
    address = models.CharField("주소", max_length=200, blank=True)
    phone = models.CharField("전화", max_length=20, blank=True)
    words = models.TextField("소개", max_length=1000, blank=True)
    is_active = models.BooleanField("사용", default=True)
    is_example = models.BooleanField("예시", default=False, editable=False)

    objects = ZoneQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = verbose_name_plural = "체험존"

    def __str__(self) -> str:
        return self.name


class ZoneHours(models.Model):
    """Open on that weekday between two times; a weekday without a row is closed. Two rows: a break at noon."""

    zone = models.ForeignKey(Zone, models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField("요일", help_text="Monday is 0")
    opens = models.TimeField("여는 시각")
    closes = models.TimeField("닫는 시각")

    class Meta:
        ordering = ["weekday", "opens"]
        verbose_name = verbose_name_plural = "여는 시간"
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__lte=6, closes__gt=F("opens")), name="zone_hours_are_a_time"
            ),
            models.UniqueConstraint(fields=["zone", "weekday", "opens"], name="one_opening_a_time"),
        ]

    def __str__(self) -> str:
        return f"{'월화수목금토일'[self.weekday]} {self.opens:%H:%M}~{self.closes:%H:%M}"


class ZoneClosure(models.Model):
    """Closed that day, though the hours say otherwise."""

    zone = models.ForeignKey(Zone, models.CASCADE, related_name="closures")
    on = models.DateField("날짜")
    reason = models.CharField("까닭", max_length=100)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["on"]
        verbose_name = verbose_name_plural = "쉬는 날"
        constraints = [models.UniqueConstraint(fields=["zone", "on"], name="one_closure_a_day")]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d} {self.reason}"


class ZoneDevice(models.Model):
    """Something to try: a kiosk, the dementia-prevention table, the health meter."""

    zone = models.ForeignKey(Zone, models.PROTECT, related_name="devices")
    name = models.CharField("이름", max_length=60)
    words = models.CharField("무엇을 하나", max_length=200, blank=True)
    order = models.PositiveSmallIntegerField("순서", default=0)
    out_of_order_since = models.DateTimeField("고장 난 때", null=True, blank=True)
    trouble = models.CharField("고장 내용", max_length=200, blank=True)
    is_active = models.BooleanField("사용", default=True)

    class Meta:
        ordering = ["order", "name"]
        verbose_name = verbose_name_plural = "체험 기기"
        constraints = [
            models.UniqueConstraint(fields=["zone", "name"], name="one_device_a_name"),
            models.CheckConstraint(
                condition=Q(out_of_order_since__isnull=False) | Q(trouble=""), name="trouble_since_when"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class WalkIn(models.Model):
    """One tap: somebody came, or used a device. `once` makes a tap that is sent twice count once."""

    once = models.UUIDField(unique=True, editable=False)
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="walk_ins")
    device = models.ForeignKey(ZoneDevice, models.PROTECT, null=True, blank=True, related_name="walk_ins")
    people = models.PositiveSmallIntegerField("몇 분", default=1)
    at = models.DateTimeField("때", auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at"]
        verbose_name = verbose_name_plural = "방문 수"
        indexes = [models.Index(fields=["zone", "at"], name="walk_in_by_day")]
        constraints = [models.CheckConstraint(condition=Q(people__range=(1, 100)), name="walk_in_of_some")]

    def __str__(self) -> str:
        return f"{self.zone_id} {self.at:%Y-%m-%d %H:%M}"
