"""Fields of forms, with what is said in Korean if one is filled in wrong. `missing` "": it may stay empty."""

from typing import Any

from django import forms

from people.phones import NotAPhone, mobile, normalised

#: More than a city of this size spends on anything: a number with too many zeros is a slip.
MOST_WON = 100_000_000_000
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


class WonField(forms.IntegerField):
    """Won, as people write them: 12,000,000 or 12000000원."""

    def __init__(self, *, most: int = MOST_WON, **kwargs: Any) -> None:
        wrong = f"1원에서 {most:,}원 사이로 숫자를 적어 주세요."
        kwargs["error_messages"] = dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong)
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(min_value=1, max_value=most, widget=widget, **kwargs)

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str):
            value = value.strip().removesuffix("원").replace(",", "").strip()
        return super().to_python(value)


class DayField(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            input_formats=["%Y-%m-%d", "%Y.%m.%d", "%Y.%m.%d.", "%Y%m%d"],
            error_messages=dict.fromkeys(("required", "invalid"), "날짜를 2026-01-31처럼 적어 주세요."),
            **kwargs,
        )


def words(label: str, most: int, missing: str, **kwargs: Any) -> forms.CharField:
    too_long = f"{most}자 안으로 줄여 주세요."
    messages = {"required": missing, "max_length": too_long}
    return forms.CharField(label=label, max_length=most, error_messages=messages, **kwargs)


def count(label: str, least: int, most: int, **kwargs: Any) -> forms.IntegerField:
    wrong = f"{least}에서 {most} 사이의 숫자를 적어 주세요."
    messages = dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong)
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, widget=widget, error_messages=messages, **kwargs
    )


CHOOSE = dict.fromkeys(("required", "invalid_choice", "invalid"), "목록에서 골라 주세요.")
