"""What is taught: courses, and the conditions for taking part, each with its dates and its reason."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from ..topics import Level, Topic


class Course(models.Model):
    """과정: what one learns. When and where it is held are its sessions."""

    title = models.CharField("이름", max_length=80)
    topic = models.CharField("주제", max_length=12, choices=Topic.choices)
    level = models.PositiveSmallIntegerField("수준", choices=Level.choices, default=Level.FIRST)
    learn = models.TextField("배우는 것", max_length=1000)
    bring = models.CharField("가져올 것", max_length=200, blank=True)
    minutes = models.PositiveSmallIntegerField("한 번에(분)", default=120)
    seats = models.PositiveSmallIntegerField("정원", default=20, help_text="of a new session")
    is_active = models.BooleanField("사용", default=True)
    is_example = models.BooleanField("예시", default=False, editable=False)

    class Meta:
        ordering = ["topic", "level", "title"]
        verbose_name = verbose_name_plural = "과정"
        constraints = [
            models.CheckConstraint(condition=Q(minutes__range=(10, 600)), name="course_minutes"),
            models.CheckConstraint(condition=Q(seats__gt=0), name="course_has_seats"),
        ]

    def __str__(self) -> str:
        return self.title


class CourseRuleQuerySet(models.QuerySet):
    def in_force(self, on: date | None = None) -> Self:
        """Those that hold on that day (today)."""
        day = on or timezone.localdate()
        return self.filter(Q(until_on=None) | Q(until_on__gte=day), from_on__lte=day)


class CourseRule(models.Model):
    """참여 조건: holds for sessions that are held between its days. Judged by conditions.py."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="rules", verbose_name="과정")
    from_on = models.DateField("적용하는 날")
    until_on = models.DateField("마지막 날", null=True, blank=True, help_text="None: until further notice")
    age_from = models.PositiveSmallIntegerField(
        "몇 세부터", null=True, blank=True, help_text="만 나이, years"
    )
    age_until = models.PositiveSmallIntegerField("몇 세까지", null=True, blank=True)
    needs_level = models.PositiveSmallIntegerField(
        "먼저 들을 수준",
        choices=Level.choices,
        null=True,
        blank=True,
        help_text="attended a class of the same topic, at least of that level",
    )
    reason = models.CharField("까닭", max_length=200, help_text="read by whoever does not fit")

    objects = CourseRuleQuerySet.as_manager()

    class Meta:
        ordering = ["course", "from_on"]
        verbose_name = verbose_name_plural = "참여 조건"
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
                name="condition_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(age_from__isnull=False)
                | Q(age_until__isnull=False)
                | Q(needs_level__isnull=False),
                name="condition_asks_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course}: {self.reason}"
