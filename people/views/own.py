"""One's own page."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from privacy.access import Action, record
from privacy.masking import masked_phone

from .. import citizen


@login_not_required
@never_cache
def me(request: HttpRequest) -> HttpResponse:
    """Who is signed in here: an account, or a citizen by phone."""
    if request.user.is_authenticated:
        return render(request, "people/me.html", {"phone": masked_phone(request.user.phone)})
    code = citizen.code_of(request)
    if code is None:
        return redirect("people:sign_in")
    return render(request, "people/me.html", {"phone": masked_phone(code.phone), "citizen": True})


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends a citizen's session (accounts: account_logout)."""
    code = citizen.code_of(request)
    if code is not None:
        record(request, Action.SIGN_OUT, who=citizen.identifier(code))
        citizen.end(request)
    return redirect("/")


@never_cache
def second_factor(request: HttpRequest) -> HttpResponse:
    """Where staff without a second factor are led before anything else (middleware.py)."""
    if getattr(request.user, "has_second_factor", True):
        return redirect("mfa_index")
    return render(request, "people/second_factor.html")
