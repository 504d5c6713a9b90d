"""열쇠 바꾸기: moving everything that is sealed to another key, column by column, while everybody works."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone


class Rotation(models.Model):
    """One at a time. `key`: id of the key to which all is moved; the keys themselves are never in the database."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField("열쇠 이름", max_length=32)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    started_at = models.DateTimeField("시작한 때", default=timezone.now)
    finished_at = models.DateTimeField("마친 때", null=True, blank=True)

    class Meta:
        ordering = ["-started_at"]
        verbose_name = verbose_name_plural = "열쇠 바꾸기"
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=models.Q(finished_at=None), name="one_rotation_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.started_at:%Y-%m-%d}"


class RotationColumn(models.Model):
    """How far one column is: `last` is the key of the last row that was looked at, in the transaction that moved it."""

    rotation = models.ForeignKey(Rotation, models.CASCADE, related_name="columns")
    column = models.CharField(max_length=100, help_text='"people.Resident.name"')
    total = models.PositiveIntegerField("줄")
    looked = models.PositiveIntegerField("본 줄", default=0)
    moved = models.PositiveIntegerField("옮긴 줄", default=0)
    last = models.CharField(max_length=64, blank=True)
    is_done = models.BooleanField("다 함", default=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "열쇠를 바꾸는 칸"

    def __str__(self) -> str:
        return self.column
