"""Where work begins after signing in: each role on its own first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from learning import roles as learning
from learning.staff_menu import works_at_desk
from repair.actors import contractor_of, is_officer


@never_cache
def start(request: HttpRequest) -> HttpResponse:
    if is_officer(request.user):
        return redirect("repair:desk")
    if contractor_of(request.user):
        return redirect("repair:visits")
    if learning.is_coordinator(request.user):
        return redirect("learning:courses")
    if learning.is_call_centre(request.user):
        return redirect("learning:desk_call")
    if works_at_desk(request.user):
        return redirect("learning:desk")
    if learning.is_instructor(request.user):
        return redirect("learning:teach")
    return redirect("broadcast:landing")
