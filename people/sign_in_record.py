"""Signing in, out, and failing to, into the access record. Connected in apps.py.

Signing in fails when it cannot be recorded.
"""

from typing import Any

from allauth.mfa.signals import authentication_failed
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from privacy.access import Action, NotRecorded, Result, record

from .models import User


def known_id(credentials: dict) -> str:
    """The id if it exists, else "?": people type passwords where the id goes, and those are not written down."""
    username = str(credentials.get("username", ""))
    return username if User.objects.filter(username__iexact=username).exists() else "?"


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


def connect() -> None:
    user_logged_in.connect(signed_in)
    user_logged_out.connect(signed_out)
    user_login_failed.connect(password_refused)
    authentication_failed.connect(second_factor_refused)
