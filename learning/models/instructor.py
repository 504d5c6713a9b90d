"""Who teaches: instructors, what they can teach, and when they have time."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from people.models import District, User

from ..topics import Level, Topic


class InstructorQuerySet(models.QuerySet):
    def for_user(self, user: User) -> Self:
        """Coordinator and officer all; an instructor themselves."""
        from ..roles import is_coordinator

        if not user.is_authenticated:
            return self.none()
        return self if is_coordinator(user) else self.filter(user=user)

    def active(self) -> Self:
        return self.filter(is_active=True, user__is_active=True)


class Instructor(models.Model):
    """강사: an account with the role `learning_instructor`. The row stays when they leave: it is paid by the month."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="instructor", verbose_name="계정"
    )
    home = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name="사는 곳")
    may_lead = models.BooleanField("주강사", default=True)
    may_assist = models.BooleanField("보조강사", default=True)
    is_active = models.BooleanField("활동", default=True)
    is_example = models.BooleanField("예시", default=False, editable=False)

    objects = InstructorQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "강사"

    def __str__(self) -> str:
        return f"강사 {self.user_id}"


class Skill(models.Model):
    """A topic that somebody teaches, up to a level."""

    instructor = models.ForeignKey(Instructor, models.CASCADE, related_name="skills")
    topic = models.CharField("주제", max_length=12, choices=Topic.choices)
    level = models.PositiveSmallIntegerField("수준까지", choices=Level.choices)

    class Meta:
        ordering = ["topic"]
        verbose_name = verbose_name_plural = "가르치는 것"
        constraints = [models.UniqueConstraint(fields=["instructor", "topic"], name="one_skill_a_topic")]

    def __str__(self) -> str:
        return f"{self.get_topic_display()} {self.get_level_display()}까지"


class Availability(models.Model):
    """Every week at that time."""

    instructor = models.ForeignKey(Instructor, models.CASCADE, related_name="availability")
    weekday = models.PositiveSmallIntegerField("요일", help_text="Monday is 0")
    starts = models.TimeField("부터")
    ends = models.TimeField("까지")

    class Meta:
        ordering = ["weekday", "starts"]
        verbose_name = verbose_name_plural = "가능한 시간"
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__lte=6, ends__gt=F("starts")), name="availability_is_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{'월화수목금토일'[self.weekday]} {self.starts:%H:%M}~{self.ends:%H:%M}"


class DayOff(models.Model):
    """Not on these days, both included."""

    instructor = models.ForeignKey(Instructor, models.CASCADE, related_name="days_off")
    from_on = models.DateField("부터")
    until_on = models.DateField("까지")
    words = models.CharField("적어 둘 것", max_length=100, blank=True)

    class Meta:
        ordering = ["from_on"]
        verbose_name = verbose_name_plural = "쉬는 날"
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="day_off_is_a_time")
        ]

    def __str__(self) -> str:
        return f"{self.from_on:%Y-%m-%d}~{self.until_on:%Y-%m-%d}"
