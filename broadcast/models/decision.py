"""What a second person said of a broadcast. Only added (trigger); nobody decides on their own (trigger)."""

from django.conf import settings
from django.db import models

from .message import Broadcast


class Decision(models.Model):
    """승인, 반려, 긴급 발송(break glass: by the sender, who answers for it), and the review of that afterwards."""

    class Kind(models.TextChoices):
        APPROVED = "approved", "승인"
        REFUSED = "refused", "반려"
        GLASS_BROKEN = "glass_broken", "승인 없이 긴급 발송"
        REVIEWED = "reviewed", "긴급 발송 사후 검토"

    broadcast = models.ForeignKey(Broadcast, models.CASCADE, related_name="decisions")
    kind = models.CharField("무엇", max_length=15, choices=Kind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="누가")
    at = models.DateTimeField("언제", auto_now_add=True)
    reason = models.CharField("까닭", max_length=300, blank=True)
    was_right = models.BooleanField("옳았음", null=True, help_text="a review's result")

    class Meta:
        ordering = ["at"]
        verbose_name = verbose_name_plural = "승인 기록"
        constraints = [
            models.UniqueConstraint(fields=["broadcast", "kind"], name="decided_once_a_kind"),
            # Whoever comes second finds that it is decided.
            models.UniqueConstraint(
                fields=["broadcast"],
                condition=models.Q(kind__in=["approved", "refused", "glass_broken"]),
                name="decided_one_way",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="approved") | ~models.Q(reason=""), name="decision_gives_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
