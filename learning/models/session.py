"""When a course is held: series (every week), and sessions, which are what one books."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from people.models import User

from .course import Course
from .place import Centre, CentrePost, Room


class Series(models.Model):
    """회차: one course held every week from a day until another, but for holidays (series.py makes the sessions)."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="series", verbose_name="과정")
    room = models.ForeignKey(Room, models.PROTECT, related_name="series", verbose_name="교실")
    weekday = models.PositiveSmallIntegerField("요일", help_text="Monday is 0")
    starts = models.TimeField("시작")
    from_on = models.DateField("첫날")
    until_on = models.DateField("마지막 날")
    capacity = models.PositiveSmallIntegerField("정원")
    as_one = models.BooleanField(
        "한 번에 신청", default=True, help_text="booked as a whole; a session alone may be booked too if not"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-from_on"]
        verbose_name = verbose_name_plural = "회차"
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="series_weekday"),
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")), name="series_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course} {self.from_on:%Y-%m-%d}부터"


class TsTzRange(Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class SessionQuerySet(models.QuerySet):
    def for_user(self, user: User) -> Self:
        """Those whose learners this member of staff may see: call centre, coordinator and officer all; the staff of a
        centre those in it; an instructor those to which they are assigned."""
        from ..roles import sees_all
        from .assignment import Assignment

        if not user.is_authenticated:
            return self.none()
        if sees_all(user):
            return self
        posts = CentrePost.objects.in_force().filter(user=user, centre=models.OuterRef("room__centre"))
        teaches = Assignment.objects.of_instructor(user).filter(session=models.OuterRef("pk"))
        return self.filter(models.Exists(posts) | models.Exists(teaches))

    def upcoming(self) -> Self:
        return self.filter(starts_at__gt=timezone.now())

    def for_public(self) -> Self:
        """What citizens see: not over yet, and not called off."""
        return self.upcoming().exclude(state=Session.State.CANCELLED)

    def for_booking(self) -> Self:
        """With all that booking asks of them: course and its conditions, room and centre."""
        return self.select_related("course", "room__centre").prefetch_related("course__rules")

    def with_seats(self) -> Self:
        """Adds `seats_left` (free, and nobody holds an offer for them) and `waiting` (how many wait or think over an
        offer). Who comes while somebody waits gets no seat: see booking.py."""
        from .booking import Booking, Seat

        free = Seat.objects.filter(session=models.OuterRef("pk"), is_free=True).order_by()
        queue = Booking.objects.filter(
            session=models.OuterRef("pk"), state__in=[Booking.State.WAITING, Booking.State.OFFERED]
        ).order_by()

        def count(rows: models.QuerySet) -> Coalesce:
            counted = rows.values("session").annotate(n=models.Count("pk")).values("n")
            return Coalesce(models.Subquery(counted, output_field=models.IntegerField()), 0)

        return self.annotate(seats_left=count(free), waiting=count(queue))


class Session(models.Model):
    """수업: one course at one time in one room; the unit that is booked.

    `capacity` is held by rows (`Seat`): a trigger makes as many, and takes free ones away. A booking that holds a seat
    has one of its own, so no program can give more than there are. Changed by sessions.py and closing.py.
    """

    class State(models.TextChoices):
        OPEN = "open", "신청 받음"
        CLOSED = "closed", "신청 마감"
        CANCELLED = "cancelled", "휴강"

    course = models.ForeignKey(Course, models.PROTECT, related_name="sessions", verbose_name="과정")
    series = models.ForeignKey(
        Series, models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name="회차"
    )
    room = models.ForeignKey(Room, models.PROTECT, related_name="sessions", verbose_name="교실")
    starts_at = models.DateTimeField("시작")
    ends_at = models.DateTimeField("끝")
    capacity = models.PositiveIntegerField("정원")
    opens_at = models.DateTimeField("신청 시작")
    closes_at = models.DateTimeField("신청 끝", help_text="at the latest when it begins")
    state = models.CharField("상태", max_length=10, choices=State.choices, default=State.OPEN)
    why = models.CharField("까닭", max_length=200, blank=True, help_text="of closing it; read by learners")
    is_example = models.BooleanField("예시", default=False, editable=False)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = verbose_name_plural = "수업"
        indexes = [
            models.Index(fields=["starts_at"], name="session_by_day"),
            models.Index(fields=["series", "starts_at"], name="session_of_a_series"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("closes_at"), closes_at__lte=F("starts_at")),
                name="session_booking_times",
            ),
            models.CheckConstraint(condition=~Q(state="cancelled") | ~Q(why=""), name="cancelled_says_why"),
            ExclusionConstraint(
                name="one_session_in_a_room",
                expressions=[
                    (F("room"), RangeOperators.EQUAL),
                    (TsTzRange("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                condition=~Q(state="cancelled"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course} {timezone.localtime(self.starts_at):%Y-%m-%d %H:%M}"

    @property
    def centre(self) -> Centre:
        return self.room.centre

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)
