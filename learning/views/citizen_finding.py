"""디지털배움터 for everybody: what there is, where and when, and whether a seat is left. Nobody signs in for it."""

from calendar import Calendar
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from people.holidays import holidays_between

from .. import calendar_files, finding, staff_menu
from ..citizen_forms import FindForm
from ..models import Session
from ..session_words import condition_words, hour_words, seats, terms_of, when_words
from ..topics import Topic
from .remembered import district_of, remember_district

#: Classes a page of the list, and in a day of the month before "and more".
PAGE, IN_A_DAY = 20, 4
#: So many classes a feed carries, the next first.
IN_A_FEED = 500
WEEKDAYS = "일월화수목금토"


@login_not_required
@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    work = staff_menu.menu(request.user, "") if request.user.is_authenticated else []
    context = {"topics": Topic.choices, "work": work[0][0] if work else ""}
    return render(request, "learning/citizen/landing.html", context)


def _find_form(request: HttpRequest) -> tuple[FindForm, list[finding.Place]]:
    """What is asked for. The district of last time counts until another one, or none, is chosen."""
    asked = request.GET.copy()
    if "district" not in asked:
        asked["district"] = district_of(request)
    known = finding.places()
    form = FindForm(asked, known=known)
    if not form.is_valid() and "district" in form.errors and "district" not in request.GET:
        del form.errors["district"]  # one that was remembered and is there no more
    return form, known


def _address(name: str, form: FindForm, **more: str) -> str:
    """The page of that name with the filters that are on."""
    wanted = {key: str(value) for key, value in form.wanted().items() if value} | more
    return reverse(name) + (f"?{urlencode(wanted)}" if wanted else "")


@login_not_required
@never_cache
@require_safe
def classes(request: HttpRequest) -> HttpResponse:
    """The list, the next first, or the nearest first for whoever chose their district."""
    form, known = _find_form(request)
    found = finding.to_come(form.wanted())
    home = form.districts.get(form.cleaned_data.get("district") or "")
    metres: dict[int, float] = {}
    if home:
        found = finding.nearest_first(found, home["lat"], home["lon"], known)
        metres = {place.pk: place.metres_from(home["lat"], home["lon"]) for place in known}
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    now = timezone.now()
    rows = [
        (session, when_words(session), seats(session, now), _km(metres.get(session.room.centre_id)))
        for session in page
    ]
    keep = _address("learning:classes", form, page="").partition("?")[2]
    context = {
        "form": form,
        "rows": rows,
        "page": page,
        "keep": keep,
        "home": home["name"] if home else "",
        "asked": ", ".join(form.chosen()),
        "calendar": _address("learning:calendar", form),
    }
    response = render(request, "learning/citizen/classes.html", context, status=422 if form.errors else 200)
    if "district" in request.GET and "district" not in form.errors:
        remember_district(response, request.GET["district"])
    return response


def _km(metres: float | None) -> str:
    """Straight, so "about"."""
    if metres is None:
        return ""
    return "1km 안" if metres < 1000 else f"약 {metres / 1000:.0f}km"


@login_not_required
@never_cache
@require_safe
def one_class(request: HttpRequest, pk: int) -> HttpResponse:
    """All that somebody needs to decide and to find the way. Also of one that is over or called off."""
    session = get_object_or_404(
        Session.objects.for_booking().select_related("series", "room__centre__district").with_seats(), pk=pk
    )
    whole = session.series is not None and session.series.as_one
    others = []
    if session.series:
        siblings = session.series.sessions.for_public().with_seats().exclude(pk=session.pk)
        others = [(each, when_words(each), seats(each, timezone.now())) for each in siblings[:60]]
    context = {
        "session": session,
        "when": when_words(session),
        "seats": seats(session, timezone.now()),
        "conditions": condition_words(terms_of(session)),
        "whole": whole,
        "others": others,
    }
    return render(request, "learning/citizen/class.html", context)


