"""What a person fills in to plan a broadcast, and to look at a week of air time."""

from typing import Any

from django import forms
from django.utils import timezone

from .forms import HistoryForm
from .models import Plan, Village
from .plan_times import DAY_NAMES, PlanTimes

BAD_TIME = "시각을 09:30처럼 적어 주세요."


def day_field(label: str, **kwargs: Any) -> forms.DateField:
    """A day, in any of the ways people write one."""
    return forms.DateField(
        label=label,
        error_messages={"invalid": HistoryForm.BAD_DATE, "required": "날짜를 정해 주세요."},
        input_formats=HistoryForm.DATES,
        widget=forms.DateInput(attrs={"type": "date"}, format=HistoryForm.DATES[0]),
        **kwargs,
    )


class PlanForm(forms.Form):
    """When a draft is aired. `times()` once it is valid."""

    first_on = day_field("첫날")
    at = forms.TimeField(
        label="시각",
        error_messages={"invalid": BAD_TIME, "required": "시각을 정해 주세요."},
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    repeat = forms.ChoiceField(
        label="되풀이",
        choices=Plan.Repeat.choices,
        initial=Plan.Repeat.ONCE,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "되풀이할지 골라 주세요."),
    )
    weekdays = forms.TypedMultipleChoiceField(
        label="무슨 요일에",
        coerce=int,
        choices=[(n, f"{name}요일") for n, name in enumerate(DAY_NAMES)],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "요일을 골라 주세요."},
    )
    until = day_field("마지막 날", required=False, help_text="비워 두면 그만둘 때까지 합니다.")
    skip_holidays = forms.BooleanField(
        label="공휴일은 쉬기",
        required=False,
        help_text="대체 공휴일도 쉽니다. 쉬는 날은 시청이 바꿀 수 있습니다.",
    )
    #: What was looked at before it was confirmed (`signature`).
    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=200)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, until, repeat = data.get("first_on"), data.get("until"), data.get("repeat")
        if repeat == Plan.Repeat.WEEKLY and not data.get("weekdays") and "weekdays" not in self.errors:
            self.add_error("weekdays", "요일을 하나 이상 골라 주세요.")
        if repeat != Plan.Repeat.ONCE and first and until and until < first:
            self.add_error("until", "마지막 날이 첫날보다 빠릅니다. 날짜를 바꿔 주세요.")
        for name in self.errors.keys() & {"first_on", "until", "at"}:
            # A browser's own field shows nothing of what it cannot read; a person wants to see what they typed.
            if self.data.get(self.add_prefix(name)):
                self.fields[name].widget.input_type = "text"
        return data

    def times(self) -> PlanTimes:
        data = self.cleaned_data
        repeats = data["repeat"] != Plan.Repeat.ONCE
        weekly = data["repeat"] == Plan.Repeat.WEEKLY
        return PlanTimes(
            first_on=data["first_on"],
            at=data["at"].replace(second=0, microsecond=0),
            repeat=data["repeat"],
            weekdays=sum(1 << day for day in set(data["weekdays"])) if weekly else 0,
            until=data["until"] if repeats else None,
            skip_holidays=data["skip_holidays"] and repeats,
        )

    def signature(self) -> str:
        return str(self.times())[:200]


class WeekForm(forms.Form):
    """A week of air time, of all one's villages or of one. An address that can be kept."""

    week = day_field("어느 날이 든 주", required=False)
    village = forms.ModelChoiceField(
        Village.objects.none(),
        label="마을",
        required=False,
        empty_label="맡은 마을 모두",
        error_messages={"invalid_choice": "볼 수 없는 마을입니다. 목록에서 골라 주세요."},
    )

    def __init__(self, *args: Any, villages: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["village"].queryset = villages  # type: ignore[attr-defined]
        self.fields["week"].initial = timezone.localdate

    def clean_week(self) -> Any:
        week = self.cleaned_data["week"] or timezone.localdate()
        if not 2020 <= week.year <= 2100:
            raise forms.ValidationError("2020년부터 2100년 사이의 날짜로 적어 주세요.")
        return week
