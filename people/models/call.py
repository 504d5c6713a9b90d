"""A telephone call that somebody of the staff is to make, because no channel reached whoever had to be told."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from .message import Message


class Call(models.Model):
    """One a message that asked for it (`Message.calls`). Words and number are the message's. Changed by calls.py."""

    class State(models.TextChoices):
        OPEN = "open", "전화할 것"
        REACHED = "reached", "알려 드림"
        GIVEN_UP = "given_up", "닿지 않음"

    message = models.OneToOneField(Message, models.CASCADE, primary_key=True, related_name="call")
    state = models.CharField("상태", max_length=10, choices=State.choices, default=State.OPEN)
    tries = models.PositiveSmallIntegerField("건 횟수", default=0)
    tried_at = models.DateTimeField("마지막으로 건 때", null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="건 사람",
    )
    made_at = models.DateTimeField("생긴 때", auto_now_add=True)

    class Meta:
        ordering = ["made_at"]
        verbose_name = verbose_name_plural = "전화할 일"
        indexes = [models.Index(fields=["made_at"], condition=Q(state="open"), name="call_open")]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.message_id}"
