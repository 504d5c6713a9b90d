"""Dated rules and the price list of a year. Neither changes what was decided or listed before."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from .. import years as deeds
from ..city_forms import NewPriceForm, PriceForm, RuleForm, rule_initial
from ..groups import GROUP_LABELS, Group
from ..models import PriceItem, Programme, Rule
from .city_pages import for_the_officer, shown

if TYPE_CHECKING:
    from ..actors import SignedIn


@require_http_methods(["GET", "POST"])
@for_the_officer
def rules(request: "SignedIn", year: int) -> HttpResponse:
    """All rules of the year, the one in force marked; another one is added, none is changed."""
    programme = get_object_or_404(Programme, pk=year)
    form = RuleForm(request.POST or None, initial=rule_initial(programme))
    if request.method == "POST" and form.is_valid():
        try:
            rule = deeds.add_rule(year, form.written, request.user)
        except deeds.CannotChange as error:
            form.add_error("valid_from", str(error))
        else:
            messages.success(request, f"{rule.valid_from:%Y-%m-%d}부터 새 기준을 적용합니다.")
            return redirect("repair:city_rules", year)
    written = list(programme.rules.select_related("made_by"))
    today = timezone.localdate()
    in_force = Rule.objects.in_force(programme, today).first()
    context = {
        "programme": programme,
        "form": form,
        "rules": [(rule, _standing(rule, in_force), _groups(rule)) for rule in written],
    }
    return shown(request, "city_rules", "city", context, refused=request.method == "POST")


def _standing(rule: Rule, in_force: Rule | None) -> str:
    if rule.valid_from > timezone.localdate():
        return "to_come"
    return "in_force" if rule == in_force else "past"


def _groups(rule: Rule) -> str:
    if len(rule.groups) == len(GROUP_LABELS):
        return "모든 지원 대상"
    return ", ".join(GROUP_LABELS[Group(value)] for value in rule.groups)


@require_http_methods(["GET", "POST"])
@for_the_officer
def prices(request: "SignedIn", year: int) -> HttpResponse:
    programme = get_object_or_404(Programme, pk=year)
    form = PriceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            item = deeds.add_price(year, given["kind"], given["name"], given["price_won"], request.user)
        except deeds.CannotChange as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, f"단가표에 더했습니다: {item}")
            return redirect("repair:city_prices", year)
    listed = list(programme.prices.all())
    context = {
        "programme": programme,
        "form": form,
        "live": [item for item in listed if item.is_active],
        "ended": [item for item in listed if not item.is_active],
    }
    return shown(request, "city_prices", "city", context, refused=request.method == "POST")


@require_http_methods(["GET", "POST"])
@for_the_officer
def price(request: "SignedIn", pk: int) -> HttpResponse:
    """One price: it ends (end=1), or it ends and another begins."""
    item = get_object_or_404(PriceItem.objects.select_related("programme"), pk=pk, is_active=True)
    ends = "end" in request.POST
    form = NewPriceForm(request.POST if request.method == "POST" and not ends else None)
    if ends:
        deeds.end_price(pk, request.user)
        messages.success(request, f"단가표에서 뺐습니다: {item}")
        return redirect("repair:city_prices", item.programme_id)
    if request.method == "POST" and form.is_valid():
        try:
            changed = deeds.change_price(pk, form.cleaned_data["price_won"], request.user)
        except deeds.CannotChange as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"값을 바꾸었습니다: {changed}")
            return redirect("repair:city_prices", item.programme_id)
    context = {"programme": item.programme, "item": item, "form": form}
    return shown(request, "city_price", "city", context, refused=request.method == "POST")
