"""The outbox: what is to be told somebody, as a row before anything is sent."""

import uuid

from django.db import models
from django.db.models import Q

from privacy.fields import BlindIndexField, EncryptedTextField


class Message(models.Model):
    """One text to one address. Written by outbox.py, sent by tasks.py through a channel."""

    class Turn(models.IntegerChoices):
        """Who goes first, so that nobody's sign-in code waits behind a thousand news."""

        AT_ONCE = 0, "바로"
        URGENT_NEWS = 1, "급한 소식"
        NEWS = 2, "소식"

    class State(models.TextChoices):
        WAITING = "waiting", "기다리는 중"
        SENDING = "sending", "보내는 중"
        SENT = "sent", "보냄"
        FAILED = "failed", "못 보냄"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=150, unique=True, help_text="the same key is never sent twice")
    template = models.CharField(max_length=50, help_text="name in templates/messages/")
    to = EncryptedTextField("받는 곳", max_length=254, help_text="E.164 number or e-mail address")
    to_index = BlindIndexField(of="to", purpose="phone")
    text = EncryptedTextField("내용")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    turn = models.PositiveSmallIntegerField(choices=Turn.choices, default=Turn.AT_ONCE)
    calls = models.BooleanField(
        default=False, help_text="if no channel reaches them, somebody calls (calls.py)"
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(help_text="the next try, if waiting")
    expires_at = models.DateTimeField(null=True, help_text="of no use after this")
    claim = models.UUIDField(null=True, help_text="who is sending it")
    lease_until = models.DateTimeField(null=True, help_text="after this another may take it")
    channel = models.CharField(max_length=20, blank=True, help_text="that took it")
    reference = models.CharField(max_length=100, blank=True, help_text="the provider's id of it")
    arrived = models.BooleanField(
        null=True, help_text="as the provider heard; None: not asked, or not known yet"
    )
    trouble = models.CharField(max_length=200, blank=True, help_text="why the last try failed")
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "알림"
        indexes = [
            models.Index(fields=["turn", "due_at"], condition=Q(state="waiting"), name="message_in_turn"),
            models.Index(fields=["lease_until"], condition=Q(state="sending"), name="message_sending"),
            models.Index(
                fields=["ended_at"],
                condition=Q(state="sent", calls=True, arrived=None),
                name="message_on_its_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.get_state_display()}"
