"""Where classes are: centres (배움터), their rooms, and who works there."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from people.models import District, Grant, User


class CentreQuerySet(models.QuerySet):
    def for_user(self, user: User) -> Self:
        """Those that this member of staff works for: all for call centre, coordinator and officer; else by post."""
        from ..roles import sees_all

        if not user.is_authenticated:
            return self.none()
        if sees_all(user):
            return self
        return self.filter(posts__in=CentrePost.objects.in_force().filter(user=user)).distinct()


class Centre(models.Model):
    """배움터: a building in which classes are held."""

    name = models.CharField("이름", max_length=60, unique=True)
    district = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name="읍면동")
    address = models.CharField("주소", max_length=200, blank=True)
    phone = models.CharField("전화", max_length=20, blank=True)
    way_there = models.CharField("오시는 길", max_length=300, blank=True, help_text="bus stops, floor, lift")
    lat = models.FloatField("위도", null=True, blank=True, help_text="degrees, WGS84; None: the district's")
    lon = models.FloatField("경도", null=True, blank=True)
    travel_minutes = models.PositiveSmallIntegerField(
        "강사 이동 시간(분)", default=20, help_text="between here and the middle of the city"
    )
    is_hub = models.BooleanField("거점", default=False)
    is_active = models.BooleanField("사용", default=True)
    is_example = models.BooleanField("예시", default=False, editable=False)

    objects = CentreQuerySet.as_manager()

    class Meta:
        ordering = ["-is_hub", "name"]
        verbose_name = verbose_name_plural = "배움터"

    def __str__(self) -> str:
        return self.name


class Room(models.Model):
    """A room with seats. Two sessions are never in it at once (exclusion constraint on Session)."""

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="rooms", verbose_name="배움터")
    name = models.CharField("이름", max_length=40)
    seats = models.PositiveSmallIntegerField("자리")
    equipment = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name="장비")
    is_active = models.BooleanField("사용", default=True)

    class Meta:
        ordering = ["centre", "name"]
        verbose_name = verbose_name_plural = "교실"
        constraints = [
            models.UniqueConstraint(fields=["centre", "name"], name="one_room_of_a_name"),
            models.CheckConstraint(condition=Q(seats__gt=0), name="room_has_seats"),
        ]

    def __str__(self) -> str:
        return f"{self.centre} {self.name}"


class CentrePost(Grant):
    """Who works at which centre: attendance, the list, closing a class. Kept like every grant."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="centre_posts", verbose_name="직원"
    )
    centre = models.ForeignKey(Centre, models.PROTECT, related_name="posts", verbose_name="배움터")

    class Meta:
        verbose_name = verbose_name_plural = "배움터 직원"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "centre"], condition=Q(revoked_at=None), name="one_live_post_a_centre"
            )
        ]

    def __str__(self) -> str:
        return f"{self.centre} 직원"
