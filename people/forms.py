"""Forms of signing in by phone."""

from django import forms

from .phones import NotAPhone, mobile


class PhoneForm(forms.Form):
    phone = forms.CharField(
        label="휴대전화 번호",
        max_length=30,
        help_text="숫자만 적어도 됩니다. 예: 01012345678",
        error_messages={"required": "휴대전화 번호를 적어 주세요."},
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )

    def clean_phone(self) -> str:
        try:
            return mobile(self.cleaned_data["phone"])
        except NotAPhone as error:
            raise forms.ValidationError(str(error)) from None


class CodeForm(forms.Form):
    code = forms.CharField(
        label="인증번호 6자리",
        max_length=20,
        error_messages={"required": "문자로 받은 6자리를 적어 주세요."},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def clean_code(self) -> str:
        return "".join(letter for letter in self.cleaned_data["code"] if letter.isdecimal())
