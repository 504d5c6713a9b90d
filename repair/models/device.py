"""The computers of a case."""

import uuid
from typing import Any

from django.db import models

from privacy.fields import EncryptedTextField

from .case import Case


class Device(models.Model):
    """A computer to be repaired, and what became of it (Open Repair Data Standard)."""

    class Kind(models.TextChoices):
        DESKTOP = "desktop", "데스크톱(본체)"
        LAPTOP = "laptop", "노트북"

    class Trouble(models.TextChoices):
        NO_POWER = "no_power", "켜지지 않아요"
        SLOW = "slow", "너무 느려요"
        SCREEN = "screen", "화면이 안 나와요"
        NETWORK = "network", "인터넷이 안 돼요"
        VIRUS = "virus", "광고나 이상한 창이 떠요"
        NOISE = "noise", "소리가 크거나 뜨거워요"
        OTHER = "other", "다른 고장이에요"

    class Outcome(models.TextChoices):
        """repair_status of the Open Repair Data Standard."""

        FIXED = "Fixed", "고침"
        REPAIRABLE = "Repairable", "고칠 수 있으나 못 고침"
        END_OF_LIFE = "End of life", "더 쓸 수 없음"

    class Barrier(models.TextChoices):
        """repair_barrier_if_end_of_life of the Open Repair Data Standard, and for what stayed unrepaired."""

        NONE = "", "없음"
        PARTS_UNAVAILABLE = "Spare parts not available", "부품을 구할 수 없음"
        PARTS_EXPENSIVE = "Spare parts too expensive", "부품이 너무 비쌈"
        NOT_OPENABLE = "No way to open the product", "열 수 없음"
        NO_INFORMATION = "Repair information not available", "수리 방법을 알 수 없음"
        NO_TOOLS = "Lack of equipment", "장비가 없음"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="devices", verbose_name="접수 건")
    kind = models.CharField("기기", max_length=10, choices=Kind.choices)
    brand = models.CharField("만든 곳", max_length=40, blank=True)
    bought_in = models.PositiveSmallIntegerField("산 해", null=True, blank=True)
    trouble = models.CharField("고장", max_length=10, choices=Trouble.choices)
    trouble_words = EncryptedTextField("고장 설명", max_length=500, default="", blank=True)
    outcome = models.CharField("결과", max_length=12, choices=Outcome.choices, blank=True)
    barrier = models.CharField("못 고친 까닭", max_length=40, choices=Barrier.choices, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "기기"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.brand}".strip()

    def told(self) -> dict[str, Any]:
        """Kind, trouble and words, for pages."""
        return {
            "kind": self.get_kind_display(),
            "trouble": self.get_trouble_display(),
            "words": self.trouble_words,
        }
