"""Where a broadcast arrived: one row a gateway, and every receipt that the gateways sent."""

import uuid
from typing import Self

from django.db import models

from people.models import User

from ..states import State
from .message import Broadcast
from .place import Gateway, Village


class DeliveryQuerySet(models.QuerySet):
    def for_user(self, user: User) -> Self:
        """Of the broadcasts that they see: all of their own and, of others', those to their own villages."""
        if not user.is_authenticated:
            return self.none()
        if user.is_city_operator:
            return self.filter(broadcast__published_at__isnull=False)
        own = models.Q(broadcast__author=user)
        seen = own | models.Q(gateway__village__in=Village.objects.held_by(user))
        if user.is_police:
            seen |= models.Q(broadcast__in=Broadcast.objects.by_police())
        return self.filter(seen)


class Claim(models.Model):
    """A worker's hold on the rows that it is pushing. It renews this one row while it lives; when the lease has
    run out, the sweep gives the rows to another (claims.take_back)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lease_until = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)


class Delivery(models.Model):
    """One broadcast to one gateway. Its state moves only as states.py allows; its id is what the gateway remembers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Found through the unique constraint, which begins with it.
    broadcast = models.ForeignKey(Broadcast, models.CASCADE, related_name="deliveries", db_index=False)
    gateway = models.ForeignKey(Gateway, models.PROTECT, related_name="deliveries")
    shard = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=20, blank=True, help_text="a code of states.REASONS")
    round = models.PositiveSmallIntegerField(default=1, help_text="how often a person had it sent")
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(help_text="the next push, if waiting")
    held_until = models.DateTimeField(null=True, help_text="quiet hours, when it was sent (quiet.py)")
    # No constraint: a claim is gone when its worker is done, and rows move by the thousand.
    claim = models.ForeignKey(Claim, models.DO_NOTHING, null=True, db_constraint=False, db_index=False)
    volume = models.PositiveSmallIntegerField(null=True, help_text="percent; None: as the device is set")
    stop_asked_at = models.DateTimeField(null=True, help_text="somebody wants it silent (cancel.py)")
    stops = models.PositiveSmallIntegerField(default=0, help_text="how often the device was told to stop")
    accepted_at = models.DateTimeField(null=True)
    playing_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="nothing more will come")
    heard_seconds = models.FloatField(null=True, help_text="duration that the gateway decoded")
    heard_dbfs = models.FloatField(null=True, help_text="loudness that the gateway measured, dB full scale")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["broadcast", "gateway"], name="one_delivery_a_gateway")
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="delivery_waiting"),
            models.Index(fields=["claim"], condition=models.Q(state="sending"), name="delivery_sending"),
            models.Index(
                fields=["accepted_at"],
                condition=models.Q(state__in=["accepted", "playing"]),
                name="delivery_going",
            ),
            models.Index(
                fields=["ended_at"],
                condition=models.Q(state__in=["unreached", "unknown"]),
                name="delivery_unreached",
            ),
            models.Index(
                fields=["stop_asked_at"],
                condition=models.Q(state__in=["sending", "accepted", "playing"], stop_asked_at__isnull=False),
                name="delivery_to_stop",
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
