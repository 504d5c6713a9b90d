"""What people ask of their own data (열람, 정정·삭제, 처리정지 요구), and what became of it."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from ..fields import BlindIndexField, EncryptedTextField


class Request(models.Model):
    """One 요구. Moved by requesting.py only; each step is kept."""

    class Kind(models.TextChoices):
        COPY = "copy", "열람 (복사본 받기)"
        CORRECT = "correct", "정정 (고치기)"
        ERASE = "erase", "삭제 (지우기)"
        STOP = "stop", "처리정지 (쓰지 않기)"

    class State(models.TextChoices):
        OPEN = "open", "살펴보는 중"
        ERASING = "erasing", "지우는 중"
        GRANTED = "granted", "들어드림"
        REFUSED = "refused", "들어드리지 못함"
        WITHDRAWN = "withdrawn", "거두심"

    #: The clock runs: also while what was granted waits for the second person who erases it.
    RUNNING = (State.OPEN, State.ERASING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    once = models.UUIDField(unique=True, editable=False, help_text="of the form: sent twice, asked once")
    kind = models.CharField("요구", max_length=10, choices=Kind.choices)
    state = models.CharField("상태", max_length=10, choices=State.choices, default=State.OPEN)
    phone = EncryptedTextField("휴대전화", max_length=20, help_text="E.164, shown to be theirs by a code")
    phone_index = BlindIndexField(of="phone", purpose="phone")
    name_code = models.CharField(
        max_length=64,
        blank=True,
        help_text="of the name that was said (person.py); '': of all behind the phone",
    )
    words = EncryptedTextField("내용", default="", blank=True, max_length=1000)
    asked_at = models.DateTimeField("요구한 때", default=timezone.now)
    due_on = models.DateField("답할 날", help_text="clocks.last_day")
    postponed = EncryptedTextField("늦추는 까닭", default="", blank=True, max_length=500)
    answer = EncryptedTextField("답", default="", blank=True, max_length=2000)
    ground = models.CharField("거절 사유", max_length=20, blank=True, help_text="refusal_grounds.py")
    answered_at = models.DateTimeField("답한 때", null=True, blank=True)
    plan = models.ForeignKey("privacy.ErasurePlan", models.SET_NULL, null=True, related_name="requests")

    class Meta:
        ordering = ["-asked_at"]
        verbose_name = verbose_name_plural = "정보주체의 요구"
        indexes = [
            models.Index(
                fields=["due_on"], condition=models.Q(state__in=["open", "erasing"]), name="request_running"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "erasing", "withdrawn"])
                | models.Q(answered_at__isnull=False),
                name="request_answered",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="refused") | ~models.Q(ground=""), name="refused_on_a_ground"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {timezone.localtime(self.asked_at):%Y-%m-%d}"


class RequestStep(models.Model):
    """Append-only: who did what about a request, and when."""

    class Deed(models.TextChoices):
        ASKED = "asked", "요구함"
        POSTPONED = "postponed", "기한을 늦춤"
        GRANTED = "granted", "들어줌"
        REFUSED = "refused", "거절함"
        WITHDREW = "withdrew", "거둠"
        ERASED = "erased", "지움"
        REOPENED = "reopened", "지우지 않기로 해 다시 살펴봄"

    request = models.ForeignKey(Request, models.PROTECT, related_name="steps")
    deed = models.CharField(max_length=10, choices=Deed.choices)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField("그때 답할 날")

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "요구를 처리한 기록"

    def __str__(self) -> str:
        return f"{self.get_deed_display()} {self.at:%Y-%m-%d}"
