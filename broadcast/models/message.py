"""What is said: the sound, and the broadcast that carries it."""

import uuid
from datetime import datetime
from typing import Self

from django.apps import apps
from django.conf import settings
from django.db import models

from people.models import RoleGrant, User

from ..categories import CATEGORY_CHOICES, SENSITIVE, Lane, Severity
from .place import ChiefPost, Village


class RecordingQuerySet(models.QuerySet):
    def for_user(self, user: User) -> Self:
        """Their own, and those of the broadcasts that they see."""
        if not user.is_authenticated:
            return self.none()
        heard = Broadcast.objects.for_user(user).filter(recording=models.OuterRef("pk"))
        asked = Broadcast.objects.decidable_by(user).filter(recording=models.OuterRef("pk"))
        return self.filter(models.Q(made_by=user) | models.Exists(heard) | models.Exists(asked))


class Recording(models.Model):
    """Sound as it is played: decoded, evened out and encoded by the portal, never the file that came in."""

    class Source(models.TextChoices):
        MICROPHONE = "microphone", "녹음"
        TEXT = "text", "글을 읽음"
        JOINED = "joined", "녹음과 읽은 글을 이음"
        SILENCE = "silence", "소리 없음"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    source = models.CharField(max_length=10, choices=Source.choices)
    file = models.FileField("소리", upload_to="recordings/%Y/%m/")
    sha256 = models.CharField(max_length=64, help_text="of the file, hexadecimal")
    size = models.PositiveIntegerField(help_text="bytes")
    duration = models.FloatField(help_text="seconds")
    loudness = models.FloatField(help_text="LUFS")

    objects = RecordingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "녹음"

    def __str__(self) -> str:
        return f"{self.get_source_display()} {self.duration:.0f}초"


class BroadcastQuerySet(models.QuerySet):
    def for_user(self, user: User) -> Self:
        """Their own, and those that reach a village for which they answer; the police see what the police sent.
        The city sees all but others' drafts."""
        if not user.is_authenticated:
            return self.none()
        own = models.Q(author=user)
        published = models.Q(published_at__isnull=False)
        if user.is_city_operator:
            return self.filter(own | published)
        reaches = models.Exists(
            Broadcast.villages.through.objects.filter(
                broadcast=models.OuterRef("pk"), village__in=Village.objects.held_by(user)
            )
        )
        seen = self.filter(own | (published & reaches))
        return seen | self.by_police().filter(published) if user.is_police else seen

    def by_police(self) -> Self:
        police = RoleGrant.objects.filter(role=RoleGrant.Role.POLICE)
        return self.filter(author__in=police.values("user"))

    def decidable_by(self, user: User) -> Self:
        """What waits for a second person, and may be this one: never the author, nor the chief for whom it was made.

        The city; an office for what goes to its own villages only; the police for the police's, while not stopped.
        """
        if not user.is_authenticated:
            return self.none()
        waiting = (
            self.filter(
                needs_second_person=True, submitted_at__isnull=False, published_at=None, cancelled_at=None
            )
            .exclude(decisions__kind__in=["approved", "refused", "glass_broken"])
            .exclude(author=user)
            .exclude(on_behalf_of__user=user)
        )
        if user.is_city_operator:
            return waiting
        elsewhere = models.Exists(
            Broadcast.villages.through.objects.filter(broadcast=models.OuterRef("pk")).exclude(
                village__in=Village.objects.filter(district__in=user.clerk_districts())
            )
        )
        police = models.Exists(
            RoleGrant.objects.in_force().filter(role=RoleGrant.Role.POLICE, user=models.OuterRef("author"))
        )
        by_office = ~elsewhere & ~police
        if not user.is_police:
            return waiting.filter(by_office)
        stopped = models.Exists(apps.get_model("broadcast.SendingRule").objects.stopping("police"))
        return waiting.filter(by_office | (police & ~stopped))

    def cancellable_by(self, user: User) -> Self:
        """What they may silence: their own; the city whatever was sent."""
        if not user.is_authenticated:
            return self.none()
        return self.all() if user.is_city_operator else self.filter(author=user)


class Broadcast(models.Model):
    """방송: a draft until `published_at` is set by publish.py; after that only its text may be added to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="broadcasts", verbose_name="보낸 사람"
    )
    category = models.CharField("종류", max_length=20, choices=CATEGORY_CHOICES)
    text = models.TextField("내용", blank=True, help_text="what is read by those who cannot hear it")
    recording = models.ForeignKey(Recording, models.PROTECT, related_name="+", verbose_name="소리")
    villages = models.ManyToManyField(Village, related_name="broadcasts", verbose_name="마을")
    lane = models.CharField("길", max_length=10, choices=Lane.choices, help_text="categories.lane_of")
    severity = models.CharField("심각도", max_length=8, choices=Severity.choices, blank=True, help_text="CAP")
    template = models.ForeignKey(
        "Template", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="틀"
    )
    on_behalf_of = models.ForeignKey(
        ChiefPost,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="대신 보내 준 이장",
        help_text="the chief has no smartphone; an office sent it for them",
    )
    corrects = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name="바로잡는 방송",
    )
    plan = models.ForeignKey(
        "Plan",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="aired",
        verbose_name="예약",
        db_index=True,
    )
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField("보낸 때", null=True, blank=True, db_index=True)
    expires_at = models.DateTimeField("끝나는 때", null=True, blank=True, help_text="no push after this")
    shards = models.PositiveSmallIntegerField(default=1)
    submitted_at = models.DateTimeField("승인을 청한 때", null=True, blank=True)
    needs_second_person = models.BooleanField(
        "승인 필요", default=False, help_text="sending_rules.py said so"
    )
    cancelled_at = models.DateTimeField("멈춘 때", null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="멈춘 사람",
    )
    cancelled_reason = models.CharField("멈춘 까닭", max_length=200, blank=True)
    told_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="those who subscribed know of it (subscriptions.py)"
    )

    objects = BroadcastQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-created_at"]
        verbose_name = verbose_name_plural = "방송"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(published_at=None) | models.Q(expires_at__gt=models.F("published_at")),
                name="published_has_an_end",
            )
        ]
        indexes = [
            models.Index(
                fields=["published_at"],
                condition=models.Q(published_at__isnull=False)
                & (models.Q(told_at=None) | models.Q(cancelled_at__gt=models.F("told_at"))),
                name="broadcast_to_tell",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_category_display()} {self.pk}"

    @property
    def is_urgent(self) -> bool:
        return self.lane == Lane.URGENT

    @property
    def in_lists(self) -> str:
        """Its words where many are shown: not of one that names somebody (sensitive.py)."""
        return "(사람을 찾는 방송의 글은 눌러서 봅니다)" if self.category in SENSITIVE else self.text

    def runs_at(self, now: datetime) -> bool:
        """Whether it has not ended yet, or not begun."""
        is_over = self.cancelled_at or (self.expires_at and self.expires_at <= now)
        return not is_over
