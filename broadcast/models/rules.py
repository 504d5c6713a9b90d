"""Tables that the city edits: who may send what at once, and how loud it is when."""

from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models

from people.models import District

from ..categories import CATEGORY_CHOICES, Lane
from .place import Village


class Sender(models.TextChoices):
    """As what somebody sends: the kind of account, or the alert that came by itself."""

    CITY = "city", "시청"
    OFFICE = "office", "읍면동"
    CHIEF = "chief", "이장"
    POLICE = "police", "경찰"
    ALERT = "alert", "재난 경보(CAP)"


class SendingRuleQuerySet(models.QuerySet):
    def stopping(self, sender: str) -> Self:
        """Rules by which that kind of sender sends nothing at all, whatever it is about and whenever."""
        return self.filter(
            *(models.Q(is_active=True), models.Q(sender=sender), models.Q(outcome="refuse")),
            *(models.Q(category=""), models.Q(lane=""), models.Q(villages_from__lte=1)),
            *(models.Q(hour_from=None), models.Q(with_template=None)),
        )


class SendingRule(models.Model):
    """보내기 규칙: the first one that fits, by `order`, decides (sending_rules.py); where none fits it is sent."""

    class Outcome(models.TextChoices):
        SEND = "send", "바로 보냄"
        SECOND_PERSON = "second_person", "다른 사람의 승인"
        REFUSE = "refuse", "보내지 않음"

    order = models.PositiveSmallIntegerField("차례")
    name = models.CharField("이름", max_length=60)
    is_active = models.BooleanField("사용", default=True)
    sender = models.CharField(
        "보내는 사람", max_length=10, choices=Sender.choices, blank=True, help_text="empty: any"
    )
    category = models.CharField(
        "종류", max_length=20, choices=CATEGORY_CHOICES, blank=True, help_text="empty: any"
    )
    lane = models.CharField("길", max_length=10, choices=Lane.choices, blank=True, help_text="empty: any")
    villages_from = models.PositiveSmallIntegerField("마을 수(부터)", default=1, help_text="reach, villages")
    hour_from = models.TimeField(
        "몇 시부터", null=True, blank=True, help_text="Seoul; over midnight if later"
    )
    hour_until = models.TimeField("몇 시까지", null=True, blank=True)
    with_template = models.BooleanField("틀을 쓸 때", null=True, blank=True, help_text="None: either way")
    outcome = models.CharField("어떻게", max_length=15, choices=Outcome.choices)
    reason = models.CharField("까닭", max_length=200, help_text="is shown to who sends")
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    objects = SendingRuleQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = verbose_name_plural = "보내기 규칙"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(hour_from=None, hour_until=None)
                | models.Q(hour_from__isnull=False, hour_until__isnull=False),
                name="sending_rule_has_both_hours",
            )
        ]

    def __str__(self) -> str:
        return self.name


class SoundRule(models.Model):
    """조용한 시간과 소리 크기: the most particular that fits decides (quiet.py): village, district, then city."""

    name = models.CharField("이름", max_length=60)
    is_active = models.BooleanField("사용", default=True)
    village = models.ForeignKey(
        Village, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="마을"
    )
    district = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="읍면동"
    )
    category = models.CharField(
        "종류", max_length=20, choices=CATEGORY_CHOICES, blank=True, help_text="empty: any"
    )
    lane = models.CharField("길", max_length=10, choices=Lane.choices, blank=True, help_text="empty: any")
    hour_from = models.TimeField("몇 시부터", help_text="Seoul; over midnight if later than hour_until")
    hour_until = models.TimeField("몇 시까지")
    is_quiet = models.BooleanField("방송하지 않음", default=False, help_text="never holds an urgent one")
    volume = models.PositiveSmallIntegerField(
        "소리 크기(%)", null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = verbose_name_plural = "조용한 시간과 소리 크기"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(village=None) | models.Q(district=None), name="sound_rule_for_one_place"
            ),
            models.CheckConstraint(
                condition=models.Q(volume=None) | models.Q(volume__lte=100), name="volume_is_a_percentage"
            ),
            models.CheckConstraint(
                condition=models.Q(is_quiet=False) | ~models.Q(hour_from=models.F("hour_until")),
                name="quiet_ends",
            ),
        ]

    def __str__(self) -> str:
        return self.name
