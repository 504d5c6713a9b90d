"""Pages for everybody: no sign-in, the same for all, and so kept for a moment by proxies."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

View = Callable[..., HttpResponse]


def open_page(seconds: int) -> Callable[[View], View]:
    """A view that anybody may GET, and whose answer proxies may keep so long: never one that carries somebody's
    session, for it shows who is signed in."""

    def decorate(view: View) -> View:
        @login_not_required
        @require_safe
        @wraps(view)
        def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response = view(request, *args, **kwargs)
            patch_vary_headers(response, ["Cookie"])  # larger letters, high contrast
            if response.status_code == 200 and settings.SESSION_COOKIE_NAME not in request.COOKIES:
                # A browser asks again, so that "새로 고침" does what it says; a proxy answers for the whole city.
                patch_cache_control(response, public=True, max_age=0, s_maxage=seconds)
            return response

        return shown

    return decorate
