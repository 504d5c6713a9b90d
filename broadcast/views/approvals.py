"""A second person hears, reads and decides; the sender waits, or breaks the glass; the city reviews that."""

import uuid
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from .. import approval, sensitive
from ..approval import AlreadyDecided, Kind
from ..approval_forms import DecideForm, ReasonForm, VerdictForm
from ..before_sending import before_sending
from ..categories import CATEGORIES
from ..clearance import Refused
from ..models import Broadcast, Village
from ..plan_times import in_words
from ..reach import by_district, reach_of, with_speakers
from ..senders import in_words as sender_in_words
from ..senders import senders
from . import works_in_an_office

if TYPE_CHECKING:
    from django import forms

    from . import SignedIn

#: More are never open at once; whoever comes to the end sees the rest.
MOST = 100


@never_cache
@require_GET
def waiting_list(request: "SignedIn") -> HttpResponse:
    """What waits for this person, and (for the city) what was sent by a broken glass and not looked at yet."""
    if not works_in_an_office(request.user):
        raise PermissionDenied("이 화면은 시청, 읍면동, 경찰의 방송 담당만 봅니다.")
    waits = _rows(Broadcast.objects.decidable_by(request.user).order_by("submitted_at"))
    broken = _rows(approval.unreviewed(request.user).order_by("published_at"))
    own = Broadcast.objects.filter(author=request.user, needs_second_person=True, published_at=None).exclude(
        decisions__kind=Kind.REFUSED
    )
    who = senders({row.author_id for row in (*waits, *broken)})
    context = {
        "office": True,
        "waits": [(row, sender_in_words(row, who)) for row in waits],
        "broken": [(row, sender_in_words(row, who)) for row in broken],
        "own": _rows(own.order_by("submitted_at")),
    }
    return render(request, "broadcast/approvals.html", context)


def _rows(broadcasts: "QuerySet[Broadcast]") -> list[Broadcast]:
    return list(broadcasts.select_related("on_behalf_of__village").annotate(reach=Count("villages"))[:MOST])


@never_cache
@require_http_methods(["GET", "POST"])
def decide(request: "SignedIn", pk: uuid.UUID) -> HttpResponse:
    """The page of one that waits (approve, refuse) or that was sent by a broken glass (review)."""
    seen = Broadcast.objects.decidable_by(request.user) | approval.unreviewed(request.user)
    broadcast = seen.select_related("recording", "author", "on_behalf_of__village").filter(pk=pk).first()
    if broadcast is None:
        return _nothing_to_decide(request, pk)
    form = (VerdictForm if broadcast.published_at else DecideForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _decided(form, pk, request))
            return redirect("broadcast:approvals")
        except AlreadyDecided as other:
            messages.info(request, f"다른 사람이 먼저 결정했습니다: {other.decision.get_kind_display()}")
            return redirect("broadcast:approvals")
        except Refused as refused:
            form.add_error(None, str(refused))
    villages = with_speakers(Village.objects.filter(broadcasts=broadcast))
    context = {
        "office": True,
        "broadcast": broadcast,
        **sensitive.read(request, broadcast, office=True),
        "form": form,
        "sender": sender_in_words(broadcast, senders([broadcast.author_id])),
        "reach": reach_of(villages),
        "groups": by_district(villages),
        "before": None
        if broadcast.published_at
        else before_sending(broadcast, villages, approval.goes_at(broadcast)),
        "goes_at": approval.goes_at(broadcast),
        "repeats": in_words(broadcast.planned) if hasattr(broadcast, "planned") else "",
        "broken": broadcast.decisions.filter(kind=Kind.GLASS_BROKEN).first(),
    }
    return render(request, "broadcast/decide.html", context, status=422 if request.method == "POST" else 200)


def _decided(form: Any, pk: uuid.UUID, request: "SignedIn") -> str:
    """Does what the form says; what to tell whoever did."""
    reason = form.cleaned_data["reason"]
    if isinstance(form, VerdictForm):
        approval.review(pk, request.user, reason, was_right=form.cleaned_data["was_right"] == "yes")
        return "검토한 것을 적었습니다."
    if form.cleaned_data["decision"] == Kind.REFUSED:
        approval.refuse(pk, request.user, reason)
        return "반려했습니다. 보낸 사람이 까닭을 봅니다."
    sent = approval.approve(pk, request.user)
    return "승인했습니다. 방송이 나갑니다." if sent.published_at else "승인했습니다. 예약한 때에 나갑니다."


def _nothing_to_decide(request: "SignedIn", pk: uuid.UUID) -> HttpResponse:
    """Somebody was quicker, which a person who was called to it wants to know; anybody else finds nothing."""
    about = Broadcast.objects.filter(pk=pk, needs_second_person=True).exclude(author=request.user).first()
    if about is None or not request.user.is_city_operator or (done := approval.outcome_of(about)) is None:
        raise Http404
    messages.info(request, f"이미 결정했습니다: {done.get_kind_display()}")
    if about.published_at:
        return redirect("broadcast:status", pk)
    return redirect("broadcast:approvals")


@never_cache
@require_GET
def waiting(request: "SignedIn", pk: uuid.UUID) -> HttpResponse:
    """The sender's own, until somebody has agreed."""
    return _waiting_page(request, _own(request, pk), ReasonForm())


def _waiting_page(
    request: "SignedIn", broadcast: Broadcast, form: "forms.Form", status: int = 200
) -> HttpResponse:
    if broadcast.published_at:
        return redirect("broadcast:status", broadcast.pk)
    decision = approval.outcome_of(broadcast)
    villages = with_speakers(Village.objects.filter(broadcasts=broadcast))
    context = {
        "office": works_in_an_office(request.user),
        "broadcast": broadcast,
        "decision": decision,
        **sensitive.read(request, broadcast, office=works_in_an_office(request.user)),
        "form": form,
        "may_break": decision is None and CATEGORIES[broadcast.category].disaster,
        "reach": reach_of(villages),
        "groups": by_district(villages),
        "is_planned": hasattr(broadcast, "planned"),
    }
    return render(request, "broadcast/waiting.html", context, status=status)


@require_POST
def glass(request: "SignedIn", pk: uuid.UUID) -> HttpResponse:
    """In a disaster: at once, with a reason."""
    broadcast = _own(request, pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            approval.break_glass(pk, request.user, form.cleaned_data["reason"])
        except AlreadyDecided as other:
            messages.info(request, f"이미 결정했습니다: {other.decision.get_kind_display()}")
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "바로 보냈습니다. 당직자에게 알렸고, 나중에 다른 사람이 검토합니다.")
    if form.errors:
        return _waiting_page(request, broadcast, form, status=422)
    return redirect("broadcast:waiting", pk)


def _own(request: "SignedIn", pk: uuid.UUID) -> Broadcast:
    own = Broadcast.objects.select_related("recording").filter(author=request.user)
    return get_object_or_404(own, pk=pk, needs_second_person=True, submitted_at__isnull=False)
