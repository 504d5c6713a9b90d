"""찾아가는 수업: who asks for a class to come to them, and the class that becomes of one request or of several."""

import uuid
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from people.models import District, User
from privacy.fields import EncryptedTextField

from ..topics import Level, Topic
from ..visit_states import ClassState, RequestState
from .institution import Institution


class VisitClassQuerySet(models.QuerySet):
    def for_user(self, user: User) -> Self:
        """Call centre, coordinator and officer all; an instructor those to which they are assigned."""
        from ..roles import sees_all
        from .assignment import Assignment

        if not user.is_authenticated:
            return self.none()
        if sees_all(user):
            return self
        mine = Assignment.objects.of_instructor(user).filter(visit_class=models.OuterRef("pk"))
        return self.filter(models.Exists(mine))

    def for_phone(self, phone_index: str) -> Self:
        """Those that answer a request of this phone."""
        if not phone_index:
            return self.none()
        return self.filter(requests__in=VisitRequest.objects.for_phone(phone_index)).distinct()


class VisitClass(models.Model):
    """A class at their place: one time, one place, one or several requests. Needs a lead and an assistant."""

    State = ClassState

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField("상태", max_length=10, choices=ClassState.choices, default=ClassState.PROPOSED)
    topic = models.CharField("주제", max_length=12, choices=Topic.choices)
    level = models.PositiveSmallIntegerField("수준", choices=Level.choices, default=Level.FIRST)
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="visit_classes", verbose_name="기관"
    )
    place_name = EncryptedTextField("곳", max_length=80)
    address = EncryptedTextField("주소", max_length=200, null=True, help_text="None: erased")
    district = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name="읍면동")
    travel_minutes = models.PositiveSmallIntegerField(
        "강사 이동 시간(분)", default=30, help_text="between there and the middle of the city"
    )
    starts_at = models.DateTimeField("시작")
    ends_at = models.DateTimeField("끝")
    why = models.CharField("그만둔 까닭", max_length=200, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    is_example = models.BooleanField("예시", default=False, editable=False)

    objects = VisitClassQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at"]
        verbose_name = verbose_name_plural = "찾아가는 수업"
        indexes = [models.Index(fields=["state", "starts_at"], name="visit_class_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="visit_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~Q(state=ClassState.CALLED_OFF) | ~Q(why=""), name="called_off_visit_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"찾아가는 {self.get_topic_display()} {str(self.pk)[:8]}"


class VisitRequestQuerySet(models.QuerySet):
    def for_user(self, user: User) -> Self:
        """Call centre, coordinator and officer all; an instructor those of classes to which they are assigned."""
        from ..roles import sees_all

        if not user.is_authenticated:
            return self.none()
        if sees_all(user):
            return self
        return self.filter(visit_class__in=VisitClass.objects.for_user(user))

    def for_phone(self, phone_index: str) -> Self:
        return self.filter(phone_index=phone_index) if phone_index else self.none()


class VisitRequest(models.Model):
    """A wish of a group or an institution. Below the least number it is held, not refused, and joined with others."""

    State = RequestState

    class Kind(models.TextChoices):
        GROUP = "group", "이웃·모임"
        INSTITUTION = "institution", "기관"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField("접수번호", max_length=20, unique=True, editable=False)
    once = models.UUIDField(unique=True, editable=False, help_text="of the form: sent twice, asked once")
    state = models.CharField("상태", max_length=10, choices=RequestState.choices, editable=False)
    kind = models.CharField("신청", max_length=12, choices=Kind.choices)
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="requests", verbose_name="기관"
    )
    group_name = EncryptedTextField("모임·기관 이름", max_length=80, default="", blank=True)
    contact_name = EncryptedTextField("연락하실 분", max_length=50)
    contact_phone = EncryptedTextField("연락처", max_length=20, help_text="E.164")
    phone_index = models.CharField(max_length=64, db_index=True, editable=False)
    place_name = EncryptedTextField("곳", max_length=80, default="", blank=True)
    address = EncryptedTextField("주소", max_length=200, default="", blank=True)
    district = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name="읍면동")
    topic = models.CharField("주제", max_length=12, choices=Topic.choices)
    level = models.PositiveSmallIntegerField("수준", choices=Level.choices, default=Level.FIRST)
    people = models.PositiveSmallIntegerField("몇 분")
    equipment = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, verbose_name="그곳에 있는 장비"
    )
    words = EncryptedTextField("하실 말씀", max_length=300, default="", blank=True)
    joins_others = models.BooleanField("다른 분들과 함께 들어도 됨", default=True)
    visit_class = models.ForeignKey(
        VisitClass,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="requests",
        verbose_name="찾아가는 수업",
    )
    agreed_at = models.DateTimeField("제안에 동의한 때", null=True, blank=True, help_text="by the group")
    refused_why = models.CharField("드리지 못한 까닭", max_length=200, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="적은 직원",
    )
    asked_at = models.DateTimeField("신청한 때", auto_now_add=True)
    ended_at = models.DateTimeField("끝난 때", null=True, editable=False)
    is_example = models.BooleanField("예시", default=False, editable=False)

    objects = VisitRequestQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at"]
        verbose_name = verbose_name_plural = "찾아가는 수업 신청"
        indexes = [models.Index(fields=["state", "topic", "district"], name="request_to_join")]
        constraints = [
            models.CheckConstraint(condition=Q(people__gt=0), name="request_of_somebody"),
            models.CheckConstraint(
                condition=~Q(state__in=[RequestState.PLANNED, RequestState.DONE])
                | Q(visit_class__isnull=False),
                name="planned_is_in_a_class",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[RequestState.HELD, RequestState.OPEN]) | Q(visit_class=None),
                name="held_is_in_no_class",
            ),
            models.CheckConstraint(
                condition=~Q(state=RequestState.REFUSED) | ~Q(refused_why=""), name="refused_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class VisitWish(models.Model):
    """A time that would suit them; several, the best first."""

    request = models.ForeignKey(VisitRequest, models.CASCADE, related_name="wishes")
    order = models.PositiveSmallIntegerField("순서")
    starts_at = models.DateTimeField("시작")
    ends_at = models.DateTimeField("끝")

    class Meta:
        ordering = ["request", "order"]
        verbose_name = verbose_name_plural = "바라는 때"
        constraints = [
            models.UniqueConstraint(fields=["request", "order"], name="one_wish_of_an_order"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="wish_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"{self.order}. {self.starts_at:%Y-%m-%d %H:%M}"


class VisitStep(models.Model):
    """What happened to a request or a class. Append-only; exactly one of the two is named."""

    class Who(models.TextChoices):
        GROUP = "group", "신청한 분"
        INSTRUCTOR = "instructor", "강사"
        STAFF = "staff", "직원"
        SYSTEM = "system", "자동"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(VisitRequest, models.PROTECT, null=True, blank=True, related_name="steps")
    visit_class = models.ForeignKey(VisitClass, models.PROTECT, null=True, blank=True, related_name="steps")
    deed = models.CharField("한 일", max_length=20, help_text="visit_states.DEEDS")
    after = models.CharField(max_length=10)
    who = models.CharField("누가", max_length=10, choices=Who.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    why = EncryptedTextField("까닭", max_length=300, null=True, blank=True, help_text="None: none, or erased")
    at = models.DateTimeField("때", auto_now_add=True)
    turn = models.BigIntegerField(
        editable=False, db_default=models.Func(models.Value("learning_step_turn"), function="nextval")
    )

    class Meta:
        ordering = ["turn"]
        verbose_name = verbose_name_plural = "찾아가는 수업의 기록"
        constraints = [
            models.CheckConstraint(
                condition=Q(request=None, visit_class__isnull=False)
                | Q(request__isnull=False, visit_class=None),
                name="step_of_a_request_or_a_class",
            )
        ]

    def __str__(self) -> str:
        return self.deed


class VisitReport(models.Model):
    """After the visit: how many came, what was taught, what is needed next."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit_class = models.OneToOneField(VisitClass, models.PROTECT, related_name="report")
    came = models.PositiveSmallIntegerField("오신 분")
    taught = models.TextField("가르친 것", max_length=1000)
    next_time = models.TextField("다음에 필요한 것", max_length=1000, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField("쓴 때", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "방문 결과"

    def __str__(self) -> str:
        return f"{self.came}명"
