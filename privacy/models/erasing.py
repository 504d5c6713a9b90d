"""Erasing a person (파기): planned by one, approved by another, registered for good; and what a law keeps meanwhile."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from ..fields import BlindIndexField, EncryptedTextField
from ..ledger import entries
from .ledger import Committed


class ErasurePlan(models.Model):
    """That somebody is to be erased. Whose plan it is goes with the erasure itself."""

    class State(models.TextChoices):
        WAITING = "waiting", "둘째 사람을 기다림"
        DONE = "done", "지움"
        REFUSED = "refused", "지우지 않기로 함"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    phone = EncryptedTextField(
        "휴대전화", max_length=20, null=True, help_text="E.164; None once they are erased"
    )
    phone_index = BlindIndexField(of="phone", purpose="phone")
    name_code = models.CharField(
        max_length=64, blank=True, help_text="whose of the phone (person.py); '': everybody's"
    )
    ground = models.CharField("근거", max_length=200)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-proposed_at"]
        verbose_name = verbose_name_plural = "파기 계획"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="waiting") | models.Q(decided_by__isnull=False),
                name="erasure_decided",
            ),
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("proposed_by")), name="erasure_by_a_second_person"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="done") | models.Q(phone__isnull=True, name_code=""),
                name="erased_plan_names_nobody",
            ),
            models.UniqueConstraint(
                fields=["phone_index", "name_code"],
                condition=models.Q(state="waiting"),
                name="one_waiting_erasure",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.proposed_at:%Y-%m-%d}"


class Destruction(Committed):
    """파기 대장: what was destroyed, how much of it and on which ground. Append-only, in the ledger; names nobody.

    `rows`: keys of the rows ("repair.Case", part, key), which say nothing any more: with them a restored backup is
    made to forget again (erasing.replay).
    """

    ledger_kind = "destruction"

    at = models.DateTimeField("파기한 때", default=timezone.now, db_index=True)
    plan = models.UUIDField("파기 계획", null=True, help_text="None: its time was over")
    label = models.CharField("무엇", max_length=100)
    count = models.PositiveIntegerField("건수")
    ground = models.CharField("근거", max_length=200)
    identifier = models.CharField("누가", max_length=150)
    rows = ArrayField(models.CharField(max_length=120), default=list, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = verbose_name_plural = "파기 대장"

    def __str__(self) -> str:
        return f"{self.label} {self.count}"

    def ledger_said(self) -> list[tuple[str, entries.Said]]:
        said: list[tuple[str, Any]] = [
            ("identifier", self.identifier),
            ("label", self.label),
            ("count", str(self.count)),
            ("ground", self.ground),
        ]
        return said


class KeptApart(models.Model):
    """A row of somebody who asked to be erased, which a law keeps: until when, and on which ground."""

    plan = models.ForeignKey(
        ErasurePlan, models.PROTECT, related_name="kept", null=True, help_text="None: a backup was restored"
    )
    row = models.CharField(max_length=120, unique=True, help_text='"repair.Case//<key>"')
    label = models.CharField("무엇", max_length=100)
    ground = models.CharField("근거", max_length=200)
    until = models.DateField("언제까지", null=True, help_text="None: not known yet")
    erased_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["until", "pk"]
        verbose_name = verbose_name_plural = "법이 보관하라고 정해 따로 둔 것"
        indexes = [
            models.Index(fields=["until"], condition=models.Q(erased_at=None), name="kept_apart_until"),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.until}"
