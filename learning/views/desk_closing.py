"""What happens to a class as a whole: no more bookings, called off (asked twice), more seats or fewer."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from people.outbox import words

from .. import closing
from ..actors import staff
from ..booking_states import LIVE, NotPossible
from ..desk_forms import CallOffForm, CloseForm, SeatsForm
from ..models import Booking, Session
from ..notices import facts
from .desk_pages import for_the_desk, own_session, shown

if TYPE_CHECKING:
    from ..actors import SignedIn


def _is_off(request: "SignedIn", found: Session) -> bool:
    """Nothing more is to be done with it, which is said."""
    if found.state == Session.State.CANCELLED:
        messages.warning(request, "이미 휴강한 수업입니다.")
        return True
    return False


@for_the_desk
@require_http_methods(["GET", "POST"])
def close(request: "SignedIn", pk: int) -> HttpResponse:
    """No more bookings, or (of one that is closed) bookings again. The class itself takes place."""
    found, status = own_session(request, pk), 200
    if _is_off(request, found):
        return redirect("learning:desk_session", pk)
    reopens = found.state == Session.State.CLOSED
    form = CloseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                if reopens:
                    closing.reopen(found.pk, staff(request))
                else:
                    closing.close(found.pk, staff(request), form.cleaned_data["why"])
            except NotPossible as error:
                form.add_error(None, str(error))
                status = 409
            else:
                messages.success(
                    request, "다시 신청을 받습니다." if reopens else "이제 신청을 받지 않습니다."
                )
                return redirect("learning:desk_session", pk)
    return shown(request, "close", "desk", {"session": found, "form": form, "reopens": reopens}, status)


@for_the_desk
@require_http_methods(["GET", "POST"])
def call_off(request: "SignedIn", pk: int) -> HttpResponse:
    """휴강. First the reason; then, with the words that go out and to how many, whether it is really meant."""
    found, status = own_session(request, pk), 200
    if _is_off(request, found):
        return redirect("learning:desk_session", pk)
    form = CallOffForm(request.POST if request.method == "POST" else None)
    sure = False
    if request.method == "POST":
        status = 422
        if form.is_valid():
            status, sure = 200, True
            if form.cleaned_data["sure"]:
                try:
                    told = closing.call_off(found.pk, staff(request), form.cleaned_data["why"])
                except NotPossible as error:
                    form.add_error(None, str(error))
                    status, sure = 409, False
                else:
                    said = f" 신청하신 {told}명에게 알립니다." if told else ""
                    messages.success(request, f"휴강으로 바꿨습니다.{said}")
                    return redirect("learning:desk_session", pk)
    context = {
        "session": found,
        "form": form,
        "sure": sure,
        "told": Booking.objects.filter(session=found, state__in=LIVE).count(),
        "words": words("learning_called_off", facts(found) | {"why": form.cleaned_data["why"]})
        if sure
        else "",
    }
    return shown(request, "call_off", "desk", context, status)


@for_the_desk
@require_http_methods(["GET", "POST"])
def seats(request: "SignedIn", pk: int) -> HttpResponse:
    """More seats go to those who wait; never fewer than are taken."""
    found, status = own_session(request, pk), 200
    if _is_off(request, found):
        return redirect("learning:desk_session", pk)
    form = SeatsForm(request.POST if request.method == "POST" else None, initial={"seats": found.capacity})
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                closing.change_capacity(found.pk, form.cleaned_data["seats"], staff(request))
            except NotPossible as error:
                form.add_error("seats", str(error))
                status = 409
            else:
                messages.success(request, f"정원을 {form.cleaned_data['seats']}명으로 바꿨습니다.")
                return redirect("learning:desk_session", pk)
    return shown(request, "seats", "desk", {"session": found, "form": form}, status)
