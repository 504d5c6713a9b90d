"""Residents as listeners: who wants a village's broadcasts as text messages, and who was disturbed by one."""

import secrets
import uuid
from typing import Self

from django.conf import settings
from django.db import models

from people.models import User
from privacy.fields import BlindIndexField, EncryptedTextField

from .message import Broadcast
from .place import Village


def new_token() -> str:
    """22 characters that nobody guesses (128 bits); in the address that stops a subscription."""
    return secrets.token_urlsafe(16)


class Subscription(models.Model):
    """문자 구독. Live from `confirmed_at` (a code to the phone) until `stopped_at`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    village = models.ForeignKey(Village, models.PROTECT, related_name="subscriptions", verbose_name="마을")
    phone = EncryptedTextField("전화", max_length=20, help_text="E.164")
    phone_index = models.CharField(max_length=64, editable=False, db_index=True)
    urgent_only = models.BooleanField("긴급만", default=False)
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    asked_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "문자 구독"
        constraints = [
            models.UniqueConstraint(
                fields=["village", "phone_index"],
                condition=models.Q(stopped_at=None),
                name="one_live_subscription",
            )
        ]

    def __str__(self) -> str:
        return f"{self.village} {self.pk}"


class NoiseComplaintQuerySet(models.QuerySet):
    def for_user(self, user: User) -> Self:
        """Of the villages for which they answer."""
        return self.filter(village__in=Village.objects.held_by(user))


class NoiseComplaint(models.Model):
    """소음 민원: taken by an office or left on the page, answered by who can change the volume."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    village = models.ForeignKey(Village, models.PROTECT, related_name="complaints", verbose_name="마을")
    broadcast = models.ForeignKey(Broadcast, models.SET_NULL, null=True, blank=True, related_name="+")
    said = EncryptedTextField("내용", max_length=1000)
    phone = EncryptedTextField(
        "연락처", max_length=20, default="", blank=True, help_text="E.164, if an answer is wanted"
    )
    phone_index = BlindIndexField(of="phone", purpose="phone")
    received_at = models.DateTimeField("받은 때", auto_now_add=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="None: the page",
    )
    answer = models.TextField("답", blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField("답한 때", null=True, blank=True)

    objects = NoiseComplaintQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at"]
        verbose_name = verbose_name_plural = "소음 민원"

    def __str__(self) -> str:
        return f"{self.village} {self.received_at:%Y-%m-%d}"
