"""찾아가는 수업: what it is, asking for it, and what became of it: theirs by the code to their phone."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from people.by_phone import Phone
from privacy.access import reveal
from privacy.masking import masked_phone

from .. import visits
from ..actors import Actor
from ..booking_states import NotPossible
from ..consent_texts import VISIT
from ..models import VisitRequest
from ..visit_states import ClassState, RequestState
from ..visit_words import comes_next, state_words, timeline, when
from ..visits_forms import AskForm, WhyForm
from ..visits_history import group
from .by_phone import by_phone

#: Of those that somebody has asked for: what one page shows.
MOST = 50


@login_not_required
@require_GET
def landing(request: HttpRequest) -> HttpResponse:
    """For whom, how, and the way to ask."""
    return render(request, "learning/visits/landing.html")


@by_phone
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, phone: Phone) -> HttpResponse:
    """The form; sent twice, it is asked once."""
    form = AskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = visits.ask(form.asked(phone.number), group(request), {VISIT.key: True})
        messages.success(request, f"신청을 받았습니다. 접수번호는 {made.number}입니다.")
        return redirect("learning:visits_one", made.pk)
    context = {"form": form, "consent": VISIT, "phone": masked_phone(phone.number)}
    return render(request, "learning/visits/ask.html", context, status=422 if form.errors else 200)


@by_phone
@require_GET
def mine(request: HttpRequest, phone: Phone) -> HttpResponse:
    """Their requests, the newest first."""
    rows = (
        VisitRequest.objects.for_phone(phone.index).select_related("visit_class").order_by("-asked_at")[:MOST]
    )
    listed = [(row, *state_words(row)) for row in reveal(request, rows, "찾아가는 수업 내 신청 목록")]
    return render(request, "learning/visits/mine.html", {"rows": listed})


def _own(phone: Phone, pk: uuid.UUID) -> VisitRequest:
    """404 if it is another's."""
    rows = VisitRequest.objects.for_phone(phone.index).select_related("visit_class__district", "district")
    return get_object_or_404(rows.defer("visit_class__district__boundary", "district__boundary"), pk=pk)


@by_phone
@require_GET
def one(request: HttpRequest, phone: Phone, pk: uuid.UUID) -> HttpResponse:
    """One, with what is proposed, what comes next and what they may do."""
    [found] = reveal(request, [_own(phone, pk)], "찾아가는 수업 내 신청 한 건")
    words, look = state_words(found)
    visit = found.visit_class if found.state in (RequestState.PLANNED, RequestState.DONE) else None
    people = sum(visit.requests.values_list("people", flat=True)) if visit else found.people
    context = {
        "asked": found,
        "state": words,
        "look": look,
        "next": comes_next(found),
        "visit": visit,
        "when": when(visit) if visit else "",
        "people": people,
        "together": people > found.people,
        "wishes": [when(wish) for wish in found.wishes.all()],
        "happened": timeline(list(found.steps.all())),
        "may_answer": bool(visit and visit.state == ClassState.PROPOSED and not found.agreed_at),
        "may_decline": found.state == RequestState.PLANNED,
        "may_withdraw": found.state in (RequestState.HELD, RequestState.OPEN, RequestState.PLANNED),
    }
    return render(request, "learning/visits/one.html", context)


DEEDS: dict[str, tuple[Callable[[uuid.UUID, Actor, str], object], str]] = {
    "agree": (lambda pk, by, why: visits.agree(pk, by), "괜찮다고 알려 주셨습니다. 고맙습니다."),
    "decline": (visits.decline, "사양하셨습니다. 신청은 그대로 두고 다른 때를 찾아 알려 드립니다."),
    "withdraw": (visits.withdraw, "신청을 거두었습니다."),
}


@by_phone
@require_POST
def one_do(request: HttpRequest, phone: Phone, pk: uuid.UUID) -> HttpResponse:
    """`deed`: agree, decline or withdraw; a deed that does not fit (any more) says why."""
    found = _own(phone, pk)
    form = WhyForm(request.POST)
    try:
        if request.POST.get("deed") not in DEEDS or not form.is_valid():
            raise NotPossible("단추를 다시 눌러 주세요. 까닭은 200자 안으로 적어 주세요.")
        deed, words = DEEDS[request.POST["deed"]]
        deed(pk, group(request), form.cleaned_data["why"])
    except NotPossible as error:
        context = {"asked": found, "words": str(error)}
        return render(request, "learning/visits/not_now.html", context, status=409)
    messages.success(request, words)
    return redirect("learning:visits_one", pk)
