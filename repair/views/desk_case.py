"""One case on one page, and its receipt on paper."""

import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from people.models import User
from people.phones import national
from privacy import purposes
from privacy.access import Action, reveal
from privacy.masking import masked_address, masked_birth_date, masked_name, masked_phone

from .. import advice, deadlines, office_deeds, office_facts, work_list
from ..eligibility import Verdict, Why
from ..groups import Group
from ..models import Case, Evidence, Paper, Step
from ..states import GONE, LABELS, OFFICE, State
from ..whole_case import Whole, whole
from . import times
from .addresses import of_each
from .desk import around, office_only

if TYPE_CHECKING:
    from ..actors import SignedIn

#: What the rule says, for the clerk: words and look.
VERDICTS = {
    Verdict.YES: ("기준에 맞습니다", "good"),
    Verdict.WAITS: ("기준에 맞지만 예산이 모자랍니다", "wait"),
    Verdict.ASK: ("확인할 것이 있습니다", "info"),
    Verdict.NO: ("기준에 맞지 않습니다", "bad"),
}
ANSWERS = {Evidence.Answer.YES: "good", Evidence.Answer.NO: "bad", Evidence.Answer.UNCLEAR: "wait"}
SCANS = {Paper.Scan.CLEAN: "good", Paper.Scan.INFECTED: "bad", Paper.Scan.WAITING: "wait"}


def _deadline(case: Case, days: work_list.Days, *, paused: bool) -> dict[str, Any] | None:
    if case.selected_on is None:
        return None
    return {
        "badge": work_list.badge(case, days, paused=paused),
        "counted": [(times.weekday(on), words) for on, words in deadlines.counted(case)],
        "changes": list(case.deadline_changes.all()),
        "moved": case.promised_on != case.deadline_on,
    }


def _history(case: Case) -> list[dict[str, Any]]:
    return [
        {
            "words": Step.Deed(step.deed).label,
            "after": State(step.after).label if step.before and step.before != step.after else "",
            "at": times.dotted_hour(step.at),
            "by": step.by.username if step.by else Step.Who(step.who).label,
            "why": step.why,
        }
        for step in case.steps.all()
    ]


def _evidence(case: Case) -> list[dict[str, Any]]:
    return [
        {
            "look": ANSWERS[Evidence.Answer(row.answer)],
            "words": f"{Evidence.About(row.about).label}: {Evidence.Answer(row.answer).label}",
            "way": Evidence.Way(row.way).label,
            "more": row.words,
            "at": times.hour(row.at),
            "by": row.by.username if row.by else "자동",
        }
        for row in case.evidence.all()
    ]


def _papers(case: Case) -> list[dict[str, Any]]:
    address_of = of_each("repair:paper")
    return [
        {
            "page": address_of(paper.pk) if paper.scan == Paper.Scan.CLEAN else "",
            "name": f"{Paper.Kind(paper.kind).label}: {paper.name}",
            "look": SCANS[Paper.Scan(paper.scan)],
            "scan": Paper.Scan(paper.scan).label,
            "at": times.hour(paper.at),
        }
        for paper in case.papers.all()
    ]


def _other(case: Case, page: str) -> dict[str, Any]:
    """`page`: "" if it is not theirs to open."""
    return {
        "number": case.number,
        "page": page,
        "words": f"{State(case.state).label}, {case.district.name}, {times.dotted(case.filed_at)}",
    }


def _others(whole: Whole, user: User) -> list[dict[str, Any]]:
    """Of the household first."""
    others = [*whole.household, *whole.person]
    if not others:
        return []
    theirs = Case.objects.for_office(user).filter(pk__in=[other.pk for other in others])
    mine = set(theirs.values_list("pk", flat=True))
    page_of = of_each("repair:desk_case")
    told = []
    for other in others:
        if other.household_index != whole.case.household_index:
            badge = ("info", "같은 이름과 생년월일")
        elif other.programme_id == whole.case.programme_id and other.state not in GONE:
            badge = ("warn", "올해 같은 가구")
        else:
            badge = ("wait", "같은 가구")
        told.append({**_other(other, page_of(other.pk) if other.pk in mine else ""), "badge": badge})
    return told


