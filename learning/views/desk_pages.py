"""What the pages of the desk have in common: who may open them, what is around them, and which rows they find."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache

from ..models import Session
from ..roles import is_instructor
from ..staff_menu import menu, works_at_desk

if TYPE_CHECKING:
    from ..actors import SignedIn

View = Callable[..., HttpResponse]


def _guarded(view: View, may: Callable[[Any], bool], refusal: str) -> View:
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may(request.user):
            raise PermissionDenied(refusal)
        return view(cast("SignedIn", request), *args, **kwargs)

    return guarded


def for_the_desk(view: View) -> View:
    """Call centre, coordinator, and the staff of a centre. Fresh on every look, and kept by no browser."""
    return _guarded(view, works_at_desk, "이 화면은 디지털배움터 상담 직원과 배움터 직원만 봅니다.")


def for_the_class(view: View) -> View:
    """The desk, and instructors (for the classes that they teach): who is there is seen in the room."""
    return _guarded(
        view,
        lambda user: works_at_desk(user) or is_instructor(user),
        "이 화면은 배움터 직원과 그 수업의 강사만 봅니다.",
    )


def shown(
    request: "SignedIn", template: str, here: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """The page with the menu of staff."""
    around = {"menu": menu(request.user, here), **context}
    return render(request, f"learning/desk/{template}.html", around, status=status)


def own_session(request: "SignedIn", pk: int) -> Session:
    """One of theirs, with its seats, course and place; 404 for any other."""
    rows = Session.objects.for_user(request.user).with_seats()
    return get_object_or_404(rows.select_related("course", "room__centre", "series"), pk=pk)
