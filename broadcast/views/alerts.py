"""재난 경보: what came in from others, what became of it, and the drafts that wait for the city."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, F, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from privacy.access import reveal

from .. import sensitive
from ..cap.sending import is_open, take_over
from ..models import Alert, AlertSource, Broadcast
from ..reach import by_district, reach_of, with_speakers

if TYPE_CHECKING:
    from . import SignedIn

ALERTS_A_PAGE = 20
#: More drafts wait in no emergency; whoever comes to the end sees the rest.
MOST_DRAFTS = 50
#: Letters of the XML that are shown.
MOST_XML = 20_000
KINDS = {"Alert": "새 경보", "Update": "정정", "Cancel": "취소", "Ack": "답장", "Error": "오류"}
CITY_ONLY = "이 화면은 시청 방송 담당만 봅니다."


def seen_by(request: "SignedIn") -> "QuerySet[Alert]":
    """All, for the city. PermissionDenied for anybody else."""
    if not request.user.is_city_operator:
        raise PermissionDenied(CITY_ONLY)
    return Alert.objects.select_related("source", "broadcast").defer("xml", "references")


@never_cache
@require_GET
def alerts(request: "SignedIn") -> HttpResponse:
    """Drafts first; then everything that came, newest first; then from whom."""
    found = seen_by(request)
    open_ = found.filter(
        broadcast__published_at=None,
        broadcast__submitted_at=None,
        broadcast__author=F("source__account"),
    )
    page = Paginator(found, ALERTS_A_PAGE).get_page(request.GET.get("page"))
    for alert in page:
        alert.kind = KINDS.get(alert.msg_type, alert.msg_type)  # type: ignore[attr-defined]
    context = {
        "office": True,
        "drafts": open_.annotate(villages=Count("broadcast__villages"))[:MOST_DRAFTS],
        "page": page,
        "sources": AlertSource.objects.order_by("-is_active", "name"),
    }
    return render(request, "broadcast/alerts.html", context)


@never_cache
@require_GET
def alert(request: "SignedIn", pk: int) -> HttpResponse:
    """One alert, with where it goes and what it said itself."""
    found = get_object_or_404(seen_by(request).defer(None), pk=pk)
    broadcast = found.broadcast
    reveal(
        request, [found], "재난 경보 한 건과 받은 글"
    )  # it may name somebody, whatever its event is called
    context: dict[str, Any] = {
        "office": True,
        "alert": found,
        "kind": KINDS.get(found.msg_type, found.msg_type),
        "xml": found.xml[:MOST_XML],
        "xml_is_cut": len(found.xml) > MOST_XML,
        "broadcast": broadcast,
        "next": _next(found, broadcast, request),
    }
    if broadcast:
        villages = with_speakers(broadcast.villages.all())
        context |= {"groups": by_district(villages), "reach": reach_of(villages)}
        context |= sensitive.read(request, broadcast, office=True)
        if not context["may_hear"]:
            context["xml"] = ""
    return render(request, "broadcast/alert.html", context)


def _next(alert: Alert, broadcast: Broadcast | None, request: "SignedIn") -> str:
    """What can be done with it: "take", "go_on" (one's own draft), "decide", "status", or ""."""
    if broadcast is None:
        return ""
    if broadcast.published_at:
        return "status"
    if not is_open(broadcast):
        return "" if broadcast.cancelled_at else "decide"
    if broadcast.author_id == request.user.pk:
        return "go_on"
    return "take" if broadcast.author_id == alert.source.account_id else ""


@require_POST
def take(request: "SignedIn", pk: int) -> HttpResponse:
    """The draft becomes this operator's own; they look at it once more and send it like any other."""
    get_object_or_404(seen_by(request), pk=pk)
    try:
        draft = take_over(pk, request.user)
    except Alert.DoesNotExist:  # somebody was quicker, or it was taken back: the page says how it stands
        return redirect("broadcast:alert", pk)
    return redirect("broadcast:review", draft.pk)
