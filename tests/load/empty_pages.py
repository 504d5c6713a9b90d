"""The portal with two pages more, to measure against: one that shows nothing but what every page has, and one that is
not even that. Only benchmarks serve them (ROOT_URLCONF)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from jinju_portal.urls import handler400, handler500  # noqa: F401
from jinju_portal.urls import urlpatterns as portal


def empty(request: HttpRequest) -> HttpResponse:
    """Through every middleware, with whoever is signed in, in the frame of every page."""
    return render(request, "base.html")


def bare(request: HttpRequest) -> HttpResponse:
    """Through every middleware, and a word."""
    return HttpResponse("ok")


empty.login_required = bare.login_required = False  # type: ignore[attr-defined]
urlpatterns = [path("bench/empty/", empty), path("bench/bare/", bare), *portal]
