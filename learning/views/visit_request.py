"""One request: who asks for what, and what the coordinator does with it."""

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from people.places import neighbours
from privacy import purposes
from privacy.access import reveal
from privacy.masking import masked_address, masked_name, masked_phone

from .. import visits, visits_planning
from ..actors import Actor, staff
from ..booking_states import NotPossible
from ..models import Institution, VisitRequest
from ..roles import is_coordinator
from ..visit_states import RequestState
from ..visit_words import LOOKS, contact_of, state_words, timeline, when
from ..visits_forms import LinkForm, PlanForm, WhyForm, times_initial
from ..visits_joining import LESSON
from ..ways import to_the_middle
from .visit_pages import for_requests, shown

if TYPE_CHECKING:
    from ..actors import SignedIn

WAITS = (RequestState.HELD, RequestState.OPEN)


def _found(request: "SignedIn", pk: uuid.UUID) -> VisitRequest:
    rows = VisitRequest.objects.for_user(request.user).select_related(
        "district", "institution", "visit_class"
    )
    return get_object_or_404(rows.defer("district__boundary"), pk=pk)


def _others(found: VisitRequest) -> list[VisitRequest]:
    """Who waits for the same nearby and would join."""
    if found.state not in WAITS:
        return []
    near = {found.district_id, *neighbours().get(found.district_id, ())}
    rows = VisitRequest.objects.filter(state__in=WAITS, joins_others=True, district__in=near)
    rows = rows.filter(topic=found.topic, level=found.level).exclude(pk=found.pk)
    return list(rows.select_related("district").defer("district__boundary").prefetch_related("wishes"))


def _plan_form(found: VisitRequest, others: list[VisitRequest], data: Any = None) -> PlanForm:
    wish = found.wishes.first()
    initial = {
        **(times_initial(wish.starts_at, wish.starts_at + LESSON) if wish else {}),
        "travel_minutes": to_the_middle((found.district.lat, found.district.lon)),
    }
    listed = [
        (
            str(other.pk),
            f"{other.number}, {other.district.name}, {other.people}명, "
            + "; ".join(when(each) for each in other.wishes.all()),
        )
        for other in others
    ]
    return PlanForm(data, initial=initial, others=listed)


@for_requests
@require_http_methods(["GET", "POST"])
def one(request: "SignedIn", pk: uuid.UUID) -> HttpResponse:
    """The whole request. POST proposes a class (coordinator)."""
    found = _found(request, pk)
    others = _others(found)
    may_plan = is_coordinator(request.user) and found.state in WAITS
    form = _plan_form(found, others, request.POST if request.method == "POST" and may_plan else None)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        joined = [other for other in others if str(other.pk) in data.get("others", [])]
        host = next((row for row in (found, *joined) if row.place_name), found)
        plan = visits_planning.Plan(*form.times(), host.pk, data["travel_minutes"])
        try:
            made = visits_planning.propose([found.pk, *(row.pk for row in joined)], plan, staff(request))
        except NotPossible as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "신청한 분께 괜찮은지 물었습니다. 이제 강사를 정해 주세요.")
            return redirect("learning:visits_class", made.pk)
    return page(request, found, form, may_plan=may_plan)


def page(
    request: "SignedIn", found: VisitRequest, form: PlanForm, *, may_plan: bool, trouble: str = ""
) -> HttpResponse:
    """`trouble`: why a deed was refused."""
    why = purposes.seen_for(request, found)
    [found] = reveal(request, [found], purposes.detail("찾아가는 수업 신청 한 건", why))
    words, look = state_words(found)
    known_by_name = found.kind == VisitRequest.Kind.INSTITUTION and found.institution is None
    context = {
        "asked": found,
        "state": words if found.state in WAITS else found.get_state_display(),
        "look": look if found.state in WAITS else LOOKS[RequestState(found.state)],
        **purposes.context(request, found),
        "contact": found.contact_name if why else masked_name(found.contact_name),
        "phone": contact_of(found) if why else masked_phone(found.contact_phone),
        "address": found.address if why else masked_address(found.address),
        "wishes": [when(wish) for wish in found.wishes.all()],
        "happened": timeline(list(found.steps.select_related("by"))),
        "form": form,
        "may_plan": may_plan,
        "link": LinkForm(request_row=found) if known_by_name and is_coordinator(request.user) else None,
        "may_answer": found.state == RequestState.PLANNED and found.agreed_at is None,
        "may_end": found.state in (*WAITS, RequestState.PLANNED),
        "may_refuse": may_plan,
        "trouble": trouble,
    }
    status = 409 if trouble else 422 if form.errors else 200
    return shown(request, "request", "visits_desk", context, status)


#: Deeds of a request by staff: what it does, what is said, and whether only the coordinator may.
DEEDS: dict[str, tuple[Callable[[uuid.UUID, Actor, str], object], str, bool]] = {
    "agree": (lambda pk, by, why: visits.agree(pk, by), "전화로 동의하신 것을 적었습니다.", False),
    "decline": (visits.decline, "사양하신 것을 적었습니다. 신청은 그대로 남습니다.", False),
    "withdraw": (visits.withdraw, "신청을 거두었습니다.", False),
    "refuse": (visits_planning.refuse, "드리지 못한다고 알렸습니다.", True),
}


@for_requests
@require_POST
def one_do(request: "SignedIn", pk: uuid.UUID) -> HttpResponse:
    """`deed`: one of DEEDS with its reason, or `link` to an institution."""
    found = _found(request, pk)
    name = request.POST.get("deed", "")
    try:
        if name == "link" and is_coordinator(request.user):
            _link(found, request)
            return redirect("learning:visits_request", pk)
        if name not in DEEDS or (DEEDS[name][2] and not is_coordinator(request.user)):
            raise NotPossible("할 수 있는 단추를 눌러 주세요.")
        form = WhyForm(request.POST, missing="" if name == "agree" else "까닭을 적어 주세요.")
        if not form.is_valid():
            raise NotPossible("까닭을 200자 안으로 적어 주세요. 신청한 분이 읽습니다.")
        deed, said, _ = DEEDS[name]
        deed(found.pk, staff(request), form.cleaned_data["why"])
    except NotPossible as error:
        may_plan = is_coordinator(request.user) and found.state in WAITS
        return page(request, found, _plan_form(found, _others(found)), may_plan=may_plan, trouble=str(error))
    messages.success(request, said)
    return redirect("learning:visits_request", pk)


def _link(found: VisitRequest, request: "SignedIn") -> None:
    form = LinkForm(request.POST, request_row=found)
    if not form.is_valid():
        raise NotPossible("기관을 목록에서 골라 주세요.")
    chosen = form.cleaned_data["institution"]
    if chosen is None:
        chosen, _ = Institution.objects.get_or_create(
            district=found.district,
            name=found.group_name,
            defaults={"kind": form.cleaned_data["kind"], "is_example": found.is_example},
        )
    VisitRequest.objects.filter(pk=found.pk).update(institution=chosen)
    messages.success(request, f"{chosen}에서 신청한 것으로 적었습니다.")
