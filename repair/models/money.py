"""The year's money: a ledger whose rows are only added, and what a contractor is paid for a month."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from .case import Case
from .programme import Contractor, Programme


class BudgetEntry(models.Model):
    """One movement. Append-only; a trigger adds it to the year's sums, whose constraints refuse what is not there."""

    class Kind(models.TextChoices):
        GRANTED = "granted", "예산 배정"
        CUT = "cut", "예산 감액"
        RESERVED = "reserved", "선정해 묶음"
        RELEASED = "released", "풀어 줌"
        SETTLED = "settled", "수리비로 씀"

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="entries")
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="budget_entries")
    kind = models.CharField("구분", max_length=10, choices=Kind.choices)
    amount_won = models.PositiveBigIntegerField("금액(원)")
    why = models.CharField("까닭", max_length=200, help_text="nothing personal")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField("때", auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "예산 장부"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["granted", "cut"], case=None)
                | Q(kind__in=["reserved", "released", "settled"], case__isnull=False),
                name="case_money_names_its_case",
            ),
            *(
                models.UniqueConstraint(
                    fields=["case"], condition=Q(kind=kind), name=f"a_case_is_{kind}_once"
                )
                for kind in ("reserved", "released", "settled")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount_won:,}원"


class Settlement(models.Model):
    """정산: what one contractor is paid for one month. Its cases are those that point at it; it does not change."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="settlements")
    contractor = models.ForeignKey(Contractor, models.PROTECT, related_name="settlements")
    month = models.DateField("달", help_text="its first day")
    cases_count = models.PositiveIntegerField("건수")
    total_won = models.PositiveBigIntegerField("합계(원)")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField("정산한 때", auto_now_add=True)

    class Meta:
        ordering = ["-month", "contractor_id"]
        verbose_name = verbose_name_plural = "정산"
        constraints = [
            models.UniqueConstraint(
                fields=["contractor", "programme", "month"], name="one_settlement_a_contractor_and_month"
            )
        ]

    def __str__(self) -> str:
        return f"{self.contractor} {self.month:%Y년 %m월}"
