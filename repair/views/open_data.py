"""열린 자료, for everybody: what was repaired in ended years, without anything that leads to a person."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from privacy.small_numbers import FEW, HIDDEN

from .. import open_data as data

#: Seconds that an ended year's figures are kept: anybody may press "새로 고침", and each group has to be opened.
KEPT = 3600


def _open(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @login_not_required
    @require_safe
    @wraps(view)
    def asked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        return view(request, *args, **kwargs)

    return asked


def _kept(name: str, made: Callable[[], object]) -> object:
    found = cache.get(f"repair-open-data:{name}")
    if found is None:
        found = made()
        cache.set(f"repair-open-data:{name}", found, KEPT)
    return found


@_open
def open_data(request: HttpRequest) -> HttpResponse:
    years = _kept("years", data.years)
    context = {
        "years": years,
        "few": FEW,
        "hidden": HIDDEN,
        "table_columns": data.TABLE_COLUMNS,
        "device_columns": data.DEVICE_COLUMNS,
    }
    return render(request, "repair/open_data.html", context)


@_open
def tables_csv(request: HttpRequest, year: int) -> HttpResponse:
    return _csv(year, "tables", data.tables_csv)


@_open
def devices_csv(request: HttpRequest, year: int) -> HttpResponse:
    return _csv(year, "devices", data.devices_csv)


def _csv(year: int, name: str, made: Callable[[int], str]) -> HttpResponse:
    if year not in data.years():
        raise Http404
    response = HttpResponse(
        _kept(f"{name}:{year}", lambda: made(year)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="jinju-repair-{year}-{name}.csv"'
    patch_cache_control(response, public=True, max_age=KEPT)
    return response
