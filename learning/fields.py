"""Questions that several forms of the staff ask, over those of people/form_fields.py."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from people import form_fields
from people.form_fields import CHOOSE, DayField, count

from .models import Centre
from .topics import Topic

__all__ = ["CHOOSE", "BirthYearField", "DayField", "HourField", "NarrowForm", "PhoneField", "count", "words"]
BIRTH_YEAR = "태어난 해를 1950처럼 네 자리로 적어 주세요."


def words(label: str, most: int, missing: str = "", *, lines: int = 0, **given: Any) -> forms.CharField:
    """`most`: letters. `missing`: what is said if it is empty; "": it may be. `lines`: of a text; 0: one line."""
    if lines:
        given |= {"widget": forms.Textarea, "attrs": {"rows": lines}}
    return form_fields.text(label, missing, max_length=most, **given)


class PhoneField(form_fields.PhoneField):
    """Of somebody whom staff write down: no browser offers the last one. `missing`: as in `words`."""

    def __init__(self, label: str, missing: str = "", **given: Any) -> None:
        super().__init__(label=label, **{"autocomplete": "off", **given})
        self.required = bool(missing)
        self.error_messages["required"] = missing


class HourField(forms.TimeField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            input_formats=["%H:%M", "%H:%M:%S", "%H시 %M분", "%H시"],
            error_messages=dict.fromkeys(("required", "invalid"), "시각을 14:00처럼 적어 주세요."),
            **kwargs,
        )


class BirthYearField(forms.IntegerField):
    """Four digits, of somebody alive; None if it is not told."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label="태어난 해",
            required=False,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            error_messages={"invalid": BIRTH_YEAR},
            **kwargs,
        )

    def clean(self, value: Any) -> int | None:
        year: int | None = super().clean(value)
        this_year = timezone.localdate().year
        if year is not None and not this_year - 120 <= year <= this_year:
            raise forms.ValidationError(BIRTH_YEAR)
        return year


class NarrowForm(forms.Form):
    """Which classes: nothing of it is about a person, so that its address can be kept."""

    topic = forms.ChoiceField(
        label="주제", required=False, choices=[("", "모든 주제"), *Topic.choices], error_messages=CHOOSE
    )
    centre = forms.TypedChoiceField(
        label="배움터", required=False, coerce=int, empty_value=None, error_messages=CHOOSE
    )
    day = DayField(label="날짜", required=False)

    def __init__(self, *args: Any, centres: list[Centre], **kwargs: Any) -> None:
        """`centres`: those to choose from; for whoever works at one there is nothing to choose."""
        super().__init__(*args, **kwargs)
        if len(centres) < 2:
            del self.fields["centre"]
        else:
            named = [(str(each.pk), each.name) for each in centres]
            self.fields["centre"].choices = [("", "모든 배움터"), *named]  # type: ignore[attr-defined]

    @property
    def wanted(self) -> dict[str, Any]:
        """As choosing.offered takes it; what was asked wrongly is left out."""
        self.is_valid()
        given: dict[str, Any] = self.cleaned_data
        day: date | None = given.get("day")
        return {"topic": given.get("topic") or "", "centre": given.get("centre"), "day": day}
