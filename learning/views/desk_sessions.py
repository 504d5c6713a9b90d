"""Classes of one's centre (or of all): the list by day, one class with those who come, and the list on paper."""

from datetime import date, datetime, time
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from privacy import purposes
from privacy.access import Action, reveal
from privacy.masking import masked_name

from ..attending import of_class, with_heads
from ..booking_states import State
from ..fields import NarrowForm
from ..models import Session
from ..roles import is_coordinator
from .desk_caller import centres_of
from .desk_pages import for_the_class, for_the_desk, own_session, shown

if TYPE_CHECKING:
    from ..actors import SignedIn

A_PAGE = 20


@for_the_desk
@require_GET
def sessions(request: "SignedIn") -> HttpResponse:
    """From today on; ?day= that day alone, also one that is over; ?topic=, ?centre=, ?page=."""
    narrow = NarrowForm(request.GET, centres=centres_of(request))
    wanted = narrow.wanted
    rows = with_heads(Session.objects.for_user(request.user).with_seats())
    if wanted["day"]:
        rows = rows.filter(starts_at__date=wanted["day"])
    else:
        rows = rows.filter(starts_at__gte=timezone.make_aware(datetime.combine(timezone.localdate(), time())))
    if wanted["topic"]:
        rows = rows.filter(course__topic=wanted["topic"])
    if wanted["centre"]:
        rows = rows.filter(room__centre=wanted["centre"])
    rows = rows.select_related("course", "room__centre").order_by("starts_at", "pk")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    asked = request.GET.copy()
    asked.pop("page", None)
    context = {
        "narrow": narrow,
        "page": page,
        "days": [(day, list(rows)) for day, rows in groupby(page.object_list, _day)],
        "asked": asked.urlencode(),
        "narrowed": any(asked.values()),
        "today": timezone.localdate(),
        "now": timezone.now(),
    }
    return shown(request, "sessions", "desk", context, 422 if narrow.errors else 200)


def _day(session: Session) -> date:
    return timezone.localdate(session.starts_at)


def _facts(session: Session) -> dict[str, Any]:
    now = timezone.now()
    return {
        "session": session,
        "now": now,
        "is_called_off": session.state == Session.State.CANCELLED,
        "is_closed": session.state == Session.State.CLOSED,
        "is_to_come": session.starts_at > now and session.state != Session.State.CANCELLED,
        "has_ended": session.ends_at <= now,
    }


@for_the_desk
@require_GET
def session(request: "SignedIn", pk: int) -> HttpResponse:
    found = own_session(request, pk)
    rows = reveal(
        request, of_class(found, State.CONFIRMED, State.OFFERED, State.WAITING), "배움터 수업의 신청 목록"
    )
    lines = [(each, masked_name(each.learner.name)) for each in rows]
    context = _facts(found) | {
        "seated": [line for line in lines if line[0].state == State.CONFIRMED],
        "line": [line for line in lines if line[0].state != State.CONFIRMED],
        "coordinates": is_coordinator(request.user),
    }
    return shown(request, "session", "desk", context)


@for_the_class
@require_GET
def on_paper(request: "SignedIn", pk: int) -> HttpResponse:
    """출석부: one class on paper, with a place to sign. Names in full, for it is read aloud in the room; nothing else
    of anybody, for it lies on a table."""
    found = own_session(request, pk)
    why = purposes.seen_for(request, found)
    context = _facts(found) | purposes.context(request, found)
    if why:
        rows = reveal(request, of_class(found), purposes.detail("배움터 출석부", why), Action.PRINT)
        context |= {"names": [each.learner.name for each in rows]}
    return shown(request, "on_paper", "desk", context)
