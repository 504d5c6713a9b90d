"""What the pages of visits and instructors have in common: who may open them, and the menu of staff around them."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from ..models import Instructor
from ..roles import is_call_centre, is_coordinator, is_instructor, is_officer
from ..staff_menu import menu

if TYPE_CHECKING:
    from ..actors import SignedIn

View = Callable[..., HttpResponse]


def _guarded(may: Callable[[Any], bool], refusal: str) -> Callable[[View], View]:
    def decorated(view: View) -> View:
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not may(request.user):
                raise PermissionDenied(refusal)
            return view(cast("SignedIn", request), *args, **kwargs)

        return guarded

    return decorated


for_requests = _guarded(is_call_centre, "이 화면은 디지털배움터 상담 직원과 운영 담당만 봅니다.")
for_coordinator = _guarded(is_coordinator, "이 화면은 디지털배움터 운영 담당만 봅니다.")
for_officer = _guarded(is_officer, "이 화면은 시청 디지털배움터 담당만 봅니다.")
for_instructors = _guarded(is_instructor, "이 화면은 디지털배움터 강사만 봅니다.")


def shown(
    request: "SignedIn", template: str, here: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """templates/learning/visits/<template>.html with the menu of staff."""
    around = {"menu": menu(request.user, here), **context}
    return render(request, f"learning/visits/{template}.html", around, status=status)


def own_instructor(request: "SignedIn") -> Instructor:
    """Who they are as an instructor. PermissionDenied before the coordinator has written down what they teach."""
    found = Instructor.objects.filter(user=request.user).select_related("user").first()
    if found is None:
        raise PermissionDenied("강사 정보가 아직 없습니다. 운영 담당에게 말씀해 주세요.")
    return found
