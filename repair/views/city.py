"""The programme year: its money and ledger, its dates; opening another one."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from .. import budget as money
from .. import year_end
from .. import years as deeds
from ..city_forms import BudgetForm, DatesForm, YearForm
from ..ledger import Ledger, rules_of
from ..models import Programme
from . import city_rows
from .city_pages import chosen, for_the_officer, shown, years

if TYPE_CHECKING:
    from ..actors import SignedIn

A_PAGE = 30


def page_of(programme: Programme) -> str:
    return f"{reverse('repair:city')}?year={programme.year}"


@require_GET
@for_the_officer
def city(request: "SignedIn") -> HttpResponse:
    """?year=. No name and no address: the ledger names cases by their number."""
    today = timezone.localdate()
    known = years()
    programme = chosen(request, known, today.year)
    if programme is None:
        return shown(request, "city", "city", {"programme": None})
    ledger: Any = Ledger(programme)
    page: Any = Paginator(ledger, A_PAGE).get_page(request.GET.get("page"))
    rules = rules_of(programme)
    context = {
        "programme": programme,
        "years": known,
        "page": page,
        "entries": city_rows.rows(page.object_list),
        "asked": f"year={programme.year}",
        "used_won": programme.reserved_won + programme.settled_won,
        "rule": next((rule for rule in rules if rule.valid_from <= today), None),
        "to_come": next((rule for rule in reversed(rules) if rule.valid_from > today), None),
        "left_behind": year_end.left_behind(today),
        "is_open": programme.opens_on <= today <= programme.closes_on,
    }
    return shown(request, "city", "city", context)


@require_http_methods(["GET", "POST"])
@for_the_officer
def budget(request: "SignedIn", year: int) -> HttpResponse:
    """More money or less; never less than what is reserved or spent."""
    programme = get_object_or_404(Programme, pk=year)
    form = BudgetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            changed = money.change_budget(year, form.won, form.cleaned_data["why"], request.user)
        except money.BudgetSpent as error:
            form.add_error("amount", str(error))
        else:
            messages.success(request, f"예산을 고쳤습니다. 이제 {changed.budget_won:,}원입니다.")
            return redirect(page_of(programme))
    context = {"programme": programme, "form": form}
    return shown(request, "city_budget", "city", context, refused=request.method == "POST")


@require_http_methods(["GET", "POST"])
@for_the_officer
def dates(request: "SignedIn", year: int) -> HttpResponse:
    """When applications are taken, and what happens when the money is spent."""
    programme = get_object_or_404(Programme, pk=year)
    names = ("opens_on", "closes_on", "when_spent")
    form = DatesForm(request.POST or None, initial={name: getattr(programme, name) for name in names})
    if request.method == "POST" and form.is_valid():
        try:
            deeds.change_dates(year, **form.cleaned_data, by=request.user)
        except deeds.CannotChange as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "접수 기간을 고쳤습니다.")
            return redirect(page_of(programme))
    context = {"programme": programme, "form": form}
    return shown(request, "city_dates", "city", context, refused=request.method == "POST")


@require_http_methods(["GET", "POST"])
@for_the_officer
def year_new(request: "SignedIn") -> HttpResponse:
    """Another year: what its predecessor had is copied if that is wished."""
    before = Programme.objects.select_related("contractor").first()
    form = YearForm(request.POST or None, initial=_next(before))
    if before is None:
        del form.fields["copies"]
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        like = before if given.get("copies") else None
        try:
            programme = deeds.open_year(
                *(given["year"], given["opens_on"], given["closes_on"], given["when_spent"], request.user),
                like=like,
            )
        except deeds.CannotChange as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, f"{programme} 사업을 열었습니다. 이제 예산을 넣고 기준을 확인해 주세요."
            )
            if left := year_end.left_behind(timezone.localdate()):
                return redirect("repair:city_waiting", left[0][0])
            return redirect(page_of(programme))
    context = {"before": before, "form": form}
    return shown(request, "city_year_new", "city", context, refused=request.method == "POST")


def _next(before: Programme | None) -> dict[str, object]:
    year = before.year + 1 if before else timezone.localdate().year
    dates = {"opens_on": f"{year}-01-02", "closes_on": f"{year}-12-31"}
    return {"year": year, "when_spent": before.when_spent if before else Programme.WhenSpent.WAIT, **dates}
