"""소음 민원: left by anybody on a village's page, read and answered by its office."""

import uuid
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from people.models import User
from people.phones import national
from privacy import purposes
from privacy.access import reveal
from privacy.address import client_address
from privacy.masking import masked_phone

from .. import complaints
from ..listener_forms import AnswerForm, NoiseForm, TakenNoiseForm
from ..models import NoiseComplaint
from . import works_in_an_office
from .residents import open_village

if TYPE_CHECKING:
    from . import SignedIn

A_PAGE = 20
OPEN = Q(answered_at=None)
TABS = {"": ("답을 기다림", OPEN), "answered": ("답함", ~OPEN)}


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def noise(request: HttpRequest, pk: int) -> HttpResponse:
    """It is too loud, too early, too often."""
    village = open_village(pk)
    form = NoiseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said, phone = form.cleaned_data["said"], form.cleaned_data["phone"]
        try:
            complaints.leave(village, said, phone, client_address(request))
        except complaints.TooMany as error:
            form.add_error(None, str(error))
        else:
            answer = "답은 문자로 보내 드립니다." if phone else "살펴보고 소리를 고치겠습니다."
            messages.success(request, f"알려 주셔서 고맙습니다. {answer}")
            return redirect("broadcast:village", pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "broadcast/listen_noise.html", {"village": village, "form": form}, status=status)


def _office_only(user: User) -> None:
    if not works_in_an_office(user) or user.is_police:
        raise PermissionDenied("이 화면은 시청과 읍면동 직원만 봅니다.")


@never_cache
@require_GET
def complaint_list(request: "SignedIn") -> HttpResponse:
    """Of the villages that are theirs, newest first. ?state= one of TABS."""
    _office_only(request.user)
    mine = NoiseComplaint.objects.for_user(request.user)
    wanted = request.GET.get("state", "")
    label, chosen = TABS.get(wanted, TABS[""])
    rows = mine.filter(chosen).select_related("village__district").defer("village__district__boundary")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    counts = mine.aggregate(**{key or "open": Count("pk", q) for key, (_, q) in TABS.items()})
    context = {
        "office": True,
        "complaints": reveal(request, page.object_list, "소음 민원 목록"),
        "page": page,
        "asked": f"state={wanted}" if wanted in TABS and wanted else "",
        "label": label,
        "tabs": [(key, words, counts[key or "open"], words == label) for key, (words, _) in TABS.items()],
    }
    return render(request, "broadcast/complaints.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def take(request: "SignedIn") -> HttpResponse:
    """What somebody said on the telephone."""
    _office_only(request.user)
    form = TakenNoiseForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = complaints.take(given["village"], given["said"], given["phone"], request.user)
        messages.success(request, "적었습니다.")
        return redirect("broadcast:complaint", made.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "broadcast/complaint_take.html", {"office": True, "form": form}, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def complaint(request: "SignedIn", pk: uuid.UUID) -> HttpResponse:
    """One, with its answer or a form for it."""
    _office_only(request.user)
    mine = NoiseComplaint.objects.for_user(request.user).select_related("village__district")
    found = get_object_or_404(mine.defer("village__district__boundary"), pk=pk)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            complaints.answer(pk, request.user, form.cleaned_data["words"])
        except complaints.AlreadyAnswered:
            messages.info(request, "이미 답한 민원입니다. 한 번 보낸 답은 바꾸지 않습니다.")
        else:
            messages.success(request, "답을 적었습니다.")
        return redirect("broadcast:complaint", pk)
    why = purposes.seen_for(request, found)
    [shown] = reveal(request, [found], purposes.detail("소음 민원 한 건", why))
    phone = (national if why else masked_phone)(shown.phone) if shown.phone else ""
    context = {"office": True, "complaint": shown, "phone": phone, "form": form}
    if shown.phone:
        context |= purposes.context(request, shown)
    status = 422 if request.method == "POST" else 200
    return render(request, "broadcast/complaint.html", context, status=status)
