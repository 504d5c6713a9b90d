"""What happened to a case, with who, when and why. Rows that are only added; words in them may be erased."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from privacy.fields import EncryptedTextField

from ..states import CHOICES
from .case import Case


class Step(models.Model):
    """One deed on a case. Append-only; `before` and `after` are alike if the state stayed (handed over, paused …)."""

    class Who(models.TextChoices):
        CITIZEN = "citizen", "신청한 분"
        STAFF = "staff", "직원"
        TECHNICIAN = "technician", "수리 기사"
        SYSTEM = "system", "자동"

    class Deed(models.TextChoices):
        FILED = "filed", "접수"
        CORRECTED = "corrected", "내용을 고침"
        ASKED_PAPER = "asked_paper", "서류를 요청함"
        BROUGHT_PAPER = "brought_paper", "서류를 받음"
        CONFIRMED = "confirmed", "자격을 확인함"
        SELECTED = "selected", "선정함"
        PUT_IN_ORDER = "put_in_order", "예산을 기다리게 함"
        PROPOSED_REFUSAL = "proposed_refusal", "불가를 올림"
        REFUSED = "refused", "불가로 정함"
        KEPT_OPEN = "kept_open", "불가를 돌려보냄"
        WITHDREW = "withdrew", "신청을 거둠"
        OBJECTED = "objected", "이의신청"
        REOPENED = "reopened", "이의를 받아들임"
        UPHELD = "upheld", "이의를 받아들이지 않음"
        HANDED_OVER = "handed_over", "담당을 바꿈"
        MOVED = "moved", "다른 읍면동으로 넘김"
        EXCEPTED = "excepted", "같은 가구 예외를 둠"
        CARRIED = "carried", "다음 사업연도로 넘김"
        CHANGED_CONTRACTOR = "changed_contractor", "수리 업체를 바꿈"
        PAUSED = "paused", "기한을 멈춤"
        RESUMED = "resumed", "기한을 다시 셈"
        TOOK = "took", "방문을 맡음"
        GAVE_BACK = "gave_back", "방문을 내놓음"
        ARRIVED = "arrived", "방문함"
        BROKE_OFF = "broke_off", "방문을 마치지 못함"
        ASKED_CONSENT = "asked_consent", "본인 부담을 여쭘"
        AGREED = "agreed", "본인 부담에 동의함"
        DECLINED = "declined", "본인 부담에 동의하지 않음"
        FINISHED = "finished", "수리를 마침"
        SETTLED = "settled", "정산함"
        RATED = "rated", "만족도를 답함"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="steps")
    deed = models.CharField("한 일", max_length=20, choices=Deed.choices)
    before = models.CharField(max_length=12, choices=CHOICES, blank=True)
    after = models.CharField(max_length=12, choices=CHOICES)
    who = models.CharField("누가", max_length=12, choices=Who.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    why = EncryptedTextField(
        "까닭", max_length=500, default="", blank=True, null=True, help_text="None: erased"
    )
    at = models.DateTimeField("때", auto_now_add=True)
    #: The order in which it was written, whatever the clocks say.
    turn = models.BigIntegerField(
        editable=False, db_default=models.Func(models.Value("repair_step_turn"), function="nextval")
    )

    class Meta:
        ordering = ["turn"]
        verbose_name = verbose_name_plural = "처리 기록"
        indexes = [models.Index(fields=["case", "turn"], name="step_of_a_case")]

    def __str__(self) -> str:
        return f"{self.get_deed_display()} {self.at:%Y-%m-%d %H:%M}"


class Evidence(models.Model):
    """What eligibility rests on. Append-only."""

    class About(models.TextChoices):
        GROUP = "group", "지원 대상"
        RESIDENCE = "residence", "진주시 거주"

    class Way(models.TextChoices):
        LOOKUP = "lookup", "행정정보 공동이용"
        PAPER = "paper", "낸 서류"
        SEEN = "seen", "창구에서 본 서류"

    class Answer(models.TextChoices):
        YES = "yes", "맞음"
        NO = "no", "아님"
        UNCLEAR = "unclear", "알 수 없음"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="evidence")
    about = models.CharField("무엇을", max_length=10, choices=About.choices)
    way = models.CharField("어떻게", max_length=10, choices=Way.choices)
    answer = models.CharField("결과", max_length=10, choices=Answer.choices)
    words = EncryptedTextField(
        "내용",
        max_length=200,
        default="",
        blank=True,
        null=True,
        help_text="document, reference; None: erased",
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField("때", auto_now_add=True)

    class Meta:
        ordering = ["at"]
        verbose_name = verbose_name_plural = "자격 근거"

    def __str__(self) -> str:
        return f"{self.get_about_display()} {self.get_answer_display()}"


class Pause(models.Model):
    """Days of a running deadline that do not count, with a reason. Open while `until_on` is None."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="pauses")
    from_on = models.DateField("멈춘 날", help_text="does not count")
    until_on = models.DateField("다시 센 날", null=True, blank=True, help_text="counts again")
    why = EncryptedTextField("까닭", max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["from_on"]
        verbose_name = verbose_name_plural = "기한 멈춤"
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(until_on=None), name="one_open_pause"),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=models.F("from_on")), name="pause_ends_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_on}부터"


class DeadlineChange(models.Model):
    """A deadline that moved: holidays changed, or it was paused. Append-only; the first promise stays on the case."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="deadline_changes")
    was_on = models.DateField()
    is_on = models.DateField()
    why = models.CharField(
        "까닭", max_length=200, help_text="names of holidays, or 'paused'; nothing personal"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at"]
        verbose_name = verbose_name_plural = "기한 바뀜"

    def __str__(self) -> str:
        return f"{self.was_on} → {self.is_on}"
