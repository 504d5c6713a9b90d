"""How gateways are found on their page."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from people.models import District

from .models import Gateway


class FindGatewayForm(forms.Form):
    """`own`: the gateways that the user looks after."""

    STATES = [
        ("", "모두"),
        ("online", "연결됨"),
        ("silent", "소식 없음"),
        ("never", "한 번도 보고하지 않음"),
        ("battery", "배터리 부족"),
    ]

    district = forms.ModelChoiceField(
        District.objects.none(),
        label="읍면동",
        required=False,
        empty_label="모두",
        error_messages={"invalid_choice": "볼 수 없는 읍면동입니다. 목록에서 골라 주세요."},
    )
    state = forms.ChoiceField(
        label="상태",
        required=False,
        choices=STATES,
        error_messages={"invalid_choice": "없는 상태입니다. 목록에서 골라 주세요."},
    )
    month = forms.CharField(
        label="연결률을 볼 달",
        required=False,
        max_length=7,
        widget=forms.TextInput(attrs={"type": "month", "placeholder": "2026-01"}),
        error_messages={"max_length": "달을 2026-01처럼 적어 주세요."},
    )

    def __init__(self, *args: Any, own: "QuerySet[Gateway]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = own.order_by().values("village__district")
        self.fields["district"].queryset = (  # type: ignore[attr-defined]
            District.objects.filter(pk__in=codes).defer("boundary")
        )

    def clean_month(self) -> date | None:
        month = self.cleaned_data["month"]
        if not month:
            return None
        try:
            first = date.fromisoformat(f"{month}-01")
            if not 2020 <= first.year <= 2100:
                raise ValueError
            return first
        except ValueError:
            raise forms.ValidationError("달을 2026-01처럼 적어 주세요.") from None
