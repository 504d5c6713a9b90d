"""어디까지 찾아갔나: a map and a table of districts and institutions, by year; and adding an institution."""

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from people.models import District

from .. import coverage as reached
from ..fields import CHOOSE, words
from ..models import Institution
from .visit_pages import for_coordinator, shown

if TYPE_CHECKING:
    from ..actors import SignedIn

#: Years that can be looked back to.
YEARS = 5


class InstitutionForm(forms.Form):
    name = words("이름", 80, "이름을 적어 주세요.", help_text="예: 상이마을 경로당")
    kind = forms.ChoiceField(label="구분", choices=Institution.Kind.choices, error_messages=CHOOSE)
    district = forms.ModelChoiceField(
        District.objects.only("name"), label="읍면동", empty_label="골라 주세요", error_messages=CHOOSE
    )
    address = words("주소", 200)

    def clean(self) -> None:
        data = super().clean() or self.cleaned_data
        same = Institution.objects.filter(district=data.get("district"), name=data.get("name"))
        if data.get("name") and data.get("district") and same.exists():
            self.add_error("name", "그 읍면동에 이미 있는 이름입니다.")


@for_coordinator
@require_GET
def coverage(request: "SignedIn") -> HttpResponse:
    """?year=. Nobody's name."""
    this_year = timezone.localdate().year
    years = [this_year - n for n in range(YEARS)]
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and int(asked) in years else this_year
    areas = reached.coverage(year)
    places = [place for area in areas for place in area.places]
    halls = [place for place in places if place.kind == Institution.Kind.SENIOR_HALL.label]
    context = {
        "year": year,
        "years": years,
        "areas": areas,
        "map": reached.drawing(areas),
        "many": reached.MANY,
        "reached": sum(area.visits > 0 for area in areas),
        "visits": sum(area.visits for area in areas),
        "people": sum(area.people for area in areas),
        "halls": len(halls),
        "halls_reached": sum(place.visits > 0 for place in halls),
        "places": len(places),
        "places_reached": sum(place.visits > 0 for place in places),
    }
    return shown(request, "coverage", "coverage", context)


@for_coordinator
@require_http_methods(["GET", "POST"])
def institution_new(request: "SignedIn") -> HttpResponse:
    form = InstitutionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = Institution.objects.create(**form.cleaned_data)
        messages.success(request, f"{made}을(를) 더했습니다.")
        return redirect("learning:coverage")
    return shown(request, "institution", "coverage", {"form": form}, 422 if form.errors else 200)
