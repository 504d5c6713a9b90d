"""The technician's work at the household: the visit, its parts and work, what the household agreed to."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from privacy.fields import EncryptedTextField

from .case import Case
from .device import Device
from .programme import PriceItem


class Visit(models.Model):
    """One way to the household. Open until `ended_at`; a broken-off one is followed by another."""

    class End(models.TextChoices):
        DONE = "done", "마침"
        BROKEN_OFF = "broken_off", "마치지 못함"
        GIVEN_BACK = "given_back", "내놓음"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="visits")
    technician = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="repair_visits", verbose_name="기사"
    )
    planned_at = models.DateTimeField("약속한 때", null=True, blank=True)
    taken_at = models.DateTimeField("맡은 때", auto_now_add=True)
    arrived_at = models.DateTimeField("방문한 때", null=True, blank=True)
    diagnosis = EncryptedTextField("진단", max_length=1000, default="", blank=True)
    ended_at = models.DateTimeField("끝난 때", null=True, blank=True)
    end = models.CharField("어떻게", max_length=10, choices=End.choices, blank=True)
    end_words = EncryptedTextField("까닭", max_length=300, default="", blank=True)

    class Meta:
        ordering = ["taken_at"]
        verbose_name = verbose_name_plural = "방문"
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at=None), name="one_open_visit_a_case")
        ]

    def __str__(self) -> str:
        return f"{self.case} 방문"


class Line(models.Model):
    """A part or a piece of work, as the price list had it then."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="lines")
    device = models.ForeignKey(Device, models.PROTECT, related_name="lines")
    item = models.ForeignKey(PriceItem, models.PROTECT, related_name="+")
    name = models.CharField("이름", max_length=60)
    kind = models.CharField("구분", max_length=10, choices=PriceItem.Kind.choices)
    price_won = models.PositiveIntegerField("값(원)")
    count = models.PositiveSmallIntegerField("개수", default=1)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at"]
        verbose_name = verbose_name_plural = "수리 내역"
        constraints = [models.CheckConstraint(condition=Q(count__range=(1, 20)), name="line_count_1_to_20")]

    def __str__(self) -> str:
        return f"{self.name} {self.count}"

    @property
    def sum_won(self) -> int:
        return self.price_won * self.count


class Agreement(models.Model):
    """What the household said on the technician's screen. Append-only; the name may be erased."""

    class About(models.TextChoices):
        OWN_SHARE = "own_share", "본인 부담"
        WORK_DONE = "work_done", "수리 확인"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="agreements")
    about = models.CharField(max_length=10, choices=About.choices)
    agreed = models.BooleanField("동의")
    total_won = models.PositiveIntegerField("수리비(원)")
    own_share_won = models.PositiveIntegerField("본인 부담(원)", default=0)
    name = EncryptedTextField("확인한 분", max_length=50, null=True, help_text="None: erased")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at"]
        verbose_name = verbose_name_plural = "가구의 확인"

    def __str__(self) -> str:
        return f"{self.get_about_display()} {self.at:%Y-%m-%d}"


class SentDeed(models.Model):
    """A deed that a technician's phone sent, perhaps long after it was done and more than once: done once."""

    id = models.UUIDField(primary_key=True, editable=False, help_text="made by the phone")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="+")
    deed = models.CharField(max_length=20)
    done_at = models.DateTimeField(help_text="by the phone's clock, bounded")
    received_at = models.DateTimeField(auto_now_add=True)
    trouble = models.CharField(
        "까닭", max_length=300, blank=True, help_text="why it was refused; '' if it was done"
    )

    class Meta:
        verbose_name = verbose_name_plural = "기사가 보낸 일"

    def __str__(self) -> str:
        return self.deed
