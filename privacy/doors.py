"""Who may open which page of privacy/: everybody, one person (정보주체), the privacy officer's team."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.views.decorators.cache import never_cache

from . import name_behind
from .holdings import Person

View = Callable[..., HttpResponse]
#: Of people.RoleGrant.
OFFICER = "privacy_officer"


def is_officer(user: Any) -> bool:
    """개인정보 보호책임자 and their team."""
    return bool(user.is_authenticated) and user.has_role(OFFICER)


def is_own(request: HttpRequest, phone_index: str) -> bool:
    """Whether that phone is the officer's own: nobody decides on what concerns themselves."""
    return bool(phone_index) and phone_index == getattr(request.user, "phone_index", None)


def for_officers(view: View) -> View:
    """403 for everybody else. Who is not signed in goes there first (LoginRequiredMiddleware)."""

    @never_cache
    @wraps(view)
    def asked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not is_officer(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return asked


def for_person(view: View) -> View:
    """view(request, person, …). Without a phone: to the code, then back here; staff are told to sign out. Then to the
    name, where one stands behind that phone."""

    def named(request: HttpRequest, person: Person, *args: object, **kwargs: object) -> HttpResponse:
        known = name_behind.said(request, person)
        if known is None:
            return redirect(f"{reverse('privacy:name')}?{urlencode({'next': request.path})}")
        return view(request, known, *args, **kwargs)

    return for_phone(wraps(view)(named))


def for_phone(view: View) -> View:
    """As for_person, and whoever has the phone: anybody may ask something."""

    @login_not_required
    @never_cache
    @wraps(view)
    def asked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.user.is_authenticated and not getattr(request.user, "phone_sign_in", False):
            return render(request, "privacy/staff.html", status=403)
        # people/middleware.py: privacy knows nobody.
        person: Person | None = request.person()  # type: ignore[attr-defined]
        if person is None:
            if request.method == "POST":
                messages.warning(
                    request, "시간이 지나 다시 확인이 필요합니다. 확인하신 뒤 한 번 더 눌러 주세요."
                )
            return redirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': request.path})}")
        return view(request, person, *args, **kwargs)

    return asked
