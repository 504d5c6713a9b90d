"""유출 대응: who was exposed, what must be said to whom until when, and what was done."""

import csv
import uuid
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from .. import breach_notices, breaches, clocks, officer_menu, telling
from ..access import Action, record
from ..doors import for_officers
from ..exposed import exposed, looks, summary
from ..forms import BreachForm, NoticesForm
from ..models import Breach, BreachNotice

A_PAGE = 20


def clock(breach: Breach) -> dict[str, Any]:
    until = clocks.breach_until(breach.known_at)
    left = until - timezone.now()
    hours = int(abs(left).total_seconds() // 3600)
    return {
        "until": timezone.localtime(until),
        "words": f"{hours}시간 남았습니다" if left.total_seconds() > 0 else f"{hours}시간 지났습니다",
        "late": left.total_seconds() <= 0,
    }


@for_officers
@require_http_methods(["GET", "POST"])
def all_(request: HttpRequest) -> HttpResponse:
    """Those there were; and opening one, or a drill."""
    form = BreachForm(
        request.POST if request.method == "POST" else None, initial={"known_at": timezone.localtime()}
    )
    if request.method == "POST" and form.is_valid():
        breach = breaches.open_(request, form.save(commit=False))
        messages.success(request, "열었습니다. 아래 순서대로 해 주세요.")
        return redirect("privacy:breach", breach.pk)
    rows = [
        (one, clock(one) if one.told_at is None and one.state != "closed" else None)
        for one in Breach.objects.all()[:50]
    ]
    context = {"menu": officer_menu.menu("breaches"), "rows": rows, "form": form}
    return render(request, "privacy/breaches.html", context, status=422 if form.errors else 200)


@for_officers
@require_GET
def one(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return render(request, "privacy/breach.html", _page(request, get_object_or_404(Breach, pk=pk)))


def _page(request: HttpRequest, breach: Breach, form: NoticesForm | None = None) -> dict[str, Any]:
    found = exposed(breach)
    known = summary(found)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    times = looks(breach, page)
    # Those whom it concerns read this: not what somebody called it.
    record(request, Action.VIEW, [one.subject for one in page], "유출 대응: 노출된 목록")
    return {
        "menu": officer_menu.menu("breaches"),
        "breach": breach,
        "clock": clock(breach),
        "known": known,
        "count": len(found),
        "page": page,
        "lines": [(one, times.get(one.subject)) for one in page],
        "report": breach_notices.must_report(
            known.people, sensitive=known.sensitive, from_outside=breach.from_outside
        ),
        "form": form or NoticesForm(instance=breach),
        "own": breach.asked_by_id == request.user.pk,
        "own_end": breach.ending_by_id == request.user.pk,
        "notices": breach.notices.select_related("approved_by"),
        "sent": telling.sent(breaches.told_as(breach)),
        "steps": breach.steps.select_related("by"),
    }


@for_officers
@require_POST
def judge(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    get_object_or_404(Breach, pk=pk)
    if request.POST.get("state") in ("possible", "confirmed", "all_clear"):
        return _done(
            request, pk, lambda: breaches.judge(request, pk, request.POST["state"]), "판단을 적었습니다."
        )
    return redirect("privacy:breach", pk)


@for_officers
@require_POST
def write(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    breach = get_object_or_404(Breach, pk=pk)
    form = NoticesForm(request.POST, instance=Breach(pk=breach.pk))
    if not form.is_valid():
        return render(request, "privacy/breach.html", _page(request, breach, form), status=422)
    return _done(
        request,
        pk,
        lambda: breaches.write(request, pk, form.cleaned_data),
        "승인을 청했습니다. 다른 담당이 승인하면 알립니다.",
    )


@for_officers
@require_POST
def approve(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    get_object_or_404(Breach, pk=pk)
    return _done(request, pk, lambda: breaches.approve(request, pk), "승인했습니다.")


@for_officers
@require_POST
def note(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    get_object_or_404(Breach, pk=pk)
    if request.POST.get("what") == "closed":
        return _done(
            request, pk, lambda: breaches.close(request, pk), "적었습니다. 두 사람이 눌러야 마칩니다."
        )
    if request.POST.get("what") in ("reported", "posted"):
        return _done(request, pk, lambda: breaches.note(request, pk, request.POST["what"]), "적었습니다.")
    return redirect("privacy:breach", pk)


def _done(request: HttpRequest, pk: uuid.UUID, deed: Any, said: str) -> HttpResponse:
    try:
        deed()
    except breaches.NotPossible as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, said)
    return redirect("privacy:breach", pk)


@for_officers
@require_http_methods(["GET", "POST"])
def people(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The list of phones with what was shown, as CSV: for telling people otherwise. For a reason, which is recorded."""
    breach = get_object_or_404(Breach, pk=pk)
    reason = request.POST.get("reason", "").strip()[:200]
    if request.method == "GET" or not reason:
        missing = request.method == "POST"
        context = {"menu": officer_menu.menu("breaches"), "breach": breach, "missing": missing}
        return render(request, "privacy/breach_people.html", context, status=422 if missing else 200)
    if breach.is_drill or not breach.notices.exists():  # one officer alone takes nobody's numbers along
        messages.error(request, "훈련이 아닌 일에서, 다른 담당이 알릴 글을 승인한 뒤에 받을 수 있습니다.")
        return redirect("privacy:breach", pk)
    found = exposed(breach)
    known = summary(found)
    record(request, Action.DOWNLOAD, [one.subject for one in found], f"유출 대응 명단: {reason}")
    answer = HttpResponse(content_type="text/csv; charset=utf-8-sig")
    answer["Content-Disposition"] = 'attachment; filename="breach.csv"'
    answer.write("\ufeff")
    out = csv.writer(answer)
    out.writerow(["휴대전화", "노출된 것"])
    out.writerows([phone, ", ".join(sorted(what))] for phone, what in sorted(known.phones.items()))
    out.writerow([f"연락처를 알 수 없는 것 {known.nobody}건", ""])
    return answer


@login_not_required
@require_safe
def posted(request: HttpRequest) -> HttpResponse:
    """누리집 게시, for those whom no phone reaches: thirty days (시행령 제39조)."""
    since = timezone.now() - timedelta(days=breach_notices.POSTED_DAYS)
    newest = BreachNotice.objects.filter(breach=OuterRef("pk")).order_by("-at")
    rows = Breach.objects.filter(posted_at__gte=since, is_drill=False)
    rows = rows.annotate(said=Subquery(newest.values("to_everybody")[:1]))
    return render(request, "privacy/posted.html", {"rows": rows})
