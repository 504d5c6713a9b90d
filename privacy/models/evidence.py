"""Evidence for the yearly 보호수준 평가: figures of a day, and the indicators of a year's 편람."""

from django.db import models
from django.utils import timezone


class EvidenceSnapshot(models.Model):
    """Every figure as it was, with what the ledger was then. Append-only; one a month, and whenever somebody asks."""

    at = models.DateTimeField("때", default=timezone.now, db_index=True)
    figures = models.JSONField(help_text='{"8.records": 123, …}')
    checkpoint = models.TextField("확인표", blank=True, help_text="the signed note of then")

    class Meta:
        ordering = ["-at"]
        verbose_name = verbose_name_plural = "증빙"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"


class Indicator(models.Model):
    """지표 of a year's 편람, as the city writes them in: which articles show it, and what papers are needed besides."""

    year = models.PositiveSmallIntegerField("해")
    number = models.CharField("번호", max_length=10)
    title = models.CharField("지표", max_length=200)
    articles = models.CharField("조", max_length=50, blank=True, help_text='"5, 8"')
    papers = models.CharField("따로 낼 서류", max_length=300, blank=True)

    class Meta:
        ordering = ["-year", "number"]
        verbose_name = verbose_name_plural = "지표"
        constraints = [models.UniqueConstraint(fields=["year", "number"], name="one_indicator_a_number")]

    def __str__(self) -> str:
        return f"{self.year} {self.number}"
