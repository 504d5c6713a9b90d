"""Making accounts: staff, who sign in by id, and phone users (chiefs), who sign in by a code to a phone."""

import secrets

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django.db import transaction

from .models import User
from .phones import mobile, phone_index


@transaction.atomic
def create_staff(
    username: str,
    name: str,
    password: str,
    *,
    phone: str = "",
    totp_secret: str | None = None,
    is_staff: bool = False,
    is_superuser: bool = False,
    is_demo: bool = False,
) -> User:
    """A user with id and password.

    `totp_secret` (base32): their second factor; without it they set one up first.
    `is_staff`: may open the admin pages. What they may do in the portal comes from grants.py.
    """
    number = mobile(phone) if phone else ""
    user = User.objects.create_user(
        username,
        password,
        name=name,
        phone=number,
        phone_index=phone_index(number) if number else None,
        is_staff=is_staff or is_superuser,
        is_superuser=is_superuser,
        is_demo=is_demo,
    )
    if totp_secret:
        Authenticator.objects.create(
            user=user, type=Authenticator.Type.TOTP, data={"secret": encrypt(totp_secret)}
        )
    return user


def create_phone_user(phone: str, name: str, *, is_demo: bool = False) -> User:
    """A user who signs in by a code to `phone`, in any Korean spelling. NotAPhone; IntegrityError if taken."""
    number = mobile(phone)
    return User.objects.create_user(
        f"phone-{secrets.token_hex(6)}",
        name=name,
        phone=number,
        phone_index=phone_index(number),
        phone_sign_in=True,
        is_demo=is_demo,
    )
