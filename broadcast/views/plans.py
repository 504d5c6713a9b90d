"""예약: planning a draft, the list of plans, one plan with its airings, stopping it."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from .. import sensitive
from ..air_time import others_in_the_villages, slots_of
from ..clearance import decide_for, is_cleared
from ..compose import AlreadySent
from ..holding import held_villages
from ..models import Airing, Broadcast, Decision, Plan, Recording, Village
from ..plan_forms import PlanForm
from ..plan_times import PlanTimes, Slot, in_the_way, in_words, last_day
from ..plans import AHEAD, CannotPlan, first_times, leave_out, make_plan, stop_plan, why_not
from ..reach import by_district, reach_of, with_speakers
from ..senders import senders
from ..sending_rules import Outcome
from . import works_in_an_office

if TYPE_CHECKING:
    from . import SignedIn

PLANS_A_PAGE = 20
AIRINGS_A_PAGE = 40
#: Times and clashes that are spelled out before it is confirmed.
SPELLED_OUT = 5


@dataclass(frozen=True)
class Clash:
    """`at`: when the new one starts; `other`: the airing that it gets in the way of, `until` when that ends."""

    at: datetime
    other: Airing
    until: datetime
    villages: list[str]


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: "SignedIn", pk: uuid.UUID) -> HttpResponse:
    """When a draft is to be aired: filled in, looked at with its clashes, confirmed."""
    drafts = Broadcast.objects.select_related("recording", "planned").filter(author=request.user)
    draft = get_object_or_404(drafts, pk=pk)
    if hasattr(draft, "planned"):
        return redirect("broadcast:plan", draft.planned.pk)
    if draft.published_at or draft.submitted_at:
        return redirect("broadcast:status", pk)
    form = PlanForm(request.POST or None)
    villages = with_speakers(Village.objects.filter(broadcasts=draft))
    preview: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        if why := why_not(draft, request.user, form.times(), timezone.now()):
            form.add_error(None, why)
        elif "confirm" in request.POST and form.cleaned_data["seen"] == form.signature():
            try:
                return redirect("broadcast:plan", make_plan(pk, request.user, form.times()).pk)
            except CannotPlan as error:
                form.add_error(None, str(error))
            except AlreadySent:
                return redirect("broadcast:status", pk)
        else:
            preview = _preview(draft, form.times(), villages)
            again = request.POST.copy()
            again["seen"] = form.signature()
            form.data = again
    context = {
        "draft": draft,
        "form": form,
        "reach": reach_of(villages),
        "groups": by_district(villages),
        "office": works_in_an_office(request.user),
        "today": timezone.localdate(),
        **preview,
    }
    return render(request, "broadcast/plan_new.html", context, status=422 if form.errors else 200)


def _preview(draft: Broadcast, times: PlanTimes, villages: list[Village]) -> dict[str, Any]:
    """What was asked for, in words, with what it gets in the way of."""
    now = timezone.now()
    # As many as there are days, so the calendar's weeks are looked at whole.
    soon = first_times(times, now, AHEAD.days + 1)
    found = _clashes(draft, [at for at in soon if at < max(now + AHEAD, soon[0] + timedelta(days=1))])
    return {
        "words": in_words(times),
        "until": last_day(times) if times.repeat != "once" else None,
        "draft_repeats": times.repeat != "once",
        "soon": soon[:SPELLED_OUT],
        "clashes": found[:SPELLED_OUT],
        "more_clashes": len(found) - SPELLED_OUT,
        "rule": decide_for(draft, soon[0]),
        "needs_second_person": Outcome.SECOND_PERSON,
        "held": sorted(held_villages(villages, draft.category, draft.lane, soon[0]).items()),
    }


def _clashes(draft: Broadcast, starts: list[datetime]) -> list[Clash]:
    """In order; four queries."""
    others = others_in_the_villages(draft, starts[0], starts[-1])
    names = dict(draft.villages.values_list("pk", "name"))
    slots = slots_of(others, Village.objects.filter(broadcasts=draft))
    airings = {airing.pk: airing for airing in others}
    found = []
    for at in starts:
        mine = Slot("", at, draft.recording.duration, frozenset(names))
        for other in in_the_way(mine, slots):
            shared = sorted(names[pk] for pk in other.villages)
            found.append(Clash(at, airings[other.key], other.end, shared))  # type: ignore[index]
    who = senders({clash.other.plan.original.author_id for clash in found[:SPELLED_OUT]})
    for clash in found[:SPELLED_OUT]:
        clash.other.sender = who[clash.other.plan.original.author_id]  # type: ignore[attr-defined]
    return found


@never_cache
@require_GET
def plans(request: "SignedIn") -> HttpResponse:
    """All that are the user's business. ?which= going (to start with) or over."""
    which = request.GET.get("which", "going")
    if which not in ("going", "over"):
        raise Http404
    coming = Airing.objects.filter(plan=OuterRef("pk"), state=Airing.State.DUE, due_at__gt=timezone.now())
    rows = Plan.objects.for_user(request.user).annotate(
        next_at=Subquery(coming.order_by("due_at").values("due_at")[:1]),
        ends=Case(When(repeat=Plan.Repeat.ONCE, then="first_on"), default=Coalesce("until", date.max)),
    )
    over = Q(stopped_at__isnull=False) | Q(next_at__isnull=True, ends__lte=timezone.localdate() + AHEAD)
    rows = rows.filter(over if which == "over" else ~over)
    rows = rows.select_related("original__recording").prefetch_related("original__decisions")
    page = Paginator(rows.order_by("next_at", "-made_at"), PLANS_A_PAGE).get_page(request.GET.get("page"))
    who = senders({plan.original.author_id for plan in page})
    lines = [
        {"plan": plan, "sender": who[plan.original.author_id], "words": in_words(plan), "state": _state(plan)}
        for plan in page
    ]
    context = {
        "office": works_in_an_office(request.user),
        "page": page,
        "lines": lines,
        "which": which,
        "asked": f"which={which}",
        "not_aired": _not_aired(request),
    }
    return render(request, "broadcast/plans.html", context)


