"""Rules of a session: whose it is, a second factor before anything else, sign-out when idle, and how live parts end."""

import time
from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from privacy.holdings import Person

from . import citizen
from .by_phone import phone_of_request

#: Session key: Unix seconds of the last thing that a person did.
SEEN = "seen_at"
#: Sent by parts of a page that refresh themselves: nobody did anything.
LIVE = "Jinju-Live"
#: Written again only after this, so that most pages do not write the session (seconds).
GRAIN = 30


class SessionRulesMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # For privacy.access; asked only when something is recorded.
        request.citizen_identifier = SimpleLazyObject(partial(citizen.identifier_of, request))  # type: ignore[attr-defined]
        # For privacy.doors.
        request.person = partial(person_of, request)  # type: ignore[attr-defined]
        user = request.user
        if user.is_authenticated and user.phone_sign_in:
            # They have no password, and what is personal wants a new code (by_phone.py): no idle sign-out, and no pages
            # about passwords.
            if request.path.startswith(staff_only_pages()):
                return HttpResponseRedirect(reverse("people:me"))
        elif user.is_authenticated:
            sign_out_if_idle(request)
            if request.user.is_authenticated and lacks_second_factor(request):
                return HttpResponseRedirect(reverse("people:second_factor"))
        return live_part_leaves_page(request, self.get_response(request))

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        """A rejected form is answered with 422, allauth's too."""
        form = (response.context_data or {}).get("form")
        if request.method == "POST" and response.status_code == 200 and getattr(form, "errors", None):
            response.status_code = 422
        return response


def person_of(request: HttpRequest) -> Person | None:
    phone = phone_of_request(request)
    return Person(phone.number, phone.index) if phone else None


def staff_only_pages() -> tuple[str, ...]:
    return tuple(map(reverse, ("mfa_index", "account_change_password", "account_reauthenticate")))


def sign_out_if_idle(request: HttpRequest) -> None:
    """Ends the session if nobody did anything for SESSION_IDLE_SECONDS; else notes that somebody did."""
    now = time.time()
    seen = request.session.get(SEEN, now)
    if now - seen > settings.SESSION_IDLE_SECONDS:
        logout(request)
    elif LIVE not in request.headers and (SEEN not in request.session or now - seen > GRAIN):
        request.session[SEEN] = now


def lacks_second_factor(request: HttpRequest) -> bool:
    """Whether they must set one up first: all pages wait, but those on which it is done."""
    if getattr(request.user, "has_second_factor", False):
        return False
    open_pages = (reverse("mfa_index"), reverse("account_logout"), reverse("account_reauthenticate"))
    asked = request.path
    return asked != reverse("people:second_factor") and not asked.startswith(
        (*open_pages, settings.STATIC_URL)
    )


def live_part_leaves_page(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """No part of a page is replaced by the sign-in page: the whole page goes there, and back afterwards."""
    sign_in = resolve_url(settings.LOGIN_URL)
    if "HX-Request" in request.headers and response.get("Location", "").startswith(sign_in):
        page = urlsplit(request.headers.get("HX-Current-URL", ""))
        back = page.path + (f"?{page.query}" if page.query else "")
        target = f"{sign_in}?{urlencode({'next': back})}" if back else sign_in
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return response
