"""통계 of a year, for the city's officer: small numbers too, but nobody's row."""

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from ..figures import of_year
from .city_pages import chosen, for_the_officer, shown, years

if TYPE_CHECKING:
    from ..actors import SignedIn

#: Years side by side.
TREND = 3


@require_GET
@for_the_officer
def figures(request: "SignedIn") -> HttpResponse:
    """?year=, beside it the years before."""
    known = years()
    programme = chosen(request, known, timezone.localdate().year)
    if programme is None:
        return shown(request, "city_figures", "figures", {"programme": None})
    trend = [(one, of_year(one.year)) for one in known if one.year <= programme.year][:TREND]
    context = {"programme": programme, "years": known, "figures": trend[0][1], "trend": trend}
    return shown(request, "city_figures", "figures", context)