def _month(request: HttpRequest, wanted: finding.Wanted) -> tuple[date, str]:
    """The first day of the month that is asked for, and what is wrong with what was asked. Nothing asked: the month
    of the next class."""
    today = timezone.localdate().replace(day=1)
    asked = request.GET.get("month", "")
    if not asked:
        found = finding.matching(Session.objects.for_public(), wanted).values_list("starts_at", flat=True)
        next_one = found.first()
        return timezone.localdate(next_one).replace(day=1) if next_one else today, ""
    try:
        first = date.fromisoformat(f"{asked}-01")
    except ValueError:
        return today, "달을 2026-01처럼 적어 주세요. 이번 달을 보여 드립니다."
    if not -40 < (first - today).days <= finding.FURTHEST.days:
        return today, "지난달부터 1년 뒤까지 보실 수 있습니다. 이번 달을 보여 드립니다."
    return first, ""


@login_not_required
@never_cache
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """A month: a table on a wide screen, the days that have a class on a phone."""
    form, _ = _find_form(request)
    wanted: finding.Wanted = {**form.wanted(), "day": None}
    first, wrong = _month(request, wanted)
    after = (first + timedelta(days=32)).replace(day=1)
    last = after - timedelta(days=1)
    begin, end = finding.day_range(first, last)
    found = finding.matching(Session.objects.filter(starts_at__gte=begin, starts_at__lt=end), wanted)
    found = found.exclude(state=Session.State.CANCELLED).with_seats().select_related("course", "room__centre")
    by_day: dict[date, list[Any]] = {}
    now = timezone.now()
    for session in found:
        starts = timezone.localtime(session.starts_at)
        by_day.setdefault(starts.date(), []).append((session, hour_words(starts), seats(session, now)))
    free = holidays_between(first, last)
    today = timezone.localdate()
    weeks = [
        [_day(day, first, by_day.get(day, []), free.get(day, ""), today) for day in week]
        for week in Calendar(firstweekday=6).monthdatescalendar(first.year, first.month)
    ]
    before = (first - timedelta(days=1)).replace(day=1)

    def month(of: date) -> str:
        return _address("learning:calendar", form, month=f"{of:%Y-%m}")

    context = {
        "form": form,
        "wrong": wrong,
        "first": first,
        "weeks": weeks,
        "weekdays": WEEKDAYS,
        "any": bool(by_day),
        "before": month(before)
        if before >= (today.replace(day=1) - timedelta(days=1)).replace(day=1)
        else "",
        "after": month(after) if (after - today).days <= finding.FURTHEST.days else "",
        "list": _address("learning:classes", form),
        "feed": _feed_address(request, form),
    }
    return render(
        request, "learning/citizen/calendar.html", context, status=422 if wrong or form.errors else 200
    )


def _day(day: date, first: date, rows: list[Any], holiday: str, today: date) -> dict[str, Any]:
    if day.month != first.month:
        return {}
    more = len(rows) - IN_A_DAY if len(rows) > IN_A_DAY + 1 else 0
    return {
        "date": day,
        "rows": rows[:IN_A_DAY] if more else rows,
        "more": more,
        "holiday": holiday,
        "today": day == today,
        "over": day < today,
    }


def _feed_address(request: HttpRequest, form: FindForm) -> str:
    """With the host, for a calendar that fetches it."""
    wanted = {name: value for name, value in form.wanted().items() if value and name in ("topic", "centre")}
    return request.build_absolute_uri(reverse("learning:feed") + (f"?{urlencode(wanted)}" if wanted else ""))


@login_not_required
@cache_control(public=True, max_age=900)
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The public classes as a calendar to subscribe to: ?topic= and ?centre=, both optional. No personal data."""
    form = FindForm({name: request.GET.get(name, "") for name in ("topic", "centre")}, known=finding.places())
    if not form.is_valid():
        words = "그런 주제나 배움터가 없습니다. 달력 화면에서 주소를 다시 받아 주세요."
        return HttpResponse(words, status=404, content_type="text/plain; charset=utf-8")
    wanted = form.wanted()
    sessions = finding.matching(Session.objects.upcoming(), wanted).select_related("course", "room__centre")
    named = [Topic(wanted["topic"]).label] if wanted["topic"] else []
    named += [dict(form.fields["centre"].choices)[wanted["centre"]]] if wanted["centre"] else []  # type: ignore[attr-defined]
    name = " ".join(["진주 디지털배움터", *named])
    body = calendar_files.of_sessions(name, sessions[:IN_A_FEED], timezone.now())
    return HttpResponse(body, content_type="text/calendar; charset=utf-8")
