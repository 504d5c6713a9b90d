"""After sending: how far it has come, every delivery, sending again."""

import uuid
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from .. import sensitive
from ..before_sending import day_and_clock
from ..categories import CATEGORIES
from ..compose import NO_TEXT, AlreadyWritten, add_text
from ..forms import TextForm
from ..holding import still_held
from ..models import Broadcast, Delivery
from ..progress import LOST, TAKEN_BACK
from ..publish import resend
from ..senders import in_words, senders
from ..states import ENDED, REASONS, State
from . import works_in_an_office
from .arrival import arrival_of
from .stopping import may_stop

if TYPE_CHECKING:
    from . import SignedIn

STOP_POLLING = 286
STATE_WORDS = dict(State.choices)
RECEIPTS_A_PAGE = 50
OFFICE_ONLY = "이 화면은 시청과 읍면동 직원만 봅니다."


def _sent(request: "SignedIn", pk: uuid.UUID) -> Broadcast:
    seen = Broadcast.objects.for_user(request.user).select_related("recording", "on_behalf_of__village")
    return get_object_or_404(seen, pk=pk)


@never_cache
@require_GET
def status(request: "SignedIn", pk: uuid.UUID) -> HttpResponse:
    broadcast = _sent(request, pk)
    if not broadcast.published_at:
        return redirect("broadcast:review", pk)
    return _status_page(request, broadcast, TextForm())


def _status_page(
    request: "SignedIn", broadcast: Broadcast, form: TextForm, status: int = 200
) -> HttpResponse:
    live = _live_context(request, broadcast)
    who = senders({broadcast.author_id, broadcast.cancelled_by_id or broadcast.author_id})
    near = Q(corrects=broadcast) | Q(pk=broadcast.corrects_id)
    related = Broadcast.objects.for_user(request.user).filter(near, published_at__isnull=False)
    by_hand = CATEGORIES[broadcast.category].by_hand
    mine = Broadcast.objects.cancellable_by(request.user).filter(pk=broadcast.pk).exists()
    context = {
        **live,
        "sender": in_words(broadcast, who),
        "stopped_by": who.get(broadcast.cancelled_by_id or broadcast.pk, "재난 경보를 낸 곳"),
        "related": related,
        "may_stop": mine and may_stop(broadcast, live["arrival"].progress),
        "may_correct": mine and by_hand,
        "text_form": form,
        **sensitive.read(request, broadcast, office=live["office"]),
        "wants_text": broadcast.text == NO_TEXT and broadcast.author_id == request.user.pk,
    }
    return render(request, "broadcast/status.html", context, status=status)


@never_cache
@require_GET
def live(request: "SignedIn", pk: uuid.UUID) -> HttpResponse:
    """The part of the status page that changes. 286 when nothing more will come."""
    broadcast = _sent(request, pk)
    if not broadcast.published_at:
        raise Http404
    context = _live_context(request, broadcast)
    ended = context["arrival"].progress.has_ended
    return render(request, "broadcast/_live.html", context, status=STOP_POLLING if ended else 200)


def _live_context(request: "SignedIn", broadcast: Broadcast) -> dict[str, Any]:
    office = works_in_an_office(request.user)
    return {
        "broadcast": broadcast,
        "office": office,
        "held": [(day_and_clock(due, timezone.now()), n) for due, n in still_held(broadcast)],
        "arrival": arrival_of(broadcast, request.user, with_map=office),
        "may_resend": bool(broadcast.recording.file) and not broadcast.cancelled_at,
    }


@require_POST
def send_again(request: "SignedIn", pk: uuid.UUID) -> HttpResponse:
    """To those that did not hear it; or, asked for by themselves, to those of which nobody knows."""
    try:
        count = resend(pk, request.user, {State.UNKNOWN} if "unknown" in request.POST else LOST)
    except Broadcast.DoesNotExist:
        raise Http404 from None
    if count:
        messages.success(request, f"{count:,}곳에 다시 보냅니다.")
    else:
        messages.info(request, "다시 보낼 곳이 없습니다.")
    return redirect("broadcast:status", pk)


@require_POST
def text(request: "SignedIn", pk: uuid.UUID) -> HttpResponse:
    """What was said, written down by the one who said it; once."""
    own = Broadcast.objects.select_related("recording").filter(author=request.user)
    broadcast = get_object_or_404(own, pk=pk, published_at__isnull=False)
    form = TextForm(request.POST)
    if form.is_valid():
        try:
            add_text(pk, request.user, form.cleaned_data["text"])
        except AlreadyWritten:
            messages.info(request, "글이 이미 있습니다. 한 번 적은 글은 바꾸지 않습니다.")
        else:
            messages.success(request, "글을 적었습니다. 듣지 못하는 분도 이제 읽을 수 있습니다.")
        return redirect("broadcast:status", pk)
    return _status_page(request, broadcast, form, status=422)


@never_cache
@require_GET
def receipts(request: "SignedIn", pk: uuid.UUID) -> HttpResponse:
    """Every delivery, and all that its gateway said. ?state= one of RECEIPT_FILTERS."""
    broadcast = _sent(request, pk)
    if not works_in_an_office(request.user):
        raise PermissionDenied(OFFICE_ONLY)
    if not broadcast.published_at:
        raise Http404
    deliveries = Delivery.objects.for_user(request.user).filter(broadcast=broadcast)
    wanted = request.GET.get("state", "")
    known = wanted in RECEIPT_FILTERS
    rows = deliveries.filter(RECEIPT_FILTERS[wanted][1]) if known else deliveries
    page = Paginator(_for_reading(rows), RECEIPTS_A_PAGE).get_page(request.GET.get("page"))
    for row in page:
        row.words = REASONS.get(row.reason, "")  # type: ignore[attr-defined]
        for receipt in row.receipts.all():
            receipt.words = STATE_WORDS.get(receipt.state, receipt.state)  # type: ignore[attr-defined]
    counts = deliveries.aggregate(**{key or "all": Count("pk", q) for key, (_, q) in RECEIPT_FILTERS.items()})
    context = {
        "office": True,
        "broadcast": broadcast,
        "sender": in_words(broadcast, senders([broadcast.author_id])),
        "page": page,
        "wanted": wanted,
        "asked": f"state={wanted}" if known and wanted else "",
        "error": "" if known else "없는 상태입니다. 아래에서 골라 주세요.",
        "filters": [(key, label, counts[key or "all"]) for key, (label, _) in RECEIPT_FILTERS.items()],
    }
    return render(request, "broadcast/receipts.html", context, status=200 if known else 422)


RECEIPT_FILTERS = {
    "": ("모두", Q()),
    "trouble": ("못 한 곳", Q(state__in=LOST)),
    "unknown": ("알 수 없음", Q(state=State.UNKNOWN)),
    "going": ("나가는 중", ~Q(state__in=ENDED)),
    "played": ("방송 끝", Q(state=State.PLAYED)),
    "stopped": ("멈춤", Q(state__in=TAKEN_BACK)),
}


def _for_reading(rows: "QuerySet[Delivery]") -> "QuerySet[Delivery]":
    return (
        rows.select_related("gateway__village__district")
        .defer("gateway__village__district__boundary")
        .prefetch_related("receipts")
        .order_by("gateway__village__district_id", "gateway__village__name", "gateway__code")
    )