def whole_or_404(user: User, pk: uuid.UUID) -> Whole:
    """Http404 if there is none, or not for them."""
    try:
        return whole(user, pk)
    except Case.DoesNotExist:
        raise Http404 from None


def _who(case: Case) -> dict[str, str]:
    """Who applied, in full."""
    resident = case.resident
    return {
        "name": resident.name,
        "birth_date": resident.birth_date,
        "phone": national(resident.phone) if resident.phone else "",
        "tel": resident.phone,
        "address": f"{resident.address}, {case.unit}" if case.unit else resident.address,
        "group": Group(case.group).label if case.group else "모름 (확인해 주세요)",
        "helper": case.helper_name,
        "helper_phone": national(case.helper_phone) if case.helper_phone else "",
    }


def _masked(case: Case) -> dict[str, str]:
    """Enough to recognise them. Of which group somebody is in need is nobody's to recognise."""
    resident = case.resident
    return {
        "name": masked_name(resident.name),
        "birth_date": masked_birth_date(resident.birth_date) if resident.birth_date else "",
        "phone": masked_phone(resident.phone) if resident.phone else "",
        "address": masked_address(resident.address),
        "group": "가림",
        "helper": masked_name(case.helper_name),
        "helper_phone": masked_phone(case.helper_phone) if case.helper_phone else "",
    }


@office_only
@require_GET
def case(request: "SignedIn", pk: uuid.UUID) -> HttpResponse:
    found = whole_or_404(request.user, pk)
    why = purposes.seen_for(request, found.case)
    rows = [found.case, *found.household, *found.person]
    [shown, *_] = reveal(request, rows, purposes.detail("무상수리 한 건", why))
    known = office_facts.facts(found, request.user)
    first, more = office_deeds.possible(shown, known)
    said = advice.of(shown, found.household) if shown.state in OFFICE else None
    days, state, steps = work_list.Days.now(), State(shown.state), list(shown.steps.all())
    resident = shown.resident
    context = around(
        request,
        "case",
        case=shown,
        page=of_each("repair:desk_case")(pk),
        state=state.label,
        who=_who(shown) if why else _masked(shown),
        **purposes.context(request, shown),
        resident=resident,
        tells=Case.Tells(shown.tells).label,
        filed=f"{times.year_hour(shown.filed_at)}, {Case.Way(shown.way).label}",
        look=work_list.look(shown),
        deadline=_deadline(shown, days, paused=known.paused),
        paused=next((pause for pause in shown.pauses.all() if pause.until_on is None), None),
        first=first,
        more=more,
        hindered=office_facts.hindered(shown, known),
        verdict=VERDICTS[said.verdict] if said else None,
        reasons=[r.words for r in said.reasons if r.code not in (Why.FITS, Why.PAYS)] if said else [],
        may_ask_register=known.agreed,
        others=_others(found, request.user),
        devices=shown.devices.all(),
        evidence=_evidence(shown),
        papers=_papers(shown),
        visits=found.visits,
        history=_history(shown),
        proposal=next((s for s in reversed(steps) if s.deed == "proposed_refusal"), None)
        if state is State.REFUSAL
        else None,
    )
    return render(request, "repair/desk_case.html", context)


@office_only
@require_GET
def receipt(request: "SignedIn", pk: uuid.UUID) -> HttpResponse:
    """접수증: one page of paper for whoever stands at the counter."""
    mine = Case.objects.for_office(request.user).select_related("resident", "district", "programme")
    found = get_object_or_404(mine.defer("district__boundary").prefetch_related("devices"), pk=pk)
    why = purposes.seen_for(request, found)
    if not why:
        messages.warning(request, "접수증에는 이름이 있습니다. 먼저 보시는 까닭을 눌러 주세요.")
        return redirect("repair:desk_case", pk)
    [shown] = reveal(request, [found], purposes.detail("무상수리 접수증", why), Action.PRINT)
    context = around(
        request,
        "receipt",
        case=shown,
        next_words=LABELS[State(shown.state)][1],
        address=f"{settings.PORTAL_URL}/repair/status/",
    )
    return render(request, "repair/desk_receipt.html", context)
