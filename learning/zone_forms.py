"""What those who work at an experience zone fill in."""

from datetime import time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from .models import ZoneDevice

#: Closed days may be told so far ahead.
FURTHEST = timedelta(days=400)
WEEKDAYS = "월화수목금토일"


class TapForm(forms.Form):
    once = forms.UUIDField()
    people = forms.IntegerField(min_value=1, max_value=100)
    device = forms.IntegerField(required=False)


class CloseForm(forms.Form):
    on = forms.DateField(
        label="쉬는 날",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%Y.%m.%d", "%Y.%m.%d.", "%Y%m%d"],
        error_messages=dict.fromkeys(("required", "invalid"), "날짜를 2026-01-31처럼 적어 주세요."),
    )
    reason = forms.CharField(
        label="까닭",
        max_length=100,
        help_text="누구나 봅니다. 예: 시설 점검",
        error_messages={"required": "왜 쉬는지 적어 주세요.", "max_length": "100자 안으로 줄여 주세요."},
    )

    def clean_on(self) -> Any:
        day = self.cleaned_data["on"]
        if not timezone.localdate() <= day <= timezone.localdate() + FURTHEST:
            raise forms.ValidationError("오늘부터 1년 안의 날짜로 적어 주세요.")
        return day


class HoursForm(forms.Form):
    """opens_0, closes_0 (Monday) …; empty: closed that day. rest_from, rest_until: shut at noon, every day."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n, name in enumerate(WEEKDAYS):
            self.fields[f"opens_{n}"] = _time(f"{name}요일 여는 시각")
            self.fields[f"closes_{n}"] = _time(f"{name}요일 닫는 시각")
        self.fields["rest_from"] = _time("쉬기 시작")
        self.fields["rest_until"] = _time("다시 여는 시각")

    def pairs(self) -> list[tuple[str, Any, Any]]:
        """Name of the day and its two fields, for the page."""
        return [(f"{name}요일", self[f"opens_{n}"], self[f"closes_{n}"]) for n, name in enumerate(WEEKDAYS)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for n, name in enumerate(WEEKDAYS):
            self._in_order(f"opens_{n}", f"closes_{n}", f"{name}요일")
        self._in_order("rest_from", "rest_until", "쉬는 시간")
        if not self.errors and not self.week():
            raise forms.ValidationError(
                "여는 요일이 하나는 있어야 합니다. 여는 시각과 닫는 시각을 적어 주세요."
            )
        return data

    def _in_order(self, first: str, second: str, what: str) -> None:
        if first in self.errors or second in self.errors:
            return
        a, b = self.cleaned_data.get(first), self.cleaned_data.get(second)
        if bool(a) != bool(b):
            self.add_error(second if a else first, f"{what}: 두 시각을 모두 적거나, 쉬면 모두 비워 주세요.")
        elif a and b and a >= b:
            self.add_error(second, f"{what}: 앞 시각보다 뒤의 시각으로 적어 주세요.")

    def week(self) -> list[tuple[int, time, time]]:
        data = self.cleaned_data
        return [(n, data[f"opens_{n}"], data[f"closes_{n}"]) for n in range(7) if data.get(f"opens_{n}")]

    def rest(self) -> tuple[time, time] | None:
        data = self.cleaned_data
        return (data["rest_from"], data["rest_until"]) if data.get("rest_from") else None


def _time(label: str) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "시각을 09:00처럼 적어 주세요."},
    )


class DeviceForm(forms.ModelForm):
    class Meta:
        model = ZoneDevice
        fields = ("name", "words", "order", "is_active")
        labels = {"order": "보이는 순서", "is_active": "지금 씁니다 (빼면 화면에서 사라집니다)"}
        error_messages = {
            "name": {"required": "기기 이름을 적어 주세요.", "max_length": "60자 안으로 줄여 주세요."},
            "words": {"max_length": "200자 안으로 줄여 주세요."},
            "order": dict.fromkeys(
                ("required", "invalid", "min_value", "max_value"), "0부터 99까지의 숫자를 적어 주세요."
            ),
        }

    def clean_name(self) -> str:
        """ValidationError in words: the form leaves `zone` out, so the database's own rule is not asked."""
        name = self.cleaned_data["name"]
        others = ZoneDevice.objects.filter(zone=self.instance.zone, name=name).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError("같은 이름의 기기가 있습니다. 다른 이름으로 적어 주세요.")
        return name


class TroubleForm(forms.Form):
    trouble = forms.CharField(
        label="어떻게 고장 났나요",
        max_length=200,
        help_text="누구나 봅니다. 예: 화면이 켜지지 않음",
        error_messages={
            "required": "어떻게 고장 났는지 적어 주세요.",
            "max_length": "200자 안으로 줄여 주세요.",
        },
    )
