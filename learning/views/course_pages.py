"""과정: what is taught. A list, one course with the classes to come, writing one down."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from ..attending import with_heads
from ..course_forms import CourseForm
from ..models import Course, CourseRule, Session
from ..roles import is_coordinator
from .desk_pages import shown

if TYPE_CHECKING:
    from ..actors import SignedIn

View = Callable[..., HttpResponse]
#: Of the page of one course.
MOST = 100


def for_the_coordinator(view: View) -> View:
    """403 for everybody but the coordinator and the city's officer. Never kept by a browser."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_coordinator(request.user):
            raise PermissionDenied("이 화면은 디지털배움터 운영 담당만 봅니다.")
        return view(cast("SignedIn", request), *args, **kwargs)

    return guarded


@for_the_coordinator
@require_GET
def courses(request: "SignedIn") -> HttpResponse:
    to_come = Count(
        "sessions", Q(sessions__starts_at__gt=timezone.now()) & ~Q(sessions__state=Session.State.CANCELLED)
    )
    return shown(request, "courses", "courses", {"courses": Course.objects.annotate(to_come=to_come)})


@for_the_coordinator
@require_GET
def course(request: "SignedIn", pk: int) -> HttpResponse:
    found = get_object_or_404(Course, pk=pk)
    rows = with_heads(Session.objects.filter(course=found).upcoming().with_seats())
    context = {
        "course": found,
        "sessions": rows.select_related("course", "room__centre", "series")[:MOST],
        "rules": rules_of(found),
        "now": timezone.now(),
    }
    return shown(request, "course", "courses", context)


def rules_of(course: Course) -> list[tuple[CourseRule, str]]:
    """Each condition with its standing: in force, to come or past."""
    today = timezone.localdate()

    def standing(rule: CourseRule) -> str:
        if rule.from_on > today:
            return "to_come"
        return "past" if rule.until_on and rule.until_on < today else "in_force"

    return [(rule, standing(rule)) for rule in course.rules.order_by("-from_on", "-pk")]


@for_the_coordinator
@require_http_methods(["GET", "POST"])
def new(request: "SignedIn") -> HttpResponse:
    form = CourseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = Course.objects.create(**form.cleaned_data)
        messages.success(request, "과정을 만들었습니다. 이제 수업을 열어 주세요.")
        return redirect("learning:course", made.pk)
    return shown(
        request, "course_form", "courses", {"form": form, "course": None}, 422 if form.errors else 200
    )


@for_the_coordinator
@require_http_methods(["GET", "POST"])
def edit(request: "SignedIn", pk: int) -> HttpResponse:
    """The words and the usual numbers; classes that are open already keep theirs."""
    found = get_object_or_404(Course, pk=pk)
    names = list(CourseForm.base_fields)
    form = CourseForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(found, name) for name in names},
    )
    if request.method == "POST" and form.is_valid():
        for name in names:
            setattr(found, name, form.cleaned_data[name])
        found.save(update_fields=names)
        messages.success(request, "과정을 고쳤습니다.")
        return redirect("learning:course", pk)
    return shown(
        request, "course_form", "courses", {"form": form, "course": found}, 422 if form.errors else 200
    )
