"""Filling in a template, and writing one."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.forms import BaseFormSet, formset_factory

from people.models import User

from .categories import CATEGORIES
from .forms import ComposeForm
from .models import Recording, Sender, Template, TemplatePart
from .templates import variables_of
from .voice.joined import MOST_PARTS
from .wording import LONGEST_VALUE, BadWording, check, clean

WHERE_FIELDS = {"where", "districts", "villages"}
NAME_TAKEN = "같은 이름의 틀이 있습니다. 다른 이름을 적어 주세요."


class UseForm(ComposeForm):
    """Which villages, and a field for each variable (v0, v1, …)."""

    def __init__(self, *args: Any, user: User, parts: Sequence[TemplatePart], **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        for name in set(self.fields) - WHERE_FIELDS:
            del self.fields[name]
        self.names = {f"v{n}": name for n, name in enumerate(variables_of(parts))}
        for key, name in self.names.items():
            # Length and emptiness are wording.clean()'s to judge; this only bounds what is looked at.
            self.fields[key] = forms.CharField(label=name, required=False, max_length=1000)
            self.fields[key].widget.attrs |= {"autocomplete": "off", "maxlength": LONGEST_VALUE}

    def clean(self) -> dict[str, Any]:
        data = forms.Form.clean(self) or self.cleaned_data
        if not self.errors.keys() & WHERE_FIELDS:
            data["villages"] = self._chosen(data)
            if not data["villages"]:
                self.add_error("villages", "방송할 마을을 한 곳 이상 골라 주세요.")
        for key, name in self.names.items():
            try:
                clean(name, data.get(key, ""))
            except BadWording as error:
                self.add_error(key, str(error))
        return data

    def values(self) -> dict[str, str]:
        return values_in(self.names, self.cleaned_data)

    def blanks(self) -> list[forms.BoundField]:
        return [self[key] for key in self.names]


def values_in(names: Mapping[str, str], data: Mapping[str, Any]) -> dict[str, str]:
    """Variable → what was typed, bounded; from a form or a request that nobody has checked."""
    return {name: str(data.get(key, ""))[: LONGEST_VALUE * 4] for key, name in names.items()}


class TemplateForm(forms.ModelForm):
    class Meta:
        model = Template
        fields = ["name", "category", "sender", "agreed", "is_active"]
        help_texts = {
            "agreed": "예: 2026년 3월 경찰서와 회의. 경찰처럼 정한 틀만 쓰는 곳이 있습니다.",
            "sender": "비워 두면 누구나 씁니다.",
            "is_active": "",
        }
        error_messages = {
            "name": {"required": "이름을 적어 주세요.", "unique": NAME_TAKEN},
            "category": {"required": "종류를 골라 주세요.", "invalid_choice": "없는 종류입니다."},
            "sender": {"invalid_choice": "목록에서 골라 주세요."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_hand = [(c.key, c.label) for c in CATEGORIES.values() if c.by_hand]
        self.fields["category"].choices = by_hand  # type: ignore[attr-defined]
        senders = [(value, label) for value, label in Sender.choices if value != Sender.ALERT]
        self.fields["sender"].choices = [("", "누구나"), *senders]  # type: ignore[attr-defined]
        self.fields["is_active"].label = "쓰는 틀"


class PartForm(forms.Form):
    """One part: text with {variables}, or what is said in a recording."""

    text = forms.CharField(
        label="글",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="바뀌는 말은 {마을}, {시각}처럼 적습니다. 비우면 이 부분은 없어집니다.",
        error_messages={"max_length": "글이 너무 깁니다. 1,000자 안으로 줄여 주세요."},
    )
    sound = forms.FileField(
        label="사람이 녹음한 소리",
        required=False,
        help_text="있으면 글을 읽는 대신 이 소리가 나갑니다. 글에는 말한 내용을 적어 주세요.",
        error_messages={"empty": "녹음이 비어 있습니다. 다시 골라 주세요."},
        widget=forms.FileInput(attrs={"accept": "audio/*"}),
    )
    kept = forms.UUIDField(required=False, widget=forms.HiddenInput)
    drop = forms.BooleanField(label="녹음을 빼고 글을 읽기", required=False)

    def clean_sound(self) -> Any:
        sound = self.cleaned_data["sound"]
        if sound and sound.size > settings.RECORDING_MAX_BYTES:
            raise forms.ValidationError("녹음 파일이 너무 큽니다. 더 짧게 녹음해 주세요.")
        return sound

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        text = data["text"] = data.get("text", "").strip()
        has_sound = bool(data.get("sound")) or bool(data.get("kept") and not data.get("drop"))
        if has_sound and not text and "text" not in self.errors:
            self.add_error("text", "녹음에서 말한 내용을 글로 적어 주세요. 듣지 못하는 분이 읽습니다.")
        if has_sound and ("{" in text or "}" in text):
            self.add_error(
                "text", "녹음한 부분에는 빈칸 { }를 쓸 수 없습니다. 빈칸은 다른 부분에 적어 주세요."
            )
        return data


class _Parts(BaseFormSet):
    def clean(self) -> None:
        texts = [form.cleaned_data.get("text", "") for form in self.forms if form.is_valid()]
        if not any(self.errors) and not any(texts):
            raise forms.ValidationError("방송할 글을 한 부분이라도 적어 주세요.")
        if sum(map(len, texts)) > settings.TEXT_MAX_LETTERS:
            raise forms.ValidationError(f"글이 모두 {settings.TEXT_MAX_LETTERS:,}자를 넘습니다. 줄여 주세요.")
        try:
            check(texts)
        except BadWording as error:
            raise forms.ValidationError(str(error)) from error


PartsForm = formset_factory(
    PartForm, formset=_Parts, extra=2, max_num=MOST_PARTS, validate_max=True, absolute_max=MOST_PARTS + 2
)


def first_values(template: Template | None, parts: Sequence[TemplatePart]) -> list[dict[str, Any]]:
    return [{"text": part.text, "kept": part.recording_id} for part in parts] if template else []


def kept_recordings(parts: Sequence[TemplatePart]) -> dict[Any, Recording]:
    """Only those that the template has already may be kept: an id from outside opens nobody else's voice."""
    return {part.recording_id: part.recording for part in parts if part.recording}
