"""접속기록: who saw or changed whose personal data, when, from where and doing what.

개인정보의 안전성 확보조치 기준 제8조: 식별자, 접속일시, 접속지, 처리한 정보주체, 수행업무.
Written by access.py only.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class AccessRecord(models.Model):
    """Append-only (trigger); may be deleted when it is older than two years."""

    class Action(models.TextChoices):
        SIGN_IN = "sign_in", "로그인"
        SIGN_OUT = "sign_out", "로그아웃"
        VIEW = "view", "조회"
        CREATE = "create", "등록"
        CHANGE = "change", "수정"
        DELETE = "delete", "파기"
        DOWNLOAD = "download", "내려받기"
        PRINT = "print", "출력"
        GRANT = "grant", "권한 부여"
        REVOKE = "revoke", "권한 회수"

    class Result(models.TextChoices):
        DONE = "done", "성공"
        REFUSED = "refused", "거절"

    at = models.DateTimeField("접속일시", auto_now_add=True, db_index=True)
    identifier = models.CharField(
        "식별자", max_length=150, help_text="login id or citizen session, or 'system'"
    )
    address = models.GenericIPAddressField("접속지", null=True, help_text="empty: not from a network")
    subjects = ArrayField(
        models.CharField(max_length=100),
        verbose_name="처리한 정보주체",
        help_text='["people.resident:<id>", …]',
    )
    action = models.CharField("수행업무", max_length=10, choices=Action.choices)
    detail = models.CharField(
        "내용", max_length=300, blank=True, help_text="the page or deed, and the reason"
    )
    result = models.CharField("결과", max_length=10, choices=Result.choices, default=Result.DONE)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = verbose_name_plural = "접속기록"
        indexes = [GinIndex(fields=["subjects"], name="access_by_subject")]

    def __str__(self) -> str:
        return f"{self.identifier} {self.get_action_display()} {self.at:%Y-%m-%d %H:%M}"


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
