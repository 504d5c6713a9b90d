"""One class: opening it, and giving it another time or room."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from .. import sessions
from ..actors import staff
from ..booking_states import LIVE, NotPossible
from ..course_forms import ChangeForm, SessionForm, of_session
from ..models import Booking, Course
from .course_pages import for_the_coordinator
from .desk_pages import own_session, shown

if TYPE_CHECKING:
    from ..actors import SignedIn


@for_the_coordinator
@require_http_methods(["GET", "POST"])
def new(request: "SignedIn", pk: int) -> HttpResponse:
    course, status = get_object_or_404(Course, pk=pk), 200
    usual = {"minutes": course.minutes, "capacity": course.seats, "opens_on": timezone.localdate()}
    form = SessionForm(request.POST if request.method == "POST" else None, initial=usual)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                made = sessions.make(
                    *(course, given["room"], form.starts_at, given["minutes"], given["capacity"]),
                    *(form.opens_at, given["closes_hours"]),
                )
            except NotPossible as error:
                form.add_error(None, str(error))
                status = 409
            else:
                messages.success(request, "수업을 열었습니다.")
                return redirect("learning:desk_session", made.pk)
    return shown(request, "session_form", "courses", {"course": course, "form": form}, status)


@for_the_coordinator
@require_http_methods(["GET", "POST"])
def change(request: "SignedIn", pk: int) -> HttpResponse:
    """Whoever is booked is told of another time or room, with the reason."""
    found, status = own_session(request, pk), 200
    form = ChangeForm(request.POST if request.method == "POST" else None, initial=of_session(found))
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                told = sessions.change(
                    found.pk,
                    staff(request),
                    starts_at=form.starts_at,
                    opens_at=form.opens_at,
                    **{name: given[name] for name in ("room", "minutes", "closes_hours", "why")},
                )
            except NotPossible as error:
                form.add_error(None, str(error))
                status = 409
            else:
                said = f"바꿨습니다. 신청하신 {told}명에게 알립니다." if told else "바꿨습니다."
                messages.success(request, said)
                return redirect("learning:desk_session", pk)
    told = Booking.objects.filter(session=found, state__in=LIVE).count()
    return shown(request, "session_change", "courses", {"session": found, "form": form, "told": told}, status)
