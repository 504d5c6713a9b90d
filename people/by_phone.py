"""Pages that ask for a phone first: whose it is decides what they see."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from . import citizen

View = Callable[..., HttpResponse]
#: Session key of an account that signs in by phone: Unix seconds of its code.
SHOWN = "phone_shown_at"


@dataclass(frozen=True)
class Phone:
    """Of whoever asks, shown to be theirs by a code. `number`: E.164."""

    number: str
    index: str


def phone_of_request(request: HttpRequest) -> Phone | None:
    """A citizen's session, or somebody who signs in by phone (a chief is a citizen too). None: nobody showed one.

    A chief's phone stays signed in for a month to broadcast; what is personal wants a code of the last hour from them,
    like from everybody.
    """
    user = request.user
    if user.is_authenticated:
        if user.phone_sign_in and user.phone_index and shown_lately(request):
            return Phone(user.phone, user.phone_index)
        return None
    code = citizen.code_of(request)
    return Phone(code.phone, code.phone_index) if code else None


def shown_lately(request: HttpRequest) -> bool:
    """Whether the account of this session used a code within the time of a citizen's session."""
    return timezone.now().timestamp() - request.session.get(SHOWN, 0) < settings.CITIZEN_SESSION_SECONDS


def by_phone(
    *, staff_page: str, too_long: str, back: Callable[[HttpRequest], str] = lambda request: request.path
) -> Callable[[View], View]:
    """view(request, phone, …). Without a phone: to the code and then to `back`.

    `staff_page`: the template that tells staff where they do it; `too_long`: said to whoever sent something after
    their code no longer counted.
    """

    def decorated(view: View) -> View:
        @login_not_required
        @never_cache
        @wraps(view)
        def asked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if request.user.is_authenticated and not request.user.phone_sign_in:
                return render(request, staff_page, status=403)
            phone = phone_of_request(request)
            if phone is None:
                if request.method == "POST":
                    messages.warning(request, too_long)
                return redirect(f"{reverse('people:sign_in')}?{urlencode({'next': back(request)})}")
            return view(request, phone, *args, **kwargs)

        return asked

    return decorated
