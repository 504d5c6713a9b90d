"""Signing in, out, and failing to, into the access record; and what a new second factor ends. Connected in apps.py.

Signing in fails when it cannot be recorded.
"""

from typing import Any

from allauth.mfa.signals import authentication_failed, authenticator_added
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from privacy.access import Action, NotRecorded, Result, record

from .accounts import end_sessions
from .models import User


def known_id(credentials: dict) -> str:
    """The id as the account has it, else "?": people type passwords where the id goes, and those are not written
    down; and "KIM" is the same account as "kim" to whoever counts failures."""
    typed = str(credentials.get("username", ""))
    return User.objects.filter(username__iexact=typed).values_list("username", flat=True).first() or "?"


def signed_in(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    try:
        record(request, Action.SIGN_IN, who=user.get_username())
    except NotRecorded:
        request.session.flush()  # Django has put the user in already
        raise


def signed_out(sender: Any, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        record(request, Action.SIGN_OUT, who=user.get_username())


def password_refused(
    sender: Any, credentials: dict, request: HttpRequest | None = None, **kwargs: Any
) -> None:
    record(request, Action.SIGN_IN, detail="비밀번호 틀림", result=Result.REFUSED, who=known_id(credentials))


def second_factor_refused(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    record(request, Action.SIGN_IN, detail="2단계 인증 틀림", result=Result.REFUSED, who=user.get_username())


def second_factor_made(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Whoever came by the password alone and waited at the door does not come in by what the owner made."""
    end_sessions(user, but=request.session.session_key)


def connect() -> None:
    authenticator_added.connect(second_factor_made)
    user_logged_in.connect(signed_in)
    user_logged_out.connect(signed_out)
    user_login_failed.connect(password_refused)
    authentication_failed.connect(second_factor_refused)
