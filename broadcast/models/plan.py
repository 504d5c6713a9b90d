"""예약: when a broadcast is aired, once or again and again. Each time is a row with a due time."""

import uuid
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from people.models import User

from .message import Broadcast
from .place import Village


class PlanQuerySet(models.QuerySet):
    def for_user(self, user: User) -> Self:
        """Their own, and those that will be heard in a village to which they may speak: its air time is shared."""
        if not user.is_authenticated:
            return self.none()
        if user.is_city_operator:
            return self.all()
        reaches = models.Exists(
            Broadcast.villages.through.objects.filter(
                broadcast=models.OuterRef("original"), village__in=Village.objects.for_user(user)
            )
        )
        return self.filter(models.Q(original__author=user) | reaches)

    def going(self) -> Self:
        """Those that may still be aired: not stopped, and not over since yesterday."""
        yesterday = timezone.localdate() - timedelta(days=1)
        over = models.Q(until__lt=yesterday) | models.Q(repeat="once", first_on__lt=yesterday)
        return self.filter(stopped_at=None).exclude(over)

    def stoppable_by(self, user: User) -> Self:
        """Their own; the city all."""
        if not user.is_authenticated:
            return self.none()
        return self.all() if user.is_city_operator else self.filter(original__author=user)


class AiringQuerySet(models.QuerySet):
    def for_user(self, user: User) -> Self:
        return self.filter(plan__in=Plan.objects.for_user(user))

    def coming(self) -> Self:
        """Those that take air time."""
        return self.filter(state=Airing.State.DUE, plan__stopped_at=None)


class Plan(models.Model):
    """`original`: a draft that carries what is said and where, and its approval; each airing sends a copy of it."""

    class Repeat(models.TextChoices):
        ONCE = "once", "한 번"
        DAILY = "daily", "날마다"
        WEEKLY = "weekly", "요일마다"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    original = models.OneToOneField(Broadcast, models.PROTECT, related_name="planned")
    first_on = models.DateField("첫날")
    at = models.TimeField("시각", help_text="Seoul")
    repeat = models.CharField("되풀이", max_length=6, choices=Repeat.choices, default=Repeat.ONCE)
    weekdays = models.PositiveSmallIntegerField(
        "요일", default=0, help_text="bits, Monday 1 … Sunday 64; weekly only"
    )
    until = models.DateField("마지막 날", null=True, blank=True, help_text="None: once, or without an end")
    skip_holidays = models.BooleanField("공휴일은 쉼", default=False)
    made_at = models.DateTimeField(auto_now_add=True)
    stopped_at = models.DateTimeField("그만둔 때", null=True, blank=True)
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        verbose_name = verbose_name_plural = "예약 방송"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(repeat="weekly") | models.Q(weekdays__range=(1, 127)),
                name="weekly_plan_has_days",
            ),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("first_on")),
                name="plan_ends_later",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_repeat_display()} {self.at:%H:%M}"


class Airing(models.Model):
    """One time at which a plan is due. Aired at most once, whatever restarts (unique)."""

    class State(models.TextChoices):
        DUE = "due", "예정"
        AIRED = "aired", "보냄"
        SKIPPED = "skipped", "건너뜀"
        MISSED = "missed", "놓침"

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="airings", db_index=False)
    due_at = models.DateTimeField("때")
    state = models.CharField(max_length=8, choices=State.choices, default=State.DUE)
    why = models.CharField("까닭", max_length=200, blank=True)
    broadcast = models.OneToOneField(Broadcast, models.PROTECT, null=True, blank=True, related_name="airing")

    objects = AiringQuerySet.as_manager()

    class Meta:
        ordering = ["due_at"]
        constraints = [models.UniqueConstraint(fields=["plan", "due_at"], name="airing_once")]
        indexes = [models.Index(fields=["due_at"], condition=models.Q(state="due"), name="airing_due")]

    def __str__(self) -> str:
        return f"{self.due_at} {self.get_state_display()}"
