"""What somebody does with their booking: answers an offer, cancels, moves to another day."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from people.by_phone import Phone
from privacy.access import reveal

from .. import booking as deeds
from .. import waiting
from ..actors import citizen
from ..booking_states import NotPossible
from ..citizen_booking import cancel_with_rest, rest_of_series
from ..citizen_forms import CancelForm, MoveForm
from ..models import Booking, Session
from ..refusals import check_conditions
from ..session_words import seats, when_words
from .by_phone import by_phone
from .citizen_mine import one_of
from .citizen_pages import not_now

#: Other days that are offered to whoever moves.
OTHER_DAYS = 20


@by_phone
@require_POST
def answer(request: HttpRequest, phone: Phone, pk: uuid.UUID) -> HttpResponse:
    """To an offer, in one tap: `answer` is take or decline."""
    booking = one_of(phone, pk)
    said = request.POST.get("answer")
    try:
        if said == "take":
            waiting.take(pk, citizen(request))
            messages.success(request, "오시기로 했습니다. 자리를 잡았습니다.")
        elif said == "decline":
            waiting.decline(pk, citizen(request))
            messages.success(request, "알려 주셔서 고맙습니다. 자리는 다음 분께 드립니다.")
        else:
            return not_now(request, booking, "‘가겠습니다’와 ‘안 갑니다’ 가운데 하나를 눌러 주세요.")
    except NotPossible as error:
        return not_now(request, booking, str(error))
    return redirect("learning:my_booking", pk)


def _may_change(booking: Booking) -> str:
    """Why it can be neither cancelled nor moved any more; "" if it can."""
    if not booking.is_live:
        return "이미 끝난 신청입니다. ‘내 신청’에서 지금 상태를 보실 수 있습니다."
    if booking.session.starts_at <= timezone.now():
        return "이미 시작한 수업은 취소하거나 옮길 수 없습니다."
    return ""


@by_phone
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, phone: Phone, pk: uuid.UUID) -> HttpResponse:
    """This day, or all that is left of the series."""
    booking = one_of(phone, pk)
    if why_not := _may_change(booking):
        return not_now(request, booking, why_not)
    left = len(rest_of_series(booking, phone.index))
    form = CancelForm(request.POST if request.method == "POST" else None, left=left)
    if request.method == "GET" or not form.is_valid():
        reveal(request, [booking], "배움터 내 신청: 취소")
        page = {"booking": booking, "when": when_words(booking.session), "form": form}
        return render(request, "learning/citizen/cancel.html", page, status=422 if form.errors else 200)
    why = form.cleaned_data["why"]
    try:
        if form.takes_all:
            count = cancel_with_rest(booking, citizen(request), why, phone.index)
            messages.success(request, f"신청 {count}건을 취소했습니다.")
        else:
            deeds.cancel(pk, citizen(request), why)
            messages.success(request, "신청을 취소했습니다. 자리는 기다리는 분께 드립니다.")
    except NotPossible as error:
        return not_now(request, booking, str(error))
    return redirect("learning:mine")


@by_phone
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, phone: Phone, pk: uuid.UUID) -> HttpResponse:
    """To another day of the same course, with a seat that nobody waits for."""
    booking = one_of(phone, pk)
    if why_not := _may_change(booking):
        return not_now(request, booking, why_not)
    now = timezone.now()
    other_days = (
        Session.objects.for_public()
        .for_booking()
        .with_seats()
        .filter(course=booking.session.course_id, state=Session.State.OPEN)
        .filter(opens_at__lte=now, closes_at__gt=now, seats_left__gt=0, waiting=0)  # type: ignore[misc]
        .exclude(pk=booking.session_id)
    )
    free = {
        str(each.pk): (each, f"{when_words(each)}, {each.room.centre.name} ({seats(each, now).words})")
        for each in other_days[:OTHER_DAYS]
    }
    form = MoveForm(request.POST if request.method == "POST" else None, free=list(free.values()))
    if request.method == "POST" and form.is_valid():
        to = free[form.cleaned_data["to"]][0]
        try:
            learner = booking.learner
            year = int(learner.birth_year) if learner.birth_year else None
            check_conditions(to, learner.name, learner.phone, year)
            moved = deeds.move(pk, to.pk, citizen(request))
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "다른 날로 옮겼습니다.")
            return redirect("learning:my_booking", moved.pk)
    reveal(request, [booking], "배움터 내 신청: 옮기기")
    page = {"booking": booking, "when": when_words(booking.session), "form": form, "any": bool(free)}
    return render(request, "learning/citizen/move.html", page, status=422 if form.errors else 200)
