"""접속기록 점검 of a month: what was found, what the one whom it concerns said, and how it was judged."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from ..fields import EncryptedTextField


class Review(models.Model):
    """One a month, also if nothing is found. Its reviewer works with none of what is reviewed (trigger)."""

    month = models.DateField("달", unique=True, help_text="its first day")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    began_at = models.DateTimeField("시작한 때", default=timezone.now)
    looks = models.PositiveIntegerField("본 기록", default=0)
    closed_at = models.DateTimeField("마친 때", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-month"]
        verbose_name = verbose_name_plural = "접속기록 점검"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed_at=None, closed_by=None)
                | models.Q(closed_at__isnull=False, closed_by__isnull=False),
                name="review_closed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class DownloadCheck(models.Model):
    """That somebody asked what became of a file that was downloaded, and what they heard. Append-only."""

    record = models.BigIntegerField("접속기록", unique=True)
    words = models.CharField("확인한 것", max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "내려받은 뒤의 확인"

    def __str__(self) -> str:
        return f"{self.record} {self.at:%Y-%m-%d}"


class Finding(models.Model):
    """What a detector proposed. Judged by somebody who is neither whom it concerns nor an operator (trigger)."""

    class Result(models.TextChoices):
        FINE = "fine", "업무로 본 것"
        CAREFUL = "careful", "주의"
        WRONG = "wrong", "위반 (조사와 조치)"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    review = models.ForeignKey(Review, models.PROTECT, related_name="findings")
    kind = models.CharField("종류", max_length=20)
    identifier = models.CharField("누가", max_length=150)
    words = models.CharField("무엇", max_length=200)
    first_at = models.DateTimeField("처음")
    last_at = models.DateTimeField("마지막")
    records = ArrayField(models.BigIntegerField(), help_text="keys of access records")
    asked_at = models.DateTimeField("소명을 청한 때", null=True, blank=True)
    explanation = EncryptedTextField("소명", default="", blank=True, max_length=2000)
    explained_at = models.DateTimeField("소명한 때", null=True, blank=True)
    result = models.CharField("결과", max_length=10, choices=Result.choices, blank=True)
    judged_words = EncryptedTextField("판단한 까닭", default="", blank=True, max_length=2000)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    judged_at = models.DateTimeField("판단한 때", null=True, blank=True)

    class Meta:
        ordering = ["judged_at", "kind", "first_at"]
        verbose_name = verbose_name_plural = "점검에서 찾은 것"
        indexes = [models.Index(fields=["identifier"], name="finding_by_identifier")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(result="", judged_by=None, judged_at=None)
                | (~models.Q(result="") & models.Q(judged_by__isnull=False, judged_at__isnull=False)),
                name="finding_judged_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.identifier}"
