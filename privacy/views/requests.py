"""The desk of requests (열람, 정정·삭제, 처리정지): what is due when, and answering."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from .. import clocks, officer_menu, requesting
from ..access import reveal
from ..doors import for_officers
from ..forms import GrantForm, PostponeForm, RefuseForm
from ..holdings import Person
from ..masking import masked_phone
from ..models import Request
from ..person import names, rows_of
from ..refusal_grounds import GROUNDS

A_PAGE = 20
TABS = {"open": "답할 것", "late": "기한 지남", "all": "모두"}
DEEDS = {"grant": "들어주고 답하기", "refuse": "거절하기", "postpone": "기한 늦추기"}


def badge(row: Request) -> tuple[str, str]:
    """(look, words)."""
    if row.state not in Request.RUNNING:
        return {"granted": "good", "refused": "bad", "withdrawn": "wait"}[row.state], row.get_state_display()
    left = (row.due_on - timezone.localdate()).days
    waits = "둘째 담당이 지우기를 기다림, " if row.state == Request.State.ERASING else ""
    if left < 0:
        return "bad", f"{waits}{-left}일 지남"
    look = "warn" if left <= 2 else "info"
    return look, f"{waits}오늘까지" if left == 0 else f"{waits}{left}일 남음"


@for_officers
@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else "open"
    still = Request.objects.filter(state__in=Request.RUNNING)
    late = still.filter(due_on__lt=timezone.localdate())
    rows = {"open": still.order_by("due_on"), "late": late.order_by("due_on"), "all": Request.objects.all()}
    counts = {"open": still.count(), "late": late.count()}
    page = Paginator(rows[tab], A_PAGE).get_page(request.GET.get("page"))
    shown = reveal(request, page.object_list, "정보주체의 요구 목록")
    context = {
        "menu": officer_menu.menu("requests"),
        "lines": [(row, masked_phone(row.phone), badge(row)) for row in shown],
        "tabs": [(key, words, counts.get(key), key == tab) for key, words in TABS.items()],
        "tab": tab,
        "page": page,
    }
    return render(request, "privacy/requests.html", context)


def _form(row: Request, deed: str, data: Any) -> forms.Form:
    if deed == "refuse":
        return RefuseForm(data, kind=row.kind)
    return PostponeForm(data, latest=clocks.last_day(row.due_on)) if deed == "postpone" else GrantForm(data)


@for_officers
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = get_object_or_404(Request, pk=pk)
    deeds = {key: words for key, words in DEEDS.items() if key != "postpone" or row.kind == Request.Kind.COPY}
    deed = request.GET.get("deed", "")
    deed = deed if deed in deeds else "grant"
    form = _form(row, deed, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            if deed == "refuse":
                requesting.refuse(request, pk, given["ground"], given["answer"])
            elif deed == "postpone":
                requesting.postpone(request, pk, given["why"], given["until"])
            else:
                requesting.grant(request, pk, given["answer"])
        except requesting.NotPossible as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _done(deed, row))
            return redirect("privacy:request", pk)
    return render(
        request,
        "privacy/request.html",
        _page(request, row, deed, deeds, form),
        status=422 if form.errors else 200,
    )


def _done(deed: str, row: Request) -> str:
    if deed == "postpone":
        return "늦춘다고 알렸습니다."
    if deed == "grant" and row.kind == Request.Kind.ERASE:
        return "지운다고 알렸습니다. 다른 담당이 한 번 더 보고 지웁니다."
    return "답을 보냈습니다."


def _page(
    request: HttpRequest, row: Request, deed: str, deeds: dict[str, str], form: forms.Form
) -> dict[str, Any]:
    [row] = reveal(request, [row], "정보주체의 요구 한 건")
    held = [
        (holding, len(rows), {kept for one in rows if (kept := holding.kept(one))})
        for holding, rows in rows_of(Person(row.phone, row.phone_index, row.name_code))
    ]
    return {
        "menu": officer_menu.menu("requests"),
        "row": row,
        "phone": masked_phone(row.phone),
        "badge": badge(row),
        "ground": GROUNDS.get(row.ground),
        "held": held,
        "names": len(names(Person(row.phone, row.phone_index, row.name_code))),
        "deeds": list(deeds.items()),
        "deed": deed,
        "form": form,
        "steps": row.steps.select_related("by"),
    }
