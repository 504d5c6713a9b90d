"""By what a clerk looks for cases."""

from typing import Any

from django import forms

from people.phones import NotAPhone, normalised

from .states import State


class FilterForm(forms.Form):
    """Of the list; nothing of it is about a person, so that its address can be kept."""

    number = forms.CharField(
        label="접수번호",
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages={"max_length": "접수번호를 다시 확인해 주세요."},
    )
    state = forms.ChoiceField(
        label="상태",
        required=False,
        choices=[("", "모든 상태"), *[(state.value, state.label) for state in State]],
        error_messages={"invalid_choice": "상태를 목록에서 골라 주세요."},
    )
    district = forms.ChoiceField(
        label="읍면동",
        required=False,
        error_messages={"invalid_choice": "읍면동을 목록에서 골라 주세요."},
    )

    def __init__(self, *args: Any, districts: list[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        """`districts`: code and name of those to choose from; None: there is only one's own."""
        super().__init__(*args, **kwargs)
        if districts is None:
            del self.fields["district"]
        else:
            self.fields["district"].choices = [("", "모든 읍면동"), *districts]  # type: ignore[attr-defined]


class FindForm(forms.Form):
    """A person, by phone or by name and birth date. Sent by POST: an address with a name in it would be kept."""

    phone = forms.CharField(
        label="전화번호",
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )
    name = forms.CharField(
        label="이름", required=False, max_length=50, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    birth_date = forms.DateField(
        label="생년월일",
        required=False,
        input_formats=["%Y-%m-%d", "%Y.%m.%d", "%Y.%m.%d.", "%Y%m%d", "%Y. %m. %d."],
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "inputmode": "numeric", "placeholder": "예: 1950-03-01"}
        ),
        error_messages={"invalid": "생년월일을 1950-03-01처럼 적어 주세요."},
    )

    def clean_phone(self) -> str:
        phone = self.cleaned_data["phone"]
        try:
            return normalised(phone) if phone else ""
        except NotAPhone as error:
            raise forms.ValidationError(str(error)) from None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not data.get("phone") and not (data.get("name") and data.get("birth_date")):
            raise forms.ValidationError("전화번호를 적거나, 이름과 생년월일을 함께 적어 주세요.")
        return data
