"""접속기록 점검: the months, what was found in one, judging it; and explaining, for staff."""

import uuid
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from .. import officer_menu, whose
from ..access import Action, record
from ..doors import for_officers
from ..forms import ExplainForm, JudgeForm
from ..models import AccessRecord, Finding, Review
from ..review import reviewing
from ..review.detectors import KINDS

#: Access records of a finding that its page shows.
SHOWN = 50


@for_officers
@require_http_methods(["GET", "POST"])
def reviews(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        try:
            first = date.fromisoformat(request.POST.get("month", ""))
            review = reviewing.begin(request, first.replace(day=1))
        except ValueError as error:
            messages.warning(
                request, str(error) if isinstance(error, reviewing.NotPossible) else "달을 골라 주세요."
            )
            return redirect("privacy:reviews")
        return redirect("privacy:review", review.pk)
    known = {one.month: one for one in Review.objects.select_related("reviewer").all()[:24]}
    lines = [(first, late, known.get(first)) for first, late in reviewing.months(timezone.localdate())]
    return render(request, "privacy/reviews.html", {"menu": officer_menu.menu("reviews"), "lines": lines})


@for_officers
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Review.objects.select_related("reviewer"), pk=pk)
    if request.method == "POST":
        try:
            reviewing.finish(request, pk)
            messages.success(request, "이 달의 점검을 마쳤습니다.")
        except reviewing.NotPossible as error:
            messages.warning(request, str(error))
        return redirect("privacy:review", pk)
    rows = list(found.findings.all())
    record(request, Action.VIEW, detail=f"접속기록 점검 {found}: 찾은 것")
    lines = [(one, KINDS[one.kind].label if one.kind in KINDS else one.kind) for one in rows]
    context = {"menu": officer_menu.menu("reviews"), "review": found, "lines": lines}
    return render(request, "privacy/review.html", {**context, "left": sum(not one.result for one in rows)})


@for_officers
@require_http_methods(["GET", "POST"])
def finding(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(Finding.objects.select_related("review", "judged_by"), pk=pk)
    if found.identifier == request.user.get_username():
        raise PermissionDenied(
            "본인에 대한 것은 다른 담당이 봅니다. 소명을 청받으시면 그 화면에서 답하실 수 있습니다."
        )
    form = JudgeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            reviewing.judge(request, pk, form.cleaned_data["result"], form.cleaned_data["words"])
        except reviewing.NotPossible as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "판단을 적었습니다.")
            return redirect("privacy:review", found.review_id)
    rows = list(AccessRecord.objects.filter(pk__in=found.records[:SHOWN]).order_by("at"))
    record(
        request,
        Action.VIEW,
        {s for row in rows for s in row.subjects},
        f"접속기록 점검 {found.review}: 한 건",
    )
    context = {
        "menu": officer_menu.menu("reviews"),
        "finding": found,
        "kind": KINDS.get(found.kind),
        "office": whose.office_at(whose.posts({found.identifier}), found.identifier, found.last_at),
        "rows": [(row, AccessRecord.Action(row.action).label) for row in rows],
        "form": form,
    }
    return render(request, "privacy/finding.html", context, status=422 if form.errors else 200)


@for_officers
@require_POST
def ask(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    get_object_or_404(Finding, pk=pk)
    try:
        reviewing.ask(request, pk)
        messages.success(request, "소명을 청했습니다.")
    except reviewing.NotPossible as error:
        messages.warning(request, str(error))
    return redirect("privacy:finding", pk)


@never_cache
@require_http_methods(["GET", "POST"])
def explain(request: HttpRequest, pk: uuid.UUID | None = None) -> HttpResponse:
    """For whoever is asked: what, and their answer."""
    if getattr(request.user, "phone_sign_in", True):
        raise PermissionDenied
    asked = Finding.objects.filter(identifier=request.user.get_username(), asked_at__isnull=False)
    form = ExplainForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            reviewing.explain(request, pk, form.cleaned_data["words"])
        except Finding.DoesNotExist:
            raise Http404 from None
        except reviewing.NotPossible as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "답을 보냈습니다.")
            return redirect("privacy:explain")
    lines = [(one, KINDS[one.kind].why if one.kind in KINDS else "") for one in asked]
    # One form at a time.
    open_ = next(
        (one for one, _ in lines if not (one.result or one.explained_at) and pk in (None, one.pk)), None
    )
    context = {"lines": lines, "form": form, "open": open_}
    return render(request, "privacy/explain.html", context, status=422 if form.errors else 200)
