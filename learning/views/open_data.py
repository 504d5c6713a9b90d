"""열린 자료, for everybody: classes and attendance of ended years, without anything that leads to a person."""

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from privacy.small_numbers import FEW, HIDDEN

from .. import open_data as data

#: Seconds that an ended year's file is kept: anybody may press "새로 고침".
KEPT = 3600


@login_not_required
@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    years = cache.get_or_set("learning-open-data:years", data.years, KEPT)
    context = {"years": years, "few": FEW, "hidden": HIDDEN, "columns": data.COLUMNS}
    return render(request, "learning/city/open_data.html", context)


@login_not_required
@require_safe
def tables_csv(request: HttpRequest, year: int) -> HttpResponse:
    if year not in data.years():
        raise Http404
    text = cache.get_or_set(f"learning-open-data:{year}", lambda: data.tables_csv(year), KEPT)
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="jinju-learning-{year}.csv"'
    patch_cache_control(response, public=True, max_age=KEPT)
    return response
