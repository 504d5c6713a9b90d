"""Forms of 개인정보."""

import uuid
from datetime import date
from typing import Any

from django import forms

from .models import Breach, Finding, Request
from .refusal_grounds import choices

DAY = "날짜를 2026-01-31처럼 적어 주세요."
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


def day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=dict.fromkeys(("required", "invalid"), DAY),
    )


class MomentField(forms.DateTimeField):
    def __init__(self, **given: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        wrong = dict.fromkeys(("required", "invalid"), "때를 2026-01-31 14:00처럼 적어 주세요.")
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"]
        super().__init__(widget=widget, input_formats=formats, error_messages=wrong, **given)


class NameForm(forms.Form):
    name = forms.CharField(
        label="이름",
        max_length=50,
        help_text="신청하실 때 적으신 이름을 그대로 적어 주세요.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "이름을 적어 주세요.", "max_length": "50자 안으로 줄여 주세요."},
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
        error_messages=dict.fromkeys(("required", "invalid"), DAY),
    )
    why = words("늦추는 까닭", 500, "늦추는 까닭을 적어 주세요. 요구하신 분께 알려 드립니다.", rows=3)

    def __init__(self, *args: Any, latest: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].help_text = f"늦어도 {latest.year}년 {latest.month}월 {latest.day}일"


class BreachForm(forms.ModelForm):
    """What is known when it begins: at least by which clue, and since when."""

    known_at = MomentField(label="알게 된 때")
    since = MomentField(label="언제부터")
    until = MomentField(label="언제까지")
    how = words("어떻게 알았나요?", 2000, "어떻게 알았는지 한두 문장으로 적어 주세요.", rows=3)

    class Meta:
        model = Breach
        fields = (
            "title",
            "how",
            "known_at",
            "account",
            "address",
            "since",
            "until",
            "from_outside",
            "is_drill",
        )
        labels = {
            "title": "무슨 일인가요?",
            "account": "의심되는 계정 (아이디)",
            "address": "의심되는 접속지 (IP)",
            "from_outside": "밖에서 불법으로 들어왔습니다",
            "is_drill": "훈련입니다 (아무에게도 알리지 않습니다)",
        }
        help_texts = {"account": "모르면 비워 두세요.", "address": "모르면 비워 두세요. 예: 192.0.2.7"}
        error_messages = {
            "title": {"required": "무슨 일인지 짧게 적어 주세요.", "max_length": "100자 안으로 줄여 주세요."},
            "address": {"invalid": "IP 주소를 192.0.2.7처럼 적어 주세요."},
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("since") and given.get("until") and given["since"] >= given["until"]:
            self.add_error("until", "‘언제까지’는 ‘언제부터’보다 늦어야 합니다.")
        return given


class NoticesForm(forms.ModelForm):
    to_people = words("정보주체께 드리는 글", 4000, "드릴 글을 적어 주세요.", rows=12)
    to_authority = words("신고하는 글", 6000, "신고할 글을 적어 주세요.", rows=12)
    to_everybody = words("누리집에 올리는 글", 4000, "올릴 글을 적어 주세요.", rows=12)

    class Meta:
        model = Breach
        fields = ("to_people", "to_authority", "to_everybody")


class JudgeForm(forms.Form):
    result = forms.ChoiceField(
        label="어떻게 보시나요?",
        choices=Finding.Result.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    words = words("까닭", 2000, "왜 그렇게 보셨는지 적어 주세요.", rows=3)


class ExplainForm(forms.Form):
    words = words("왜 여셨나요?", 2000, "어떤 일로 여셨는지 적어 주세요.", rows=4)
