"""Fields of the applicant's forms."""

from typing import Any

from django import forms

from people.phones import NotAPhone, mobile, normalised

TEL = {"type": "tel", "inputmode": "tel"}


def choose(words: str) -> dict[str, str]:
    return dict.fromkeys(("required", "invalid_choice"), words)


def text(label: str, missing: str = "", **given: Any) -> forms.CharField:
    attrs = given.pop("attrs", {})
    longest = given.setdefault("max_length", 50)
    return forms.CharField(
        label=label,
        required=bool(missing),
        error_messages={"required": missing, "max_length": f"{longest}자 안으로 줄여 주세요."},
        widget=given.pop("widget", forms.TextInput)(attrs={"autocomplete": "off", **attrs}),
        **given,
    )


class PhoneField(forms.CharField):
    """E.164 of a Korean number, landlines too; "" if nothing was typed."""

    def __init__(self, **given: Any) -> None:
        attrs = {**TEL, "autocomplete": given.pop("autocomplete", "tel")}
        super().__init__(max_length=30, required=False, widget=forms.TextInput(attrs=attrs), **given)

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        try:
            return normalised(typed) if typed else ""
        except NotAPhone as error:
            raise forms.ValidationError(str(error)) from None


def takes_texts(phone: str) -> bool:
    try:
        return bool(mobile(phone))
    except NotAPhone:
        return False
