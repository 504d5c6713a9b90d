"""참여 조건 of a course, each with its days and its reason: one is added, and ended, but never changed."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from ..conditions import Terms, ages
from ..course_forms import RuleForm
from ..models import Course, CourseRule
from .course_pages import for_the_coordinator, rules_of
from .desk_pages import shown

if TYPE_CHECKING:
    from ..actors import SignedIn


def _in_words(rule: CourseRule) -> str:
    """What it asks: 65세부터, 먼저 ‘기본’ 수업."""
    terms = Terms(rule.from_on, rule.until_on, rule.age_from, rule.age_until, rule.needs_level, rule.reason)
    asked = [ages(terms)] if ages(terms) else []
    if rule.needs_level:
        asked.append(f"같은 주제의 ‘{rule.get_needs_level_display()}’ 수업에 먼저 나온 분")
    return ", ".join(asked)


@for_the_coordinator
@require_http_methods(["GET", "POST"])
def rules(request: "SignedIn", pk: int) -> HttpResponse:
    course = get_object_or_404(Course, pk=pk)
    form = RuleForm(
        request.POST if request.method == "POST" else None, initial={"from_on": timezone.localdate()}
    )
    if request.method == "POST" and form.is_valid():
        CourseRule.objects.create(course=course, **form.cleaned_data)
        messages.success(request, "조건을 더했습니다. 이미 신청하신 분은 그대로입니다.")
        return redirect("learning:course_rules", pk)
    context = {
        "course": course,
        "form": form,
        "rules": [(rule, standing, _in_words(rule)) for rule, standing in rules_of(course)],
    }
    return shown(request, "course_rules", "courses", context, 422 if form.errors else 200)


@for_the_coordinator
@require_POST
def end(request: "SignedIn", pk: int) -> HttpResponse:
    """No more from tomorrow on; one that has not begun never holds."""
    rule = get_object_or_404(CourseRule, pk=pk)
    today = timezone.localdate()
    if rule.from_on > today:
        rule.delete()
        messages.success(request, "아직 적용하지 않은 조건이라 지웠습니다.")
    elif rule.until_on is None or rule.until_on > today:
        rule.until_on = today
        rule.save(update_fields=["until_on"])
        tomorrow = today + timedelta(days=1)
        messages.success(request, f"{tomorrow.month}월 {tomorrow.day}일 수업부터 적용하지 않습니다.")
    return redirect("learning:course_rules", rule.course_id)
