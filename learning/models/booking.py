"""Who takes part: learners, their bookings with a seat or a place in the waiting list, and what happened to each."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from people.models import User
from privacy.fields import EncryptedTextField

from ..booking_states import CHOICES, HOLDING, LIVE, State
from ..topics import AgeBand
from .course import Course
from .session import Series, Session


class Seat(models.Model):
    """One place in a session. Made, given and freed by triggers (migration 0002): no program writes it.

    Whoever finds all of them taken does not queue for a lock: a seat is claimed with SKIP LOCKED.
    """

    session = models.ForeignKey(Session, models.DO_NOTHING, related_name="places", db_index=False)
    number = models.PositiveIntegerField()
    is_free = models.BooleanField(default=True)

    class Meta:
        verbose_name = verbose_name_plural = "자리"
        # The only index in this order: a claim reads free seats and nothing else, however many were taken.
        indexes = [
            models.Index(fields=["session", "number"], condition=Q(is_free=True), name="seat_free"),
            models.Index(fields=["session"], name="seat_of_a_session"),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.number}"


class LearnerQuerySet(models.QuerySet):
    def for_user(self, user: User) -> Self:
        """Those with a booking that this member of staff may see."""
        return self.filter(bookings__in=Booking.objects.for_user(user)).distinct()

    def for_phone(self, phone_index: str) -> Self:
        return self.filter(phone_index=phone_index) if phone_index else self.none()


class Learner(models.Model):
    """배우는 분. One row a person, by name and phone: nobody books a session twice, however fast they press.

    Not people.Resident, of which each application makes its own. Made by booking.py.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = EncryptedTextField("이름", max_length=50)
    phone = EncryptedTextField("전화", max_length=20, help_text="E.164; of a parent without one, the child's")
    birth_year = EncryptedTextField(
        "태어난 해", max_length=4, null=True, blank=True, help_text="None: not told"
    )
    person_index = models.CharField(max_length=64, editable=False, help_text="of name and phone")
    phone_index = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = LearnerQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "배우는 분"
        indexes = [models.Index(fields=["phone_index"], name="learner_by_phone")]
        constraints = [models.UniqueConstraint(fields=["person_index"], name="one_learner_a_person")]

    def __str__(self) -> str:
        return f"배우는 분 {str(self.pk)[:8]}"


