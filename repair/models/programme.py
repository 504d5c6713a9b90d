"""A programme year: its money, its dated rules, its prices and who repairs."""

from datetime import date
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from people.models import Grant

from ..groups import GROUP_LABELS


class Contractor(models.Model):
    """수리 업체: is paid by the month for what its technicians did."""

    name = models.CharField("이름", max_length=60, unique=True)
    phone = models.CharField("대표 전화", max_length=20, blank=True)
    is_active = models.BooleanField("사용", default=True)
    is_example = models.BooleanField("예시", default=False, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = verbose_name_plural = "수리 업체"

    def __str__(self) -> str:
        return self.name


class TechnicianPost(Grant):
    """Who repairs for which contractor. Kept like every grant."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="technician_posts", verbose_name="기사"
    )
    contractor = models.ForeignKey(
        Contractor, models.PROTECT, related_name="technician_posts", verbose_name="업체"
    )

    class Meta:
        verbose_name = verbose_name_plural = "수리 기사"
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(revoked_at=None), name="one_live_contractor_a_technician"
            )
        ]

    def __str__(self) -> str:
        return f"{self.contractor} 기사"


class Programme(models.Model):
    """사업연도. The three sums are kept by a trigger on BudgetEntry: no program writes them."""

    class WhenSpent(models.TextChoices):
        CLOSE = "close", "접수를 마감함"
        WAIT = "wait", "접수한 순서대로 기다림"

    year = models.PositiveSmallIntegerField("연도", primary_key=True)
    opens_on = models.DateField("접수 시작")
    closes_on = models.DateField("접수 끝", help_text="the last day")
    when_spent = models.CharField(
        "예산이 다하면", max_length=10, choices=WhenSpent.choices, default=WhenSpent.WAIT
    )
    contractor = models.ForeignKey(
        Contractor, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="수리 업체"
    )
    budget_won = models.BigIntegerField("예산(원)", default=0, editable=False)
    reserved_won = models.BigIntegerField("묶인 돈(원)", default=0, editable=False)
    settled_won = models.BigIntegerField("쓴 돈(원)", default=0, editable=False)

    class Meta:
        ordering = ["-year"]
        verbose_name = verbose_name_plural = "사업연도"
        constraints = [
            models.CheckConstraint(condition=Q(reserved_won__gte=0, settled_won__gte=0), name="no_debt"),
            models.CheckConstraint(
                condition=Q(budget_won__gte=F("reserved_won") + F("settled_won")), name="within_the_budget"
            ),
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="opens_before_it_closes"),
        ]

    def __str__(self) -> str:
        return f"{self.year}년"

    @property
    def left_won(self) -> int:
        """Won that nobody has and nothing is reserved for."""
        return self.budget_won - self.reserved_won - self.settled_won


class RuleQuerySet(models.QuerySet):
    def in_force(self, programme: "Programme | int", on: date) -> Self:
        """The rule of that day comes first: of those that hold by then the latest, and of two the later written."""
        return self.filter(programme=programme, valid_from__lte=on).order_by("-valid_from", "-pk")


class Rule(models.Model):
    """기준, from a day on. Append-only: a change is another row, and a case keeps the one it was decided by."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="rules", verbose_name="사업연도")
    valid_from = models.DateField("적용하는 날")
    groups = ArrayField(
        models.CharField(max_length=20, choices=[(g.value, label) for g, label in GROUP_LABELS.items()]),
        verbose_name="지원 대상",
    )
    cap_won = models.PositiveIntegerField("한 가구 지원 한도(원)", default=200_000)
    organisation_devices = models.PositiveSmallIntegerField(
        "단체가 신청하는 기기 수", default=5, help_text="at most; each up to cap_won"
    )
    once_a_year = models.BooleanField("한 해에 한 번", default=True)
    working_days = models.PositiveSmallIntegerField("방문 기한(근무일)", default=3)
    counts_first_day = models.BooleanField(
        "선정한 날도 셈", default=False, help_text="민법 제157조: the first day does not count"
    )
    source = models.CharField("근거", max_length=200, help_text="the notice, with its date")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    objects = RuleQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from", "-pk"]
        verbose_name = verbose_name_plural = "기준"

    def __str__(self) -> str:
        return f"{self.programme} {self.valid_from:%Y-%m-%d}부터"


class PriceItem(models.Model):
    """단가표: a part or a piece of work. A line keeps name and price as they were."""

    class Kind(models.TextChoices):
        PART = "part", "부품"
        WORK = "work", "작업"

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="prices", verbose_name="사업연도")
    kind = models.CharField("구분", max_length=10, choices=Kind.choices)
    name = models.CharField("이름", max_length=60)
    price_won = models.PositiveIntegerField("값(원)")
    is_active = models.BooleanField("사용", default=True)

    class Meta:
        ordering = ["kind", "name"]
        verbose_name = verbose_name_plural = "단가"
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "name"], condition=Q(is_active=True), name="one_live_price_a_name"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.price_won:,}원"
