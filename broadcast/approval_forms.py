"""What a second person fills in, and a sender who breaks the glass."""

from typing import Any

from django import forms

from .models import Decision


class ReasonField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        errors = {"required": "까닭을 적어 주세요.", "max_length": "까닭을 300자 안으로 줄여 주세요."}
        super().__init__(
            max_length=300, widget=forms.Textarea(attrs={"rows": 2}), error_messages=errors, **kwargs
        )


class ReasonForm(forms.Form):
    reason = ReasonField(label="왜 승인을 기다릴 수 없나요?", help_text="당직자가 읽고, 나중에 검토합니다.")


class DecideForm(forms.Form):
    """`decision` is the button that was pressed; refusing needs a reason."""

    decision = forms.ChoiceField(
        choices=[(kind, kind.label) for kind in (Decision.Kind.APPROVED, Decision.Kind.REFUSED)],
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "승인이나 반려를 눌러 주세요."),
    )
    reason = ReasonField(label="반려하는 까닭", help_text="반려할 때만 적습니다. 보낸 사람이 읽습니다.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = self.data.get("decision") != Decision.Kind.APPROVED


class VerdictForm(forms.Form):
    was_right = forms.ChoiceField(
        label="승인 없이 보낸 것이",
        choices=[("yes", "옳았습니다"), ("no", "옳지 않았습니다")],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "하나를 골라 주세요."),
    )
    reason = ReasonField(label="검토한 내용")
