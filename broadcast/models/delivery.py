"""Where a broadcast arrived: one row a gateway, and every receipt that the gateways sent."""

import uuid

from django.db import models

from ..states import State
from .message import Broadcast
from .place import Gateway


class Delivery(models.Model):
    """One broadcast to one gateway. Its state moves only as states.py allows; its id is what the gateway remembers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    broadcast = models.ForeignKey(Broadcast, models.CASCADE, related_name="deliveries")
    gateway = models.ForeignKey(Gateway, models.PROTECT, related_name="deliveries")
    shard = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=20, blank=True, help_text="a code of states.REASONS")
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(help_text="the next push, if waiting")
    claim = models.UUIDField(null=True, help_text="who is pushing it, while sending")
    lease_until = models.DateTimeField(null=True, help_text="after this the sweep takes it back")
    accepted_at = models.DateTimeField(null=True)
    playing_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="played, failed or expired")
    heard_seconds = models.FloatField(null=True, help_text="duration that the gateway decoded")
    heard_dbfs = models.FloatField(null=True, help_text="loudness that the gateway measured, dB full scale")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["broadcast", "gateway"], name="one_delivery_a_gateway")
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="delivery_waiting"),
            models.Index(
                fields=["lease_until"], condition=models.Q(state="sending"), name="delivery_sending"
            ),
        ]
        verbose_name = verbose_name_plural = "전달"

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.pk}"


class Receipt(models.Model):
    """What a gateway said of a delivery, as it came. Append-only (trigger)."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="receipts")
    state = models.CharField(max_length=10)
    reason = models.CharField(max_length=20, blank=True)
    said_at = models.DateTimeField(help_text="by the gateway's clock")
    received_at = models.DateTimeField(auto_now_add=True)
    counted = models.BooleanField(help_text="False: it came twice, too late, or would have gone backwards")

    class Meta:
        verbose_name = verbose_name_plural = "수신 결과"
        constraints = [
            models.UniqueConstraint(fields=["delivery", "state", "said_at"], name="receipt_kept_once")
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.said_at}"


class GatewayNonce(models.Model):
    """Nonces that gateways used within the clock skew: the same signed request does nothing twice."""

    gateway = models.ForeignKey(Gateway, models.CASCADE)
    nonce = models.CharField(max_length=64)
    used_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gateway", "nonce"], name="nonce_once")]

    def __str__(self) -> str:
        return self.nonce