class BookingQuerySet(models.QuerySet):
    def for_user(self, user: User) -> Self:
        """Those in sessions that this member of staff may see (Session.objects.for_user)."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(session__in=Session.objects.for_user(user))

    def for_phone(self, phone_index: str) -> Self:
        """Those of whoever showed that this phone is theirs: as the learner, or because they booked for somebody."""
        if not phone_index:
            return self.none()
        return self.filter(Q(phone_index=phone_index) | Q(learner__phone_index=phone_index))

    def live(self) -> Self:
        return self.filter(state__in=LIVE)

    def in_line(self) -> Self:
        """The waiting list, first come first."""
        return self.filter(state=State.WAITING).order_by("turn")


class Booking(models.Model):
    """신청. Moves only by deeds (booking.py, waiting.py, closing.py); triggers hold what booking_states says.

    Made as `confirmed` it becomes `waiting` if no seat is free or somebody waits already. Whoever holds a seat
    (confirmed, offered) has a Seat of their own; leaving those states frees it.
    """

    State = State

    class Way(models.TextChoices):
        SELF = "self", "본인"
        FAMILY = "family", "가족이 대신"
        CALL = "call", "전화로 직원이 대신"
        CENTRE = "centre", "배움터에서 직원이 대신"

    class Attendance(models.TextChoices):
        UNKNOWN = "", "아직 적지 않음"
        CAME = "came", "출석"
        ABSENT = "absent", "결석"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(
        Session,
        models.PROTECT,
        related_name="bookings",
        db_index=False,
        db_constraint=False,
        verbose_name="수업",
        help_text="a trigger keeps the reference: a foreign key would lock the session's row for each who books",
    )
    learner = models.ForeignKey(Learner, models.PROTECT, related_name="bookings", verbose_name="배우는 분")
    state = models.CharField("상태", max_length=10, choices=CHOICES, default=State.CONFIRMED, editable=False)
    seat = models.OneToOneField(Seat, models.PROTECT, null=True, editable=False, related_name="booking")
    turn = models.BigIntegerField(
        "온 순서",
        editable=False,
        db_default=0,
        help_text="given by a trigger once it is known who has a seat",
    )
    offer_until = models.DateTimeField("답할 때까지", null=True, editable=False)
    way = models.CharField("신청한 길", max_length=8, choices=Way.choices, default=Way.SELF)
    booker_name = EncryptedTextField("대신 신청한 분", max_length=50, null=True, blank=True)
    contact = EncryptedTextField(
        "알림 받을 전화", max_length=20, null=True, blank=True, help_text="E.164; None: the learner's"
    )
    phone_index = models.CharField(max_length=64, editable=False, help_text="of whoever booked")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name="적은 직원",
    )
    age_band = models.CharField("나이대", max_length=3, choices=AgeBand.choices, blank=True)
    wishes = EncryptedTextField(
        "알아 둘 것", max_length=300, null=True, blank=True, help_text="hearing, wheelchair"
    )
    attendance = models.CharField("출석", max_length=6, choices=Attendance.choices, blank=True)
    moved_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="moved_to",
        db_index=False,
        help_text="the one that it replaces",
    )
    booked_at = models.DateTimeField("신청한 때", auto_now_add=True)
    reminded_at = models.DateTimeField("미리 알린 때", null=True, editable=False)
    ended_at = models.DateTimeField("끝난 때", null=True, editable=False)
    is_example = models.BooleanField("예시", default=False, editable=False)

    objects = BookingQuerySet.as_manager()

    class Meta:
        ordering = ["turn"]
        verbose_name = verbose_name_plural = "신청"
        indexes = [
            models.Index(fields=["session", "state", "turn"], name="booking_of_a_session"),
            models.Index(fields=["offer_until"], condition=Q(state="offered"), name="booking_offered"),
            models.Index(fields=["phone_index", "session"], name="booking_by_phone"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "session"],
                condition=Q(state__in=sorted(LIVE)),
                name="one_live_booking_a_person",
            ),
            models.UniqueConstraint(
                fields=["moved_from"], condition=Q(moved_from__isnull=False), name="moved_to_one_booking"
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(HOLDING), seat__isnull=False)
                | (~Q(state__in=sorted(HOLDING)) & Q(seat=None)),
                name="who_holds_a_seat_has_one",
            ),
            models.CheckConstraint(
                condition=Q(state="offered", offer_until__isnull=False)
                | (~Q(state="offered") & Q(offer_until=None)),
                name="an_offer_ends",
            ),
            models.CheckConstraint(
                condition=Q(attendance="") | Q(state="confirmed"), name="attends_who_has_a_seat"
            ),
            models.CheckConstraint(
                condition=(Q(state__in=sorted(LIVE)) & Q(ended_at=None))
                | (~Q(state__in=sorted(LIVE)) & Q(ended_at__isnull=False)),
                name="what_ended_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {str(self.pk)[:8]}"

    @property
    def told_at(self) -> str:
        """The phone (E.164) that gets the messages."""
        return self.contact or self.learner.phone

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def holds_a_seat(self) -> bool:
        return self.state in HOLDING


class BookingStep(models.Model):
    """One thing that happened to a booking. Append-only. What somebody is to be told of it waits here until notices.py
    wrote the message: what happened and what is told of it stand or fall together, and booking itself stays short."""

    class Who(models.TextChoices):
        LEARNER = "learner", "신청한 분"
        STAFF = "staff", "직원"
        SYSTEM = "system", "자동"

    class Deed(models.TextChoices):
        BOOKED = "booked", "신청함"
        OFFERED = "offered", "자리를 알림"
        TOOK = "took", "자리를 받음"
        DECLINED = "declined", "자리를 사양함"
        EXPIRED = "expired", "답할 때가 지남"
        CANCELLED = "cancelled", "신청을 취소함"
        MOVED = "moved", "다른 수업으로 옮김"
        CALLED_OFF = "called_off", "휴강"
        NO_SEAT = "no_seat", "자리가 나지 않음"
        CAME = "came", "출석"
        ABSENT = "absent", "결석"
        UNMARKED = "unmarked", "출석을 지움"
        CERTIFIED = "certified", "수료증을 냄"
        CHANGED = "changed", "수업이 바뀜"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    booking = models.ForeignKey(Booking, models.PROTECT, related_name="steps", db_index=False)
    deed = models.CharField("한 일", max_length=10, choices=Deed.choices)
    before = models.CharField(max_length=10, choices=CHOICES, blank=True)
    after = models.CharField(max_length=10, choices=CHOICES)
    who = models.CharField("누가", max_length=8, choices=Who.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    why = EncryptedTextField("까닭", max_length=300, null=True, blank=True, help_text="None: none, or erased")
    at = models.DateTimeField("때", auto_now_add=True)
    told_at = models.DateTimeField(
        "알린 때",
        null=True,
        editable=False,
        help_text="None: to be told; also filled when there is nothing to tell",
    )
    #: The order in which it was written, whatever the clocks say.
    turn = models.BigIntegerField(
        editable=False, db_default=models.Func(models.Value("learning_step_turn"), function="nextval")
    )

    class Meta:
        ordering = ["turn"]
        verbose_name = verbose_name_plural = "신청의 기록"
        indexes = [
            models.Index(fields=["booking", "turn"], name="step_of_a_booking"),
            models.Index(fields=["turn"], condition=Q(told_at=None), name="step_to_tell"),
        ]

    def __str__(self) -> str:
        return self.get_deed_display()


class Certificate(models.Model):
    """수료증: of one session, or of a series as a whole. Issued once; printed as often as one likes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField("번호", max_length=20, unique=True, editable=False)
    learner = models.ForeignKey(
        Learner, models.PROTECT, related_name="certificates", verbose_name="배우는 분"
    )
    course = models.ForeignKey(Course, models.PROTECT, related_name="+")
    session = models.ForeignKey(Session, models.PROTECT, null=True, blank=True, related_name="certificates")
    series = models.ForeignKey(Series, models.PROTECT, null=True, blank=True, related_name="certificates")
    first_on = models.DateField("첫날")
    last_on = models.DateField("마지막 날")
    minutes = models.PositiveIntegerField("배운 시간(분)")
    issued_at = models.DateTimeField("낸 때", auto_now_add=True)

    class Meta:
        ordering = ["-issued_at"]
        verbose_name = verbose_name_plural = "수료증"
        constraints = [
            models.CheckConstraint(
                condition=Q(session=None, series__isnull=False) | Q(session__isnull=False, series=None),
                name="certificate_of_a_session_or_a_series",
            ),
            models.UniqueConstraint(
                fields=["learner", "session"],
                condition=Q(session__isnull=False),
                name="one_certificate_a_session",
            ),
            models.UniqueConstraint(
                fields=["learner", "series"],
                condition=Q(series__isnull=False),
                name="one_certificate_a_series",
            ),
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="certificate_days"),
        ]

    def __str__(self) -> str:
        return self.number
