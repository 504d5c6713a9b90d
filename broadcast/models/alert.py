"""Alerts in the Common Alerting Protocol 1.2 (OASIS, 2010) that come in: from whom, and what became of each."""

from django.conf import settings
from django.db import models

from ..categories import Severity
from .message import Broadcast


class AlertSource(models.Model):
    """Who sends alerts: a feed that is pulled, or a system that pushes with its key."""

    name = models.CharField("이름", max_length=60, unique=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", help_text="the author of what is sent"
    )
    feed = models.URLField("주소", blank=True, help_text="Atom or RSS of alerts; empty: it pushes")
    key_hash = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 of the key to push with, hexadecimal"
    )
    may_send_from = models.CharField(
        "바로 보내는 심각도",
        max_length=8,
        choices=Severity.choices,
        blank=True,
        help_text="empty: always a draft",
    )
    is_active = models.BooleanField("사용", default=True)
    pulled_at = models.DateTimeField("마지막으로 가져온 때", null=True, blank=True)
    trouble = models.CharField("문제", max_length=200, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = verbose_name_plural = "경보 제공처"

    def __str__(self) -> str:
        return self.name


class Alert(models.Model):
    """One alert as it came. `identifier`, `sender` and `sent` together name it (CAP 1.2, section 3.3.2)."""

    class Outcome(models.TextChoices):
        SENT = "sent", "보냄"
        DRAFT = "draft", "초안을 만듦"
        CANCELLED = "cancelled", "앞선 방송을 멈춤"
        IGNORED = "ignored", "아무것도 하지 않음"

    source = models.ForeignKey(AlertSource, models.PROTECT, related_name="alerts")
    identifier = models.CharField(max_length=200)
    sender = models.CharField(max_length=200)
    sent = models.DateTimeField()
    msg_type = models.CharField(max_length=10)
    references = models.JSONField(default=list, blank=True, help_text="[[sender, identifier, sent], …]")
    event = models.CharField("일", max_length=200, blank=True)
    severity = models.CharField(max_length=8, choices=Severity.choices, blank=True)
    expires = models.DateTimeField(null=True, blank=True)
    xml = models.TextField("글", help_text="as it came, decoded")
    received_at = models.DateTimeField(auto_now_add=True)
    outcome = models.CharField("결과", max_length=10, choices=Outcome.choices)
    why = models.CharField("까닭", max_length=200, blank=True)
    broadcast = models.ForeignKey(Broadcast, models.SET_NULL, null=True, blank=True, related_name="alerts")

    class Meta:
        ordering = ["-received_at"]
        verbose_name = verbose_name_plural = "재난 경보"
        constraints = [models.UniqueConstraint(fields=["sender", "identifier", "sent"], name="alert_once")]

    def __str__(self) -> str:
        return self.identifier
