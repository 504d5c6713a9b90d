"""How well broadcasts arrive, for everybody: a table a month, by 읍면동 and village, and the same as CSV."""

import csv
from collections.abc import Callable
from datetime import date, timedelta

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from ..performance import Figures, districts, months, villages
from .open_pages import open_page

#: Months that can be looked back to.
MONTHS = 13
#: Seconds that figures and answers are kept.
KEPT = 300
COLUMNS = [
    "읍면동",
    "마을",
    "방송",
    "스피커로 보냄",
    "10초 안에 시작",
    "끝까지 방송",
    "모름",
    "못 나감",
    "나가는 중",
]


def _months() -> list[Figures]:
    since = timezone.localdate()
    for _ in range(MONTHS - 1):
        since = since.replace(day=1) - timedelta(days=1)
    return _kept(f"months:{since}", lambda: months(since))


def _kept(name: str, count: Callable[[], list[Figures]]) -> list[Figures]:
    """Counted once in a while: a year of rows takes seconds, and anybody may press "새로 고침"."""
    found = cache.get(f"performance:{name}")
    if found is None:
        found = count()
        cache.set(f"performance:{name}", found, KEPT)
    return list(found)


def _month(request: HttpRequest, known: list[Figures]) -> date | None:
    """?month=2026-01, or else the newest. Raises Http404 for one that there is not."""
    wanted = request.GET.get("month", "")
    if not wanted:
        return date.fromisoformat(known[0].key) if known else None
    if f"{wanted}-01" not in {row.key for row in known}:
        raise Http404
    return date.fromisoformat(f"{wanted}-01")


def _villages(month: date, district: str = "") -> list[Figures]:
    return _kept(f"villages:{month}:{district}", lambda: villages(month, district))


@open_page(KEPT)
def performance(request: HttpRequest) -> HttpResponse:
    known = _months()
    month = _month(request, known)
    places = _kept(f"districts:{month}", lambda: districts(month)) if month else []
    district = request.GET.get("district", "")
    chosen = next((row for row in places if row.key == district), None)
    context = {
        "months": known,
        "month": month,
        "total": next((row for row in known if month and row.key == month.isoformat()), None),
        "districts": places,
        "chosen": chosen,
        "not_there": bool(district and not chosen),
        "rows": _villages(month, district) if month and chosen else places,
    }
    return render(request, "broadcast/performance.html", context)


@open_page(KEPT)
def performance_csv(request: HttpRequest) -> HttpResponse:
    """Every village of a month. With a byte order mark, or Excel shows no Korean."""
    month = _month(request, _months())
    if month is None:
        raise Http404
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="broadcast-{month:%Y-%m}.csv"'
    out = csv.writer(response)
    out.writerow(COLUMNS)
    for row in _villages(month):
        sent = (row.broadcasts, row.deliveries, row.in_time, row.delivered, row.unknown, row.lost, row.going)
        out.writerow([row.key, row.name, *sent])
    return response
