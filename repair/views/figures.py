"""통계 of a year, for the city's officer: small numbers too, but nobody's row."""

from typing import TYPE_CHECKING

from django.core.cache import cache
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from ..figures import Figures, of_year
from ..models import Programme
from .city_pages import chosen, for_the_officer, shown, years

if TYPE_CHECKING:
    from ..actors import SignedIn

#: Years side by side.
TREND = 3
#: Seconds that a year's figures are kept, whoever asks: each group has to be opened. Sums only, of nobody.
KEPT = 300


def _of_years(years: list[Programme]) -> list[tuple[Programme, Figures]]:
    today = timezone.localdate()
    keys = {one.year: f"repair-figures:{one.year}:{today}" for one in years}
    found = cache.get_many(keys.values())
    for one in years:
        if keys[one.year] not in found:
            found[keys[one.year]] = of_year(one.year)
            cache.set(keys[one.year], found[keys[one.year]], KEPT)
    return [(one, found[keys[one.year]]) for one in years]


@require_GET
@for_the_officer
def figures(request: "SignedIn") -> HttpResponse:
    """?year=, beside it the years before."""
    known = years()
    programme = chosen(request, known, timezone.localdate().year)
    if programme is None:
        return shown(request, "city_figures", "figures", {"programme": None})
    trend = _of_years([one for one in known if one.year <= programme.year][:TREND])
    context = {"programme": programme, "years": known, "figures": trend[0][1], "trend": trend}
    return shown(request, "city_figures", "figures", context)
