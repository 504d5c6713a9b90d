"""방송 틀: texts that were agreed on, with {variables}, said by a person where it was recorded."""

from typing import Self

from django.conf import settings
from django.db import models

from people.models import User

from ..categories import CATEGORY_CHOICES
from .message import Recording
from .rules import Sender


class TemplateQuerySet(models.QuerySet):
    def for_user(self, user: User) -> Self:
        """Those in use that this kind of sender may take; the city has all, also those that are not in use."""
        from ..senders import sender_of  # which asks the models itself

        if not user.is_authenticated:
            return self.none()
        if user.is_city_operator:
            return self.all()
        return self.filter(is_active=True, sender__in=["", sender_of(user)])


class Template(models.Model):
    """What is said again and again. Its parts are joined in order; `sender` empty: for everybody."""

    name = models.CharField("이름", max_length=60, unique=True)
    category = models.CharField("종류", max_length=20, choices=CATEGORY_CHOICES)
    sender = models.CharField("쓰는 사람", max_length=10, choices=Sender.choices, blank=True)
    agreed = models.CharField(
        "누구와 정했나", max_length=200, blank=True, help_text="e.g. which meeting, when"
    )
    is_active = models.BooleanField("사용", default=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    objects = TemplateQuerySet.as_manager()

    class Meta:
        ordering = ["category", "name"]
        verbose_name = verbose_name_plural = "방송 틀"

    def __str__(self) -> str:
        return self.name


class TemplatePart(models.Model):
    """A stretch of a template: read aloud with its variables filled in, or, with `recording`, as somebody said it."""

    template = models.ForeignKey(Template, models.CASCADE, related_name="parts")
    order = models.PositiveSmallIntegerField("차례")
    text = models.TextField("글", help_text="with {variables}; of a recording: what is said in it")
    recording = models.ForeignKey(Recording, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["template", "order"], name="one_part_a_place"),
            models.CheckConstraint(
                condition=models.Q(recording=None) | ~models.Q(text__contains="{"),
                name="recorded_part_has_no_variable",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:30]
