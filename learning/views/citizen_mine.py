"""내 신청: the bookings of whoever showed that the phone is theirs, as the learner or as who booked for somebody."""

import uuid

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from people.by_phone import Phone
from privacy.access import Action, reveal
from privacy.masking import masked_phone

from .. import attendance, calendar_files
from ..actors import citizen
from ..booking_states import NotPossible, State
from ..booking_words import timeline, words
from ..callers import with_place_in_line
from ..models import Booking, BookingQuerySet, Certificate
from ..session_words import when_words
from .by_phone import by_phone
from .citizen_pages import not_now

#: Of those that are over so many are shown, the newest first.
SHOWN = 30


def own(phone: Phone) -> BookingQuerySet:
    """Theirs, with all that a page says of them."""
    mine = Booking.objects.for_phone(phone.index)
    with_all = mine.select_related("learner", "session__course", "session__room__centre", "session__series")
    return with_place_in_line(with_all)  # type: ignore[return-value]


def one_of(phone: Phone, pk: uuid.UUID) -> Booking:
    """404 if it is another's."""
    return get_object_or_404(own(phone), pk=pk)


@by_phone
@require_GET
def mine(request: HttpRequest, phone: Phone) -> HttpResponse:
    """First what waits for an answer, with its two buttons; then what is to come; then the rest."""
    now = timezone.now()
    live = own(phone).live().filter(session__ends_at__gt=now).order_by("session__starts_at")
    past = (
        own(phone)
        .exclude(pk__in=live.values("pk"))
        .exclude(state=State.MOVED)
        .order_by("-session__starts_at")[:SHOWN]
    )
    rows = [
        (booking, when_words(booking.session), words(booking, booking.place, now))
        for booking in reveal(request, [*live, *past], "배움터 내 신청 목록")
    ]
    is_live = {booking.pk for booking in live}
    offers = [row for row in rows if row[0].state == State.OFFERED and _open(row[0])]
    coming = [row for row in rows if row[0].pk in is_live and row not in offers]
    context = {
        "offers": offers,
        "coming": coming,
        "past": [row for row in rows if row[0].pk not in is_live],
        "phone": masked_phone(phone.number),
    }
    return render(request, "learning/citizen/mine.html", context)


def _open(booking: Booking) -> bool:
    return booking.offer_until is not None and booking.offer_until > timezone.now()


@by_phone
@require_GET
def my_booking(request: HttpRequest, phone: Phone, pk: uuid.UUID) -> HttpResponse:
    """What became of it, and what they can do with it."""
    [booking] = reveal(request, [one_of(phone, pk)], "배움터 내 신청 한 건")
    now = timezone.now()
    to_come = booking.is_live and booking.session.starts_at > now
    context = {
        "booking": booking,
        "session": booking.session,
        "when": when_words(booking.session),
        "words": words(booking, booking.place, now),  # type: ignore[attr-defined]
        "offered": booking.state == State.OFFERED and _open(booking),
        "to_come": to_come,
        "came": booking.attendance == Booking.Attendance.CAME,
        "told": masked_phone(booking.told_at),
        "happened": timeline(list(booking.steps.all())),
    }
    return render(request, "learning/citizen/booking.html", context)


@by_phone
@require_GET
def my_series(request: HttpRequest, phone: Phone, pk: uuid.UUID) -> HttpResponse:
    """All that the same learner has of the same series, that is still to come."""
    booking = one_of(phone, pk)
    if booking.session.series_id is None:
        return redirect("learning:my_booking", pk)
    now = timezone.now()
    same = (
        own(phone)
        .live()
        .filter(
            learner=booking.learner_id, session__series=booking.session.series_id, session__ends_at__gt=now
        )
    )
    rows = [
        (each, when_words(each.session), words(each, each.place, now))
        for each in reveal(request, same.order_by("session__starts_at"), "배움터 내 신청: 여러 번")
    ]
    waits = sum(each.state != State.CONFIRMED for each, *_ in rows)
    context = {"booking": booking, "rows": rows, "seats": len(rows) - waits, "waits": waits}
    return render(request, "learning/citizen/series.html", context)


@by_phone
@require_GET
def calendar_file(request: HttpRequest, phone: Phone, pk: uuid.UUID) -> HttpResponse:
    """For the calendar of their own phone."""
    [booking] = reveal(request, [one_of(phone, pk)], "배움터 달력 파일", Action.DOWNLOAD)
    body = calendar_files.of_booking(booking, timezone.now())
    named = {"Content-Disposition": 'attachment; filename="class.ics"'}
    return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=named)


@by_phone
@require_http_methods(["GET", "POST"])
def certificate(request: HttpRequest, phone: Phone, pk: uuid.UUID) -> HttpResponse:
    """수료증 on one sheet of A4. Pressing the button issues it; from then on it is shown."""
    booking = one_of(phone, pk)
    if booking.attendance != Booking.Attendance.CAME:
        return not_now(request, booking, "출석이 확인된 수업만 수료증을 받으실 수 있습니다.")
    if request.method == "POST":
        try:
            attendance.certify(booking.pk, citizen(request))
        except NotPossible as error:
            return not_now(request, booking, str(error))
        return redirect("learning:my_certificate", pk)
    found = issued(booking)
    if found is None:
        return redirect("learning:my_booking", pk)
    reveal(request, [booking], "배움터 수료증", Action.PRINT)
    context = {
        "booking": booking,
        "certificate": found,
        "name": booking.learner.name,
        "hours": minutes_words(found.minutes),
        "city": settings.CITY_NAME,
    }
    return render(request, "learning/citizen/certificate.html", context)


def issued(booking: Booking) -> Certificate | None:
    """That of the session, or of its series as a whole."""
    theirs = Certificate.objects.filter(learner=booking.learner_id).select_related("course")
    if booking.session.series_id and (whole := theirs.filter(series=booking.session.series_id).first()):
        return whole
    return theirs.filter(session=booking.session_id).first()


def minutes_words(minutes: int) -> str:
    """2시간, 1시간 30분, 50분"""
    hours, rest = divmod(minutes, 60)
    return " ".join(filter(None, (f"{hours}시간" if hours else "", f"{rest}분" if rest else "")))
