"""접속기록: who saw or changed whose personal data, when, from where and doing what.

개인정보의 안전성 확보조치 기준 제8조: 식별자, 접속일시, 접속지, 처리한 정보주체, 수행업무.
Written by access.py only.
"""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from ..ledger import entries
from .ledger import Committed


class AccessRecord(Committed):
    """Append-only (trigger); may be deleted when it is older than two years, and part of it erased with its salt."""

    ledger_kind = "access"

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

    at = models.DateTimeField("접속일시", default=timezone.now, editable=False, db_index=True)
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
        indexes = [
            GinIndex(fields=["subjects"], name="access_by_subject"),
            models.Index(fields=["identifier", "at"], name="access_by_identifier"),
            models.Index(fields=["address", "at"], name="access_by_address"),
            models.Index(
                fields=["id"], condition=models.Q(commitment__isnull=True), name="access_uncommitted"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.identifier} {self.get_action_display()} {self.at:%Y-%m-%d %H:%M}"

    @classmethod
    def ledger_keeps(cls) -> timedelta:
        return timedelta(days=settings.ACCESS_RECORD_DAYS)

    def ledger_said(self) -> list[tuple[str, entries.Said]]:
        return [
            ("identifier", self.identifier),
            ("address", entries.address(self.address)),
            ("action", self.action),
            ("detail", self.detail),
            ("result", self.result),
            *(("subject", name) for name in self.subjects),
        ]
