"""누가 볼 수 있었나: on a day, whose posts let them open something of a person, and who did."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from .. import officer_menu, whose
from ..access import Action, record
from ..doors import for_officers
from ..forms import DAY
from ..models import AccessRecord
from ..person import subjects_of

#: Looks of the day that are shown.
MOST = 200


class RightsForm(forms.Form):
    phone = forms.CharField(
        label="그분의 휴대전화",
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        error_messages={"required": "휴대전화 번호를 적어 주세요."},
    )
    day = forms.DateField(
        label="어느 날",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=dict.fromkeys(("required", "invalid"), DAY),
    )

    def clean_phone(self) -> Any:
        try:
            return whose.person_of(self.cleaned_data["phone"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None


@for_officers
@require_http_methods(["GET", "POST"])
def rights(request: HttpRequest) -> HttpResponse:
    """Asked by POST, so that no number stays in an address."""
    form = RightsForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"menu": officer_menu.menu("rights"), "form": form}
    if request.method == "POST" and form.is_valid():
        person, day = form.cleaned_data["phone"], form.cleaned_data["day"]
        start, end = (timezone.make_aware(datetime.combine(day, at)) for at in (time.min, time.max))
        subjects = sorted(subjects_of(person))
        asked = record(request, Action.VIEW, subjects, f"누가 볼 수 있었나: {day}")
        looks = AccessRecord.objects.filter(subjects__overlap=subjects, at__range=(start, end), result="done")
        rows = list(looks.exclude(pk=asked.pk).order_by("at")[:MOST])
        posts = whose.posts({row.identifier for row in rows})
        context |= {
            "day": day,
            "sights": whose.sights(person, end),
            "looks": [
                (row, whose.office_at(posts, row.identifier, row.at), Action(row.action).label)
                for row in rows
            ],
        }
    return render(request, "privacy/rights.html", context, status=422 if form.errors else 200)
