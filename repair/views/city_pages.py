"""What the pages of the city's officer have in common: who may open them, and how one is shown."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from privacy.one_query import Rows, point, read

from ..actors import is_clerk, is_officer
from ..models import Contractor, Programme
from .addresses import menu

if TYPE_CHECKING:
    from ..actors import SignedIn

View = Callable[..., HttpResponse]
#: Years that can be looked back to from a page's list of years.
YEARS = 10


def for_the_officer(view: View) -> View:
    """403 for everybody but the city's officer for repairs. Never kept by a browser."""

    @never_cache
    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_officer(request.user):
            raise PermissionDenied("이 화면은 시청 무상수리 담당만 봅니다.")
        return view(cast("SignedIn", request), *args, **kwargs)

    return asked


def shown(
    request: HttpRequest, template: str, here: str, context: dict[str, Any], *, refused: bool = False
) -> HttpResponse:
    """The page, with the menu of staff; 422 if what was sent was `refused`."""
    context = {"here": here, "officer": True, "clerk": is_clerk(request.user), "menu": menu(), **context}
    return render(request, f"repair/{template}.html", context, status=422 if refused else 200)


def years() -> list[Programme]:
    """The newest first, with their contractor. One query."""
    known, contractors = read(Rows(Programme, "TRUE", [], most=YEARS), Rows(Contractor, "TRUE", []))
    point(known, "contractor", contractors)
    return known


def chosen(request: HttpRequest, known: list[Programme], today_year: int) -> Programme | None:
    """?year=, or else the year of today, or else the newest; None if there is none at all."""
    asked = request.GET.get("year", "")
    for wanted in (asked, str(today_year)):
        for programme in known:
            if str(programme.year) == wanted:
                return programme
    return known[0] if known else None
