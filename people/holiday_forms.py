"""The city's word on a day."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

#: Days that the city may decide on, from today.
FURTHEST = timedelta(days=800)


class HolidayForm(forms.Form):
    date = forms.DateField(
        label="날짜",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%Y.%m.%d", "%Y.%m.%d.", "%Y%m%d"],
        error_messages={
            "required": "날짜를 적어 주세요.",
            "invalid": "날짜를 2026-01-31처럼 적어 주세요.",
        },
    )
    is_holiday = forms.TypedChoiceField(
        label="어떤 날인가요",
        choices=[("1", "쉬는 날"), ("0", "쉬지 않는 날")],
        coerce=lambda value: value == "1",
        initial="1",
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "쉬는 날인지 골라 주세요."),
    )
    name = forms.CharField(
        label="이름이나 까닭",
        max_length=60,
        help_text="예: 임시공휴일",
        error_messages={
            "required": "이름이나 까닭을 적어 주세요.",
            "max_length": "60자 안으로 줄여 주세요.",
        },
    )

    def clean_date(self) -> Any:
        day = self.cleaned_data["date"]
        if not timezone.localdate() <= day <= timezone.localdate() + FURTHEST:
            raise forms.ValidationError("오늘부터 2년 안의 날짜로 적어 주세요.")
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "date" in self.errors:
            # A browser's own field shows nothing of what it cannot read; a person wants to see what they typed.
            self.fields["date"].widget.input_type = "text"
        return data