def _not_aired(request: "SignedIn") -> list[Airing]:
    """Of their own, in the last week: what did not go out though nobody wanted that."""
    since = timezone.now() - timedelta(days=7)
    own = Airing.objects.filter(
        plan__original__author=request.user, due_at__gte=since, due_at__lt=timezone.now()
    )
    lost = own.filter(state__in=[Airing.State.MISSED, Airing.State.SKIPPED], plan__stopped_at=None)
    lost = lost.exclude(why__startswith="공휴일").exclude(why__startswith="이번만")
    return list(lost.select_related("plan__original").order_by("-due_at")[:5])


def _state(plan: Plan) -> tuple[str, str]:
    """(badge, words)."""
    if plan.stopped_at:
        return "wait", "그만둠"
    decisions = {decision.kind for decision in plan.original.decisions.all()}
    if Decision.Kind.REFUSED in decisions:
        return "bad", "반려됨"
    if plan.original.needs_second_person and Decision.Kind.APPROVED not in decisions:
        return "warn", "승인 기다리는 중"
    ends = last_day(plan)
    if not getattr(plan, "next_at", None) and ends and ends <= timezone.localdate() + AHEAD:
        return "wait", "끝남"
    return "good", "예약됨"


@never_cache
@require_GET
def plan(request: "SignedIn", pk: uuid.UUID) -> HttpResponse:
    """One plan: what, where, when, and what became of each time."""
    seen = Plan.objects.for_user(request.user).select_related("original__recording")
    one = get_object_or_404(seen.prefetch_related("original__decisions"), pk=pk)
    now = timezone.now()
    coming = one.airings.filter(due_at__gt=now).exclude(plan__stopped_at__isnull=False).order_by("due_at")
    past = one.airings.filter(due_at__lte=now).order_by("-due_at")
    soon = list(coming[:AIRINGS_A_PAGE])
    one.next_at = next((a.due_at for a in soon if a.state == Airing.State.DUE), None)  # type: ignore[attr-defined]
    villages = with_speakers(Village.objects.filter(broadcasts=one.original))
    office = works_in_an_office(request.user)
    said = sensitive.read(request, one.original, office=office)
    may_hear = Recording.objects.for_user(request.user).filter(pk=one.original.recording_id).exists()
    context = {
        "office": office,
        "said": said["said"],
        "plan": one,
        "state": _state(one),
        "words": in_words(one),
        "sender": senders([one.original.author_id])[one.original.author_id],
        "reach": reach_of(villages),
        "groups": by_district(villages),
        "coming": soon,
        "later": [] if soon or one.stopped_at else first_times(one, now, SPELLED_OUT),
        "past": past[:AIRINGS_A_PAGE],
        "may_stop": not one.stopped_at and Plan.objects.stoppable_by(request.user).filter(pk=pk).exists(),
        "may_hear": may_hear and said["may_hear"],
        "is_cleared": is_cleared(one.original),
    }
    return render(request, "broadcast/plan.html", context)


@require_POST
def stop(request: "SignedIn", pk: uuid.UUID) -> HttpResponse:
    try:
        stop_plan(pk, request.user)
    except Plan.DoesNotExist:
        raise Http404 from None
    messages.success(request, "예약을 그만두었습니다. 이제 나가지 않습니다.")
    return redirect("broadcast:plan", pk)


@require_POST
def leave(request: "SignedIn", pk: int) -> HttpResponse:
    """This one time is left out, or with `back` takes place after all."""
    try:
        airing = leave_out(pk, request.user, leave="back" not in request.POST)
    except Airing.DoesNotExist:
        raise Http404 from None
    return redirect("broadcast:plan", airing.plan_id)
