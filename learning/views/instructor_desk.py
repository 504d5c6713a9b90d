"""Instructors: who they are and what they teach (coordinator); hours and days off (themselves too)."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from privacy.access import reveal

from .. import instructors as deeds
from ..actors import staff
from ..booking_states import NotPossible
from ..instructors_forms import AppointForm, DayOffForm, HoursForm, InstructorForm, instructor_initial
from ..models import Instructor
from ..visits_history import instructor as acts_as
from .visit_pages import for_coordinator, for_instructors, own_instructor, shown

if TYPE_CHECKING:
    from ..actors import Actor, SignedIn


@for_coordinator
@require_http_methods(["GET", "POST"])
def everybody(request: "SignedIn") -> HttpResponse:
    """Whoever is one, and making an account one."""
    form = AppointForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = deeds.appoint(data["username"], data["home"], data["reason"], staff(request))
        except NotPossible as error:
            form.add_error("username", str(error))
        else:
            messages.success(request, "강사로 정했습니다. 가르치는 것을 적어 주세요.")
            return redirect("learning:instructor", made.pk)
    rows = Instructor.objects.select_related("user", "home").defer("home__boundary")
    rows = rows.prefetch_related("skills", "availability").order_by("-is_active", "user__username")
    listed = reveal(request, rows, "강사 목록")
    return shown(
        request, "instructors", "instructors", {"rows": listed, "form": form}, 422 if form.errors else 200
    )


@for_coordinator
@require_http_methods(["GET", "POST"])
def one(request: "SignedIn", pk: int) -> HttpResponse:
    """What they teach, as what, and whether still; their hours. POST of `what`: hours or day_off, as themselves."""
    found = get_object_or_404(
        Instructor.objects.select_related("user", "home").defer("home__boundary"), pk=pk
    )
    if request.method == "POST" and request.POST.get("what"):
        return _times(request, found, staff(request), "learning:instructor", pk)
    form = InstructorForm(
        request.POST if request.method == "POST" else None, initial=instructor_initial(found)
    )
    if request.method == "POST" and form.is_valid():
        names = ("home", "may_lead", "may_assist", "is_active")
        given: dict[str, Any] = {name: form.cleaned_data[name] for name in names}
        deeds.keep(found, staff(request), **given, skills=form.skills())
        messages.success(request, "고쳤습니다.")
        return redirect("learning:instructor", pk)
    return _one_page(request, found, form)


def _one_page(request: "SignedIn", found: Instructor, form: InstructorForm, **more: Any) -> HttpResponse:
    reveal(request, [found], "강사 한 명")
    context = {"instructor": found, "form": form, **_times_context(found), **more}
    return shown(request, "instructor", "instructors", context, 422 if form.errors or more else 200)


@for_instructors
@require_http_methods(["GET", "POST"])
def own_times(request: "SignedIn") -> HttpResponse:
    """An instructor's own hours and days off."""
    found = own_instructor(request)
    if request.method == "POST":
        return _times(request, found, acts_as(request), "learning:teach_times")
    return shown(request, "teach_times", "teach_times", {"instructor": found, **_times_context(found)})


def _times_context(found: Instructor) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "hours": list(found.availability.all()),
        "days_off": list(found.days_off.filter(until_on__gte=today)),
        "hours_form": HoursForm(auto_id="hours_%s"),
        "off_form": DayOffForm(auto_id="off_%s"),
    }


def _times(request: "SignedIn", found: Instructor, by: "Actor", back: str, *args: int) -> HttpResponse:
    """`what`: hours, hours_gone, day_off, day_off_gone."""
    what, gone = request.POST.get("what"), request.POST.get("pk", "")
    hours = HoursForm(request.POST if what == "hours" else None, auto_id="hours_%s")
    off = DayOffForm(request.POST if what == "day_off" else None, auto_id="off_%s")
    if what == "hours" and hours.is_valid():
        for weekday in hours.cleaned_data["weekdays"]:
            deeds.add_hours(found, weekday, hours.cleaned_data["starts"], hours.cleaned_data["ends"], by)
        messages.success(request, "가능한 시간을 더했습니다.")
    elif what == "day_off" and off.is_valid():
        data = off.cleaned_data
        taught = deeds.add_day_off(found, data["first"], data["last"], data["words"], by)
        messages.success(request, "쉬는 날을 적었습니다.")
        if taught:
            said = f"그 사이에 맡은 수업이 {len(taught)}건 있습니다. 못 가시면 내 수업에서 ‘못 갑니다’를 눌러 주세요."
            messages.warning(request, said)
    elif what == "hours_gone" and gone.isdecimal():
        deeds.remove_hours(found, int(gone), by)
        messages.success(request, "가능한 시간에서 뺐습니다.")
    elif what == "day_off_gone" and gone.isdecimal():
        deeds.remove_day_off(found, int(gone), by)
        messages.success(request, "쉬는 날에서 뺐습니다.")
    else:
        forms = {"hours_form": hours, "off_form": off, "bad": hours if what == "hours" else off}
        if back == "learning:instructor":
            return _one_page(request, found, InstructorForm(initial=instructor_initial(found)), **forms)
        context = {"instructor": found, **_times_context(found), **forms}
        return shown(request, "teach_times", "teach_times", context, 422)
    return redirect(back, *args)
