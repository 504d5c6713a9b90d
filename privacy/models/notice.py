"""처리방침 and what stands in it: its versions, the words of consents, contractors and their supervision."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from ..ledger import entries
from .ledger import Committed


class NoticeVersion(Committed):
    """처리방침 as it was from a day on. Append-only, in the ledger."""

    ledger_kind = "notice"

    at = models.DateTimeField("정한 때", default=timezone.now)
    number = models.PositiveIntegerField("판", unique=True)
    from_on = models.DateField("시행일")
    sections = models.JSONField("글", help_text='[["제목", ["줄", …]], …]')
    sha256 = models.CharField(max_length=64)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-number"]
        verbose_name = verbose_name_plural = "개인정보 처리방침"

    def __str__(self) -> str:
        return f"{self.number}판 ({self.from_on:%Y-%m-%d})"

    def ledger_said(self) -> list[tuple[str, entries.Said]]:
        return [("number", str(self.number)), ("from", f"{self.from_on}"), ("sha256", self.sha256)]


class ConsentWording(Committed):
    """The words of a consent text, kept for good: each consent names their hash. Append-only, in the ledger."""

    ledger_kind = "consent_text"

    at = models.DateTimeField("처음 쓴 때", default=timezone.now)
    key = models.CharField(max_length=50)
    version = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64, unique=True)
    words = models.TextField()

    class Meta:
        ordering = ["key", "version"]
        verbose_name = verbose_name_plural = "동의를 구한 글"
        constraints = [models.UniqueConstraint(fields=["key", "version"], name="one_wording_a_version")]

    def __str__(self) -> str:
        return f"{self.key} {self.version}"

    def ledger_said(self) -> list[tuple[str, entries.Said]]:
        return [("key", self.key), ("version", str(self.version)), ("sha256", self.sha256)]


class Processor(models.Model):
    """수탁자: who works with personal data for the city, under a contract (제26조)."""

    name = models.CharField("업체", max_length=100)
    task = models.CharField("맡은 일", max_length=200)
    contract_on = models.DateField("계약한 날")
    ends_on = models.DateField("끝나는 날")

    class Meta:
        ordering = ["ends_on", "name"]
        verbose_name = verbose_name_plural = "수탁자"

    def __str__(self) -> str:
        return self.name


class Supervision(models.Model):
    """교육과 점검 of a contractor (제26조 제4항). Append-only."""

    class Kind(models.TextChoices):
        TRAINING = "training", "교육"
        CHECK = "check", "점검"

    processor = models.ForeignKey(Processor, models.PROTECT, related_name="supervisions")
    kind = models.CharField("무엇", max_length=10, choices=Kind.choices)
    on = models.DateField("한 날")
    result = models.CharField("결과", max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-on", "-pk"]
        verbose_name = verbose_name_plural = "수탁자 교육과 점검"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on}"
