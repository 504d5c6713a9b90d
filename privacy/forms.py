"""Forms of 개인정보."""

import uuid
from datetime import date
from typing import Any

from django import forms

from .models import Request
from .refusal_grounds import choices

CHOOSE = dict.fromkeys(("required", "invalid_choice"), "하나를 골라 주세요.")


def words(label: str, most: int, missing: str = "", rows: int = 4, **given: Any) -> forms.CharField:
    """`missing`: what is said if it is empty; "": it may be."""
    return forms.CharField(
        label=label,
        required=bool(missing),
        max_length=most,
        error_messages={"required": missing, "max_length": f"{most:,}자 안으로 줄여 주세요."},
        widget=forms.Textarea(attrs={"rows": rows, "autocomplete": "off"}),
        **given,
    )


class AskForm(forms.Form):
    """A new request. `once`: sent twice, asked once."""

    kind = forms.ChoiceField(
        label="무엇을 요구하시나요?",
        choices=Request.Kind.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    words = words(
        "어떤 것인지 적어 주세요",
        1000,
        help_text="적지 않으셔도 됩니다. 예: 옛 주소를 새 주소로 고쳐 주세요.",
    )
    once = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)


class GrantForm(forms.Form):
    answer = words("드리는 답", 2000, "어떻게 했는지 적어 주세요. 요구하신 분이 그대로 읽습니다.")


class RefuseForm(forms.Form):
    ground = forms.ChoiceField(label="거절 사유", widget=forms.RadioSelect, error_messages=CHOOSE)
    answer = words("까닭", 2000, "무엇을 왜 들어드리지 못하는지 적어 주세요. 요구하신 분이 그대로 읽습니다.")

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = choices(kind)  # type: ignore[attr-defined]


class PostponeForm(forms.Form):
    until = forms.DateField(
        label="언제까지 답하나요?",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=dict.fromkeys(("required", "invalid"), "날짜를 2026-01-31처럼 적어 주세요."),
    )
    why = words("늦추는 까닭", 500, "늦추는 까닭을 적어 주세요. 요구하신 분께 알려 드립니다.", rows=3)

    def __init__(self, *args: Any, latest: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].help_text = f"늦어도 {latest.year}년 {latest.month}월 {latest.day}일"
