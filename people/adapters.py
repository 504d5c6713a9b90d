"""How allauth behaves here: no sign-up, our words, sealed secrets, every refused try on record."""

import base64
import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from privacy import access
from privacy.address import client_address
from privacy.sealing import place, seal, unseal

from .sign_in_record import known_id

SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
AUTHENTICATOR = place("mfa_authenticator", "data")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "쓸 수 없는 계정입니다. 담당자에게 알려 주세요.",
        "enter_current_password": "지금 비밀번호가 맞지 않습니다.",
        "incorrect_code": "번호가 맞지 않습니다. 앱에 지금 보이는 6자리를 적어 주세요.",
        "incorrect_password": "비밀번호가 맞지 않습니다.",
        "too_many_login_attempts": "여러 번 틀려서 잠겼습니다. 10분 뒤에 다시 해 주세요.",
        "username_password_mismatch": "아이디나 비밀번호가 맞지 않습니다. 5번 틀리면 10분 동안 잠깁니다.",
        "rate_limited": "너무 자주 눌렀습니다. 잠시 뒤 다시 해 주세요.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False  # accounts are made by whoever hires (accounts.py)

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request) or "0.0.0.0"  # noqa: S104 - an address that nobody has

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # allauth's own has the Host header in it, which whoever guesses passwords may vary.
        return f"sign-in:{str(credentials.get('username', '')).lower()}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            who = known_id(credentials)
            access.record(
                request, access.Action.SIGN_IN, detail="잠긴 동안의 시도", result="refused", who=who
            )
            raise

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        # Whoever signed in a moment ago is not asked again, above all not on the day they set all this up.
        records = get_authentication_records(context.request, context.request.user)
        if any(time.time() - r["at"] < app_settings.REAUTHENTICATION_TIMEOUT for r in records):
            return False
        return super().is_reauthentication_required(app=app, **kwargs)


class MFAAdapter(DefaultMFAAdapter):
    """Secrets of authenticator apps are sealed in the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": "마지막 2단계 인증은 지울 수 없습니다. 다른 것을 먼저 더해 주세요.",
        "incorrect_code": "번호가 맞지 않습니다. 앱에 지금 보이는 6자리를 적어 주세요.",
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        others = Authenticator.objects.filter(user=authenticator.user_id, type__in=SECOND_FACTORS)
        return others.exclude(pk=authenticator.pk).exists()

    def encrypt(self, text: str) -> str:
        return base64.b64encode(seal(text, AUTHENTICATOR)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(base64.b64decode(encrypted_text), AUTHENTICATOR)
