"""Where work begins after signing in: each role on its own first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from repair.actors import contractor_of, is_officer


@never_cache
def start(request: HttpRequest) -> HttpResponse:
    if is_officer(request.user):
        return redirect("repair:desk")
    if contractor_of(request.user):
        return redirect("repair:visits")
    return redirect("broadcast:landing")
