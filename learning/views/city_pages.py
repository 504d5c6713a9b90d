"""통계 and the yearly report, for the city's officer: every number, and nobody's row."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from privacy.small_numbers import FEW, HIDDEN, suppressed

from .. import open_data
from ..figures import Figures, of_year, years
from ..roles import is_officer
from ..staff_menu import menu

if TYPE_CHECKING:
    from ..actors import SignedIn

#: Years side by side.
TREND = 3
#: Seconds that a year's figures are kept, whoever asks. Sums only, of nobody.
KEPT = 300


def for_the_officer(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """403 for everybody but the city's officer for 디지털배움터."""

    @never_cache
    @require_GET
    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_officer(request.user):
            raise PermissionDenied("이 화면은 시청 디지털배움터 담당만 봅니다.")
        return view(cast("SignedIn", request), *args, **kwargs)

    return asked


def _of(year: int) -> Figures:
    key = f"learning-figures:{year}:{timezone.localdate()}"
    found = cache.get(key)
    if found is None:
        found = of_year(year)
        cache.set(key, found, KEPT)
    return found


@for_the_officer
def figures(request: "SignedIn") -> HttpResponse:
    """?year=, beside it the years before."""
    known = years()
    asked = request.GET.get("year", "")
    year = int(asked) if asked in map(str, known) else known[0]
    trend = [(one, _of(one)) for one in [n for n in known if n <= year][:TREND]]
    context = {
        "menu": menu(request.user, "city_figures"),
        "year": year,
        "years": known,
        "figures": trend[0][1],
        "trend": trend,
    }
    return render(request, "learning/city/figures.html", context)


@for_the_officer
def report(request: "SignedIn", year: int) -> HttpResponse:
    """To be printed and handed on, so small numbers are hidden in it as in the open data."""
    if year not in years():
        raise Http404
    found = _of(year)
    people = {
        "배움터 수업 신청(자리를 받은 분)": found.all.booked,
        "배움터 수업 출석": found.all.came,
        "찾아가는 수업에 오신 분": found.all.visited,
        "체험존에 오신 분": found.zone_people,
    }
    context = {
        "menu": menu(request.user, "city_figures"),
        "year": year,
        "figures": found,
        "people": {label: n if n >= FEW else None for label, n in people.items()},
        "waiting": suppressed(found.waiting),
        "tables": open_data.tables(year),
        "is_over": year < timezone.localdate().year,
        "today": timezone.localdate(),
        "few": FEW,
        "hidden": HIDDEN,
    }
    return render(request, "learning/city/report.html", context)
