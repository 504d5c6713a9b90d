"""우리 동네: the district that somebody chose, kept on their own device for a year. We keep it nowhere."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE = "district"
YEAR = 365 * 24 * 3600


def district_of(request: HttpRequest) -> str:
    """A code, or anything else that somebody wrote there."""
    return request.COOKIES.get(COOKIE, "")[:10]


def remember_district(response: HttpResponse, code: str) -> None:
    """ "" forgets it."""
    if not code:
        response.delete_cookie(COOKIE, samesite="Lax")
        return
    response.set_cookie(
        COOKIE, code, max_age=YEAR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
