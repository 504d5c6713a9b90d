"""Where somebody goes after signing in."""

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme


def wanted(request: HttpRequest) -> str:
    """The page of this portal that they were on their way to (?next=), or ''."""
    page = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        page, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return page if ours else ""


def after_sign_in(request: HttpRequest) -> str:
    """For those with an account."""
    return wanted(request) or resolve_url(settings.LOGIN_REDIRECT_URL)


def after_phone(request: HttpRequest) -> str:
    """For a citizen: a page that needs an account would only send them back to sign in."""
    page = wanted(request)
    try:
        needs_account = getattr(resolve(page.partition("?")[0]).func, "login_required", True)
    except Resolver404:
        needs_account = True
    return reverse("people:me") if needs_account else page
