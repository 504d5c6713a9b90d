"""월 정산: what contractors are to be paid, month by month, and the file for the accounts."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from privacy.access import Action, reveal

from .. import settlements as deeds
from ..actors import staff
from ..city_forms import DownloadForm, SettleForm
from ..models import Case, Settlement
from ..states import NotPossible
from .city_pages import for_the_officer, shown

if TYPE_CHECKING:
    from ..actors import SignedIn

A_PAGE = 24
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "POST"])
@for_the_officer
def settlements(request: "SignedIn") -> HttpResponse:
    """What is due and what is settled. POST settles a month; a second press shows what the first one made."""
    trouble = ""
    if request.method == "POST":
        form = SettleForm(request.POST)
        try:
            if not form.is_valid():
                raise NotPossible("달과 업체를 목록에서 골라 주세요.")
            given = form.cleaned_data
            made = deeds.settle(given["programme"], given["contractor"], given["month"], staff(request))
        except NotPossible as error:
            trouble = str(error)
        else:
            messages.success(request, f"{made}: {made.cases_count}건, {made.total_won:,}원을 정산했습니다.")
            return redirect("repair:settlement", made.pk)
    listed = Settlement.objects.select_related("contractor", "programme")
    page = Paginator(listed, A_PAGE).get_page(request.GET.get("page"))
    context = {"due": deeds.due(), "page": page, "trouble": trouble}
    return shown(request, "city_settlements", "settlements", context, refused=bool(trouble))


def _settlement(pk: int) -> Settlement:
    return get_object_or_404(Settlement.objects.select_related("contractor", "programme", "made_by"), pk=pk)


def _page(request: "SignedIn", settlement: Settlement, form: DownloadForm) -> HttpResponse:
    rows = deeds.rows(settlement)
    context = {
        "settlement": settlement,
        "rows": rows,
        "own_won": sum(row.own for row in rows),
        "whole_won": sum(row.total for row in rows),
        "form": form,
    }
    return shown(request, "city_settlement", "settlements", context, refused=form.is_bound)


@require_GET
@for_the_officer
def settlement(request: "SignedIn", pk: int) -> HttpResponse:
    return _page(request, _settlement(pk), DownloadForm())


@require_POST
@for_the_officer
def file(request: "SignedIn", pk: int) -> HttpResponse:
    """The file, once it is on record who took it and why. Numbers of cases lead to people, so each of them counts."""
    found = _settlement(pk)
    form = DownloadForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    rows = deeds.rows(found)
    why = f"무상수리 정산 파일 {found}: {form.cleaned_data['reason']}"
    reveal(request, Case.objects.filter(settlement=found).only("pk"), why, Action.DOWNLOAD)
    response = HttpResponse(deeds.xlsx(found, rows), content_type=XLSX)
    name = f"repair-settlement-{found.month:%Y-%m}-{found.pk}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
