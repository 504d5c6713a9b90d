"""유출: what is known of a breach (or of a drill), what was done about it, and who was told."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from ..fields import EncryptedTextField


class Breach(models.Model):
    """From which account, address or time range somebody's data may have been seen. Moved by breaches.py only."""

    class State(models.TextChoices):
        POSSIBLE = "possible", "유출 가능성"
        CONFIRMED = "confirmed", "유출 확인"
        ALL_CLEAR = "all_clear", "유출 아님"
        CLOSED = "closed", "마침"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    is_drill = models.BooleanField("훈련", default=False)
    title = models.CharField("이름", max_length=100)
    how = EncryptedTextField("어떻게 알았나", max_length=2000)
    known_at = models.DateTimeField("알게 된 때")
    account = models.CharField(
        "계정", max_length=150, blank=True, help_text="identifier of the access record"
    )
    address = models.GenericIPAddressField("접속지", null=True, blank=True)
    since = models.DateTimeField("언제부터")
    until = models.DateTimeField("언제까지")
    from_outside = models.BooleanField("밖에서 들어옴", default=False)
    state = models.CharField("상태", max_length=10, choices=State.choices, default=State.POSSIBLE)
    to_people = EncryptedTextField("정보주체께 드리는 글", default="", max_length=4000)
    to_authority = EncryptedTextField("신고하는 글", default="", max_length=6000)
    to_everybody = EncryptedTextField("누리집에 올리는 글", default="", max_length=4000)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    told_at = models.DateTimeField("처음 알린 때", null=True, blank=True)
    reported_at = models.DateTimeField("신고한 때", null=True, blank=True)
    posted_at = models.DateTimeField("올린 때", null=True, blank=True)
    ending_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-known_at"]
        verbose_name = verbose_name_plural = "유출"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(told_at=None) | models.Q(is_drill=False), name="breach_drill_tells_nobody"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="closed")
                | models.Q(ending_by__isnull=False, ended_by__isnull=False)
                & ~models.Q(ending_by=models.F("ended_by")),
                name="breach_closed_by_two",
            ),
            models.CheckConstraint(
                condition=models.Q(since__lt=models.F("until")), name="breach_since_until"
            ),
        ]

    def __str__(self) -> str:
        return f"{'[훈련] ' if self.is_drill else ''}{self.title}"


class BreachNotice(models.Model):
    """Append-only: what was approved, and told to each phone once: that it may be, that it is, what more is known, or
    that it was none (시행령 제39조: further facts as soon as they are known)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    breach = models.ForeignKey(Breach, models.PROTECT, related_name="notices")
    state = models.CharField("판단", max_length=10, choices=Breach.State.choices)
    to_people = models.TextField("정보주체께 드린 글")
    to_authority = models.TextField("신고한 글")
    to_everybody = models.TextField("누리집에 올린 글")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField("승인한 때", default=timezone.now)
    phones = models.PositiveIntegerField("알린 번호")

    class Meta:
        ordering = ["at"]
        verbose_name = verbose_name_plural = "유출을 알린 글"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(approved_by=models.F("asked_by")), name="breach_notice_by_two"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.at:%Y-%m-%d %H:%M}"


class BreachStep(models.Model):
    """Append-only: what was done, by whom and when."""

    breach = models.ForeignKey(Breach, models.PROTECT, related_name="steps")
    deed = models.CharField("한 일", max_length=100)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "유출에 대응한 기록"

    def __str__(self) -> str:
        return f"{self.deed} {self.at:%Y-%m-%d %H:%M}"
