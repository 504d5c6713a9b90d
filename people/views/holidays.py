"""공휴일: what the list says of the next year, and the city's own word on a day. For the city only: whoever is
responsible there for broadcasts, which leave holidays out, or for repairs, whose deadlines do not count them."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from ..holiday_forms import FURTHEST, HolidayForm
from ..holidays import as_listed, decide_on_day, holidays_between, overrides_between
from ..models import RoleGrant, User

SHOWN = timedelta(days=400)
CITY_ONLY = "공휴일은 시청 담당만 고칩니다."


def _city(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User) or not (
        user.is_city_operator or user.has_role(RoleGrant.Role.REPAIR_OFFICER)
    ):
        raise PermissionDenied(CITY_ONLY)
    return user


@never_cache
@require_http_methods(["GET", "POST"])
def holidays(request: HttpRequest) -> HttpResponse:
    by = _city(request)
    form = HolidayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        decide_on_day(said["date"], said["name"], is_holiday=said["is_holiday"], by=by)
        day = f"{said['date'].month}월 {said['date'].day}일"
        messages.success(request, f"{day}을 고쳤습니다. 예약 방송과 무상수리 방문 기한은 곧 따라 바뀝니다.")
        return redirect("people:holidays")
    today = timezone.localdate()
    context = {
        "form": form,
        "holidays": holidays_between(today, today + SHOWN),
        "decided": overrides_between(today, today + FURTHEST),
    }
    return render(request, "people/holidays.html", context, status=422 if form.errors else 200)


@require_POST
def back(request: HttpRequest) -> HttpResponse:
    """The city takes its word on a day back."""
    _city(request)
    try:
        day = parse_date(request.POST.get("date", ""))
    except ValueError:  # well written, and no day: 2026-02-31
        day = None
    if day:
        as_listed(day)
        messages.success(request, "정한 것을 거두었습니다. 이제 공휴일 목록대로 합니다.")
    return redirect("people:holidays")
