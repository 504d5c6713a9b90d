"""Pages for when something is wrong. Each says in plain words what to do, and keeps the phone number.

400, 413 and 500 may come from a broken portal, so they need no request, no session and no database.
404, 403 and 429 are ordinary pages (templates of these names, found by Django and allauth).
"""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from .page import city

log = logging.getLogger(__name__)
LAST_RESORT = (
    '<!doctype html><html lang="ko"><meta charset="utf-8"><title>잠시 문제가 생겼습니다</title>'
    "<h1>잠시 문제가 생겼습니다</h1><p>잠시 뒤 다시 해 주세요. 급하시면 시청으로 전화해 주세요.</p></html>"
)


def server_error(request: HttpRequest) -> HttpResponse:
    return _bare("500.html", 500)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _bare("400.html", 400)


def too_large(request: HttpRequest, megabytes: int, *, papers: bool = False) -> HttpResponse:
    """`papers`: photos and papers were sent, not a recording."""
    return _bare("413.html", 413, megabytes=megabytes, papers=papers)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long, or cookies are off."""
    return render(request, "403_csrf.html", status=403)


def _bare(template: str, status: int, **words: object) -> HttpResponse:
    try:
        return HttpResponse(render_to_string(template, {"portal": city(), **words}), status=status)
    except Exception:  # whatever it is, somebody is waiting for a page
        log.exception("error page %s", template)
        return HttpResponse(LAST_RESORT, status=status)
