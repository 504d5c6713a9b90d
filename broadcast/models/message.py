"""What is said: the sound, and the broadcast that carries it."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models

from people.models import User

from ..categories import CATEGORY_CHOICES, Lane
from .place import Village


class RecordingQuerySet(models.QuerySet):
    def for_user(self, user: User) -> Self:
        """Their own, and those of the broadcasts that they see."""
        if not user.is_authenticated:
            return self.none()
        heard = Broadcast.objects.for_user(user).filter(recording=models.OuterRef("pk"))
        return self.filter(models.Q(made_by=user) | models.Exists(heard))


class Recording(models.Model):
    """Sound as it is played: decoded, evened out and encoded by the portal, never the file that came in."""

    class Source(models.TextChoices):
        MICROPHONE = "microphone", "녹음"
        TEXT = "text", "글을 읽음"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    source = models.CharField(max_length=10, choices=Source.choices)
    file = models.FileField(upload_to="recordings/%Y/%m/")
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
        """Their own, and those that reach a village to which they may speak. The city sees all but others' drafts."""
        if not user.is_authenticated:
            return self.none()
        own = models.Q(author=user)
        published = models.Q(published_at__isnull=False)
        if user.is_city_operator:
            return self.filter(own | published)
        reaches = models.Exists(
            Broadcast.villages.through.objects.filter(
                broadcast=models.OuterRef("pk"), village__in=Village.objects.for_user(user)
            )
        )
        return self.filter(own | (published & reaches))


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
    lane = models.CharField("길", max_length=10, choices=Lane.choices, help_text="derived from the category")
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField("보낸 때", null=True, blank=True, db_index=True)
    expires_at = models.DateTimeField("끝나는 때", null=True, blank=True, help_text="no push after this")
    shards = models.PositiveSmallIntegerField(default=1)

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

    def __str__(self) -> str:
        return f"{self.get_category_display()} {self.pk}"

    @property
    def is_urgent(self) -> bool:
        return self.lane == Lane.URGENT
