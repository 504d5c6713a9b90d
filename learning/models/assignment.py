"""Who teaches what: assignments, which never overlap, and what is paid for them."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from people.models import RoleGrant, User

from .instructor import Instructor
from .session import Session
from .visit import VisitClass


class Part(models.TextChoices):
    LEAD = "lead", "주강사"
    ASSISTANT = "assistant", "보조강사"


class AssignmentQuerySet(models.QuerySet):
    def live(self) -> Self:
        return self.filter(released_at=None)

    def of_instructor(self, user: User) -> Self:
        """Their own, as long as they are an instructor."""
        if not (user.is_authenticated and user.has_role(RoleGrant.Role.LEARNING_INSTRUCTOR)):
            return self.none()
        return self.live().filter(instructor__user=user)

    def for_user(self, user: User) -> Self:
        from ..roles import is_coordinator

        if user.is_authenticated and is_coordinator(user):
            return self
        return self.of_instructor(user)


class Assignment(models.Model):
    """An instructor for one session or one visiting class, as lead or assistant.

    `teaches`, `busy` and `place` are written by a trigger from the session or class (migration 0002), and follow it
    when it moves. `busy` has the way added on both sides: the minutes between that place and the middle of the city,
    so that from any place to any other there is time for the way by the middle, which is no shorter than the straight
    one. At the same place nobody travels: there only the teaching itself may not overlap.
    """

    Part = Part

    instructor = models.ForeignKey(
        Instructor, models.PROTECT, related_name="assignments", verbose_name="강사"
    )
    part = models.CharField("맡은 일", max_length=10, choices=Part.choices)
    session = models.ForeignKey(
        Session, models.PROTECT, null=True, blank=True, related_name="assignments", verbose_name="수업"
    )
    visit_class = models.ForeignKey(
        VisitClass,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
        verbose_name="찾아가는 수업",
    )
    teaches = DateTimeRangeField("수업 시간", editable=False, null=True)
    busy = DateTimeRangeField("이동을 더한 시간", editable=False, null=True)
    place = models.CharField(
        max_length=50, editable=False, db_default="", help_text="centre:<id>, visit:<id>"
    )
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="정한 사람",
    )
    assigned_at = models.DateTimeField("정한 때", auto_now_add=True)
    confirmed_at = models.DateTimeField("강사가 확인한 때", null=True, blank=True)
    released_at = models.DateTimeField("그만둔 때", null=True, blank=True)
    released_why = models.CharField("그만둔 까닭", max_length=200, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "강사 배정"
        constraints = [
            models.CheckConstraint(
                condition=Q(session=None, visit_class__isnull=False)
                | Q(session__isnull=False, visit_class=None),
                name="assigned_to_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(teaches__isnull=False, busy__isnull=False) | Q(released_at__isnull=False),
                name="assignment_has_a_time",
            ),
            models.UniqueConstraint(
                fields=["session", "part"], condition=Q(released_at=None), name="one_of_a_part_a_session"
            ),
            models.UniqueConstraint(
                fields=["visit_class", "part"], condition=Q(released_at=None), name="one_of_a_part_a_visit"
            ),
            models.UniqueConstraint(
                fields=["session", "instructor"],
                condition=Q(released_at=None),
                name="lead_is_not_assistant",
            ),
            models.UniqueConstraint(
                fields=["visit_class", "instructor"],
                condition=Q(released_at=None),
                name="lead_is_not_assistant_of_a_visit",
            ),
            ExclusionConstraint(
                name="teaches_one_class_at_a_time",
                expressions=[("instructor", RangeOperators.EQUAL), ("teaches", RangeOperators.OVERLAPS)],
                condition=Q(released_at=None),
            ),
            ExclusionConstraint(
                name="has_time_for_the_way",
                expressions=[
                    ("instructor", RangeOperators.EQUAL),
                    ("busy", RangeOperators.OVERLAPS),
                    ("place", RangeOperators.NOT_EQUAL),
                ],
                condition=Q(released_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()} {self.instructor_id}"


class FeeRate(models.Model):
    """강사료: won an hour, from a day on. Append-only: a change is another row."""

    part = models.CharField("맡은 일", max_length=10, choices=Part.choices)
    won_an_hour = models.PositiveIntegerField("시간당(원)")
    valid_from = models.DateField("적용하는 날")
    source = models.CharField("근거", max_length=200)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-valid_from", "-pk"]
        verbose_name = verbose_name_plural = "강사료 기준"

    def __str__(self) -> str:
        return f"{self.get_part_display()} {self.won_an_hour:,}원 {self.valid_from:%Y-%m-%d}부터"


class Fee(models.Model):
    """What was paid for one assignment: settled by the month, once. Append-only."""

    assignment = models.OneToOneField(Assignment, models.PROTECT, related_name="fee")
    rate = models.ForeignKey(FeeRate, models.PROTECT, related_name="+")
    month = models.DateField("달", help_text="its first day")
    minutes = models.PositiveSmallIntegerField("시간(분)")
    won = models.PositiveIntegerField("금액(원)")
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["month", "pk"]
        verbose_name = verbose_name_plural = "강사료"

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.won:,}원"
