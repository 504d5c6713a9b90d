"""Files of a case or of a draft: certificates and photos. Sealed on disk, never under a web address."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from privacy.fields import EncryptedTextField

from .case import Case
from .draft import Draft


class Paper(models.Model):
    """What somebody sent, as it was re-encoded. Staff open it once the scanner called it clean (papers.py)."""

    class Kind(models.TextChoices):
        EVIDENCE = "evidence", "자격을 보여 주는 서류"
        TROUBLE = "trouble", "고장 사진"
        BEFORE = "before", "고치기 전 사진"
        AFTER = "after", "고친 뒤 사진"

    class Scan(models.TextChoices):
        WAITING = "waiting", "검사 기다림"
        CLEAN = "clean", "안전함"
        INFECTED = "infected", "위험해서 막음"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draft = models.ForeignKey(Draft, models.CASCADE, null=True, blank=True, related_name="papers")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="papers")
    kind = models.CharField("종류", max_length=10, choices=Kind.choices)
    name = EncryptedTextField("이름", max_length=100, help_text="as it was called; shown, never a path")
    content_type = models.CharField(
        max_length=30, help_text="image/jpeg or application/pdf, found from the content"
    )
    size = models.PositiveIntegerField(help_text="bytes, as kept before sealing")
    sha256 = models.CharField(max_length=64, help_text="of the content as kept before sealing")
    file = models.CharField(
        "파일", max_length=60, editable=False, help_text="name below MEDIA_ROOT/repair; sealed bytes"
    )
    scan = models.CharField("검사", max_length=10, choices=Scan.choices, default=Scan.WAITING)
    scan_tries = models.PositiveSmallIntegerField(default=0)
    scanned_at = models.DateTimeField(null=True, blank=True)
    found = models.CharField(max_length=100, blank=True, help_text="what the scanner called it")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="None: the citizen",
    )
    at = models.DateTimeField("보낸 때", auto_now_add=True)

    class Meta:
        ordering = ["at"]
        verbose_name = verbose_name_plural = "서류와 사진"
        indexes = [models.Index(fields=["at"], condition=Q(scan="waiting"), name="paper_to_scan")]
        constraints = [
            models.CheckConstraint(
                condition=Q(draft=None, case__isnull=False) | Q(draft__isnull=False, case=None),
                name="paper_of_a_draft_or_a_case",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"
