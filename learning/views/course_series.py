"""매주 여는 수업: asked for, looked at day by day, and only then made."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from .. import planning
from ..booking_states import NotPossible
from ..course_forms import SeriesForm
from ..models import Course
from .course_pages import for_the_coordinator
from .desk_pages import shown

if TYPE_CHECKING:
    from ..actors import SignedIn


@for_the_coordinator
@require_http_methods(["GET", "POST"])
def new(request: "SignedIn", pk: int) -> HttpResponse:
    """do=look shows the dates; do=make makes them, and shows the dates again if something is in the way."""
    course, status = get_object_or_404(Course, pk=pk), 200
    usual = {"capacity": course.seats, "opens_on": timezone.localdate()}
    form = SeriesForm(request.POST if request.method == "POST" else None, initial=usual)
    days: list[planning.Day] = []
    if request.method == "POST":
        status = 422
        if form.is_valid():
            status, series = 200, form.series(course, request.user)
            if request.POST.get("do") == "make":
                try:
                    made = planning.make(series, form.opens_at, form.cleaned_data["closes_hours"])
                except NotPossible as error:
                    form.add_error(None, str(error))
                    status = 409
                else:
                    messages.success(request, f"{made}번의 수업을 열었습니다.")
                    return redirect("learning:course", pk)
            days = planning.preview(series)
    held = [each for each in days if not each.holiday]
    context = {
        "course": course,
        "form": form,
        "days": days,
        "held": len(held),
        "clashes": sum(bool(each.clash) for each in held),
    }
    return shown(request, "series_form", "courses", context, status)
