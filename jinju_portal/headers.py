"""Headers that neither Django nor django-csp sends."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# A chief's voice needs the microphone of our own pages; nothing else of the device is ever asked for.
PERMISSIONS = "microphone=(self), camera=(), geolocation=(), payment=(), usb=(), display-capture=()"


class HeadersMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if settings.SESSION_COOKIE_NAME in request.COOKIES and _is_page(response):
            # On a computer that many use, "back" after signing out must not show what was there.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


def _is_page(response: HttpResponse) -> bool:
    return response.headers.get("Content-Type", "").startswith("text/html")
