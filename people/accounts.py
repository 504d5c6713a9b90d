"""Making and closing accounts: staff sign in by id, phone users (chiefs) by a code to their phone."""

import secrets

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from privacy.access import Action, record

from .grants import revoke
from .models import Grant, User
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


def phone_user(phone: str) -> User | None:
    """Who signs in by a code to `phone`, in any Korean spelling; None if nobody does. NotAPhone."""
    return User.objects.filter(phone_sign_in=True, phone_index=phone_index(mobile(phone))).first()


@transaction.atomic
def close_account(user: User, *, reason: str, by: User) -> User:
    """Nothing of it works any more: grants of every kind are revoked, sessions ended, second factors destroyed.

    It is never opened again, and its phone may open another. Twice does nothing more. What it says about a person
    is erased three years later (personal_data.py).
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if user.closed_at is not None:
        return user
    for kind in (model for model in apps.get_models() if issubclass(model, Grant)):
        for held in kind.objects.filter(user=user, revoked_at=None):
            revoke(held, reason=reason, by=by)
    user.is_active = user.is_staff = user.is_superuser = user.phone_sign_in = False
    user.closed_at = timezone.now()
    user.set_unusable_password()
    user.save()
    Authenticator.objects.filter(user=user).delete()
    end_sessions(user)
    record(None, Action.REVOKE, [user], f"계정 닫음: {reason}", who=by.get_username())
    return user


def end_sessions(user: User, but: str | None = None) -> None:
    """Signs them out everywhere, `but` in the session with that key. Only reading a session tells whose it is."""
    UserSession.objects.filter(user=user).exclude(session_key=but).delete()
    for session in Session.objects.exclude(session_key=but).iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()
