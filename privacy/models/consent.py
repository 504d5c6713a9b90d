"""동의: what one person said to one purpose."""

from django.db import models


class Consent(models.Model):
    """동의: what one person said to one purpose. Append-only, but for the day on which it was withdrawn."""

    subject = models.CharField("정보주체", max_length=100, db_index=True, help_text='"people.resident:<id>"')
    key = models.CharField("목적", max_length=50)
    version = models.PositiveSmallIntegerField("글의 판")
    text_sha256 = models.CharField(max_length=64)
    agreed = models.BooleanField("동의")
    identifier = models.CharField(
        "누가 눌렀나", max_length=150, help_text="the person, or a clerk on their behalf"
    )
    at = models.DateTimeField("때", auto_now_add=True)
    withdrawn_at = models.DateTimeField("거둔 때", null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = verbose_name_plural = "동의"

    def __str__(self) -> str:
        return f"{self.key} {self.version}"
