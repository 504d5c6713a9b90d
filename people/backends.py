"""Who may hold a session. A session made by one backend is of no use to the other."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.db.models import Exists, OuterRef
from django.http import HttpRequest

from .models import User


def may_sign_in(user: User) -> bool:
    """Active; and an example person only in an example city."""
    return user.is_active and not (user.is_demo and settings.PRODUCTION)


class StaffBackend(AuthenticationBackend):
    """Login id and password; allauth then asks for the second factor, and middleware.py that there is one."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Any:
        user = super().authenticate(request, **credentials)
        # allauth keeps whom we refused, to let in all but the inactive. Refused is refused.
        self.unstash_authenticated_user()
        return user

    def user_can_authenticate(self, user: Any) -> bool:
        return may_sign_in(user) and not user.phone_sign_in

    def get_user(self, user_id: Any) -> User | None:
        second_factor = Authenticator.objects.filter(
            user=OuterRef("pk"), type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
        )
        user = User.objects.annotate(has_second_factor=Exists(second_factor)).filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None


class PhoneBackend(ModelBackend):
    """Sessions of those who sign in by a code to their phone (phone_codes.py). It takes no password."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:  # type: ignore[override]
        return None

    def user_can_authenticate(self, user: Any) -> bool:
        return may_sign_in(user) and user.phone_sign_in
