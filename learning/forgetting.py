"""Keeping what was promised about how long (keeping.py): what was told of health first, then who somebody was.

Asked by beat every hour. A person is forgotten whole, once the last class for which they were booked is so long ago.
"""

import uuid
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone

from privacy.destruction import time_is_over

from . import personal_data as held
from .keeping import windows
from .models import Booking, BookingStep, Learner, VisitClass, VisitRequest, VisitStep
from .visits_history import ENDED

#: Rows of a kind that one run forgets; the first hour of a year finds a whole year's.
AT_ONCE = 500
ERASED = "erased-"


def forget() -> int:
    """All of it. Returns how many bookings, people, requests and places something was forgotten of."""
    return forget_needs() + forget_learners() + forget_requests() + forget_places()


def _over(field: str, *, needs: bool = False) -> Q:
    """Of rows whose time is over, by the moment in `field`. Nothing matches if nothing can be over yet."""
    found = Q(pk__in=[])
    for first, before in windows(timezone.localdate(), needs=needs):
        span = Q(**{f"{field}__lt": _moment(before)})
        if first > date.min:
            span &= Q(**{f"{field}__gte": _moment(first)})
        found |= span
    return found


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


@transaction.atomic
def forget_needs() -> int:
    """미리 알아 둘 것, a month after the class."""
    old = Booking.objects.filter(_over("session__ends_at", needs=True), wishes__isnull=False).order_by()
    rows = list(old.select_for_update(of=("self",), skip_locked=True).only("pk")[:AT_ONCE])
    if rows:
        Booking.objects.filter(pk__in=[row.pk for row in rows]).update(wishes=None)
        time_is_over(rows, "배움터 신청의 ‘미리 알아 둘 것’", f"{held.A_MONTH}이 지남")
    return len(rows)


def forget_learners() -> int:
    """Whoever came last so long ago."""
    old = Learner.objects.exclude(person_index__startswith=ERASED).annotate(
        last=Max("bookings__session__ends_at")
    )
    found = list(old.filter(_over("last")).order_by().values_list("pk", flat=True)[:AT_ONCE])
    return sum(_forget_learner(pk) for pk in found)


@transaction.atomic
def _forget_learner(pk: uuid.UUID) -> bool:
    learner = Learner.objects.select_for_update(of=("self",)).get(pk=pk)
    bookings = learner.bookings.all()
    if not bookings.exists() or bookings.exclude(_over("session__ends_at")).exists():
        return False  # booked again meanwhile
    BookingStep.objects.filter(booking__in=bookings, why__isnull=False).update(why=None)
    bookings.update(booker_name=None, contact=None, wishes=None, phone_index="")
    held.erase_learner(learner)
    time_is_over([learner], "배우는 분", f"{held.THREE_YEARS}이 지남")
    return True


@transaction.atomic
def forget_requests() -> int:
    """Requests that ended so long ago."""
    old = VisitRequest.objects.filter(_over("ended_at"), state__in=ENDED).exclude(phone_index="").order_by()
    rows = list(old.select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])
    VisitStep.objects.filter(request__in=rows, why__isnull=False).update(why=None)
    for row in rows:
        held.erase_request(row)
    time_is_over(rows, "찾아가는 수업 신청", f"{held.VISIT_YEARS}이 지남")
    return len(rows)


@transaction.atomic
def forget_places() -> int:
    """Where a visiting class was, once none of its requests says it any more."""
    kept = VisitRequest.objects.filter(visit_class=OuterRef("pk")).exclude(phone_index="")
    old = VisitClass.objects.filter(_over("ends_at"), ~Exists(kept), address__isnull=False).order_by()
    rows = list(old.select_for_update(of=("self",), skip_locked=True)[:AT_ONCE])
    VisitStep.objects.filter(visit_class__in=rows, why__isnull=False).update(why=None)
    for row in rows:
        held.erase_class(row)
    time_is_over(rows, "찾아가는 수업을 한 곳", f"{held.VISIT_YEARS}이 지남")
    return len(rows)
