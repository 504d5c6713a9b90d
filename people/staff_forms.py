"""allauth's forms in our words, and with the keyboard that a phone should show."""

from typing import Any

from allauth.account.forms import LoginForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm


class StaffSignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (("login", "아이디"), ("password", "비밀번호")):
            field = self.fields[name]
            field.label, field.error_messages["required"] = label, f"{label}를 적어 주세요."
            field.widget.attrs.pop("placeholder", None)


class SixDigits:
    """The code of an authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]  # type: ignore[attr-defined]
        field.label, field.error_messages["required"] = (
            "인증 앱 번호",
            "인증 앱에 보이는 6자리를 적어 주세요.",
        )
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs["inputmode"] = "numeric"


class SecondFactorForm(SixDigits, AuthenticateForm):
    pass


class SecondFactorAgainForm(SixDigits, ReauthenticateForm):
    pass


class AuthenticatorAppForm(SixDigits, ActivateTOTPForm):
    pass
