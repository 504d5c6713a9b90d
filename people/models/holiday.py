"""공휴일 that the city knows better than the list: a day that became one, or is none here after all."""

from django.conf import settings
from django.db import models


class HolidayOverride(models.Model):
    """One day, decided by the city. Goes before the list of public holidays (people/holidays.py)."""

    date = models.DateField("날짜", unique=True)
    name = models.CharField("이름", max_length=60)
    is_holiday = models.BooleanField("쉬는 날", default=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="바꾼 사람",
    )
    changed_at = models.DateTimeField("바꾼 때", auto_now=True)

    class Meta:
        ordering = ["date"]
        verbose_name = verbose_name_plural = "공휴일 바꾸기"

    def __str__(self) -> str:
        return f"{self.date} {self.name}"
