"""One case on one page, and its receipt on paper."""

import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from people.models import User
from people.phones import national
from privacy.access import Action, reveal

from .. import advice, deadlines, office_deeds, office_facts, work_list
from ..eligibility import Verdict, Why
from ..groups import Group
from ..models import Case, Paper, Visit
from ..states import GONE, LABELS, OFFICE, State
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
SCANS = {Paper.Scan.CLEAN: "good", Paper.Scan.INFECTED: "bad", Paper.Scan.WAITING: "wait"}
#: Of the household's or the person's other cases.
MOST_OTHERS = 20


#: Of whoever is in charge, or typed it in, a page tells the login name.
_NOT_OF_COLLEAGUES = [
    f"{who}__{column.name}"
    for who in ("officer", "entered_by")
    for column in User._meta.concrete_fields
    if column.name not in ("id", "username")
]


def whole(user: User) -> Any:
    """This person's cases, with what a page about one of them reads."""
    cases = Case.objects.for_office(user).select_related(
        "resident", "district", "programme", "rule", "officer", "contractor", "entered_by"
    )
    return cases.defer("district__boundary", *_NOT_OF_COLLEAGUES).prefetch_related(
        "devices", "evidence__by", "papers", "pauses", "deadline_changes", "steps__by"
    )


def others_of(case: Case) -> tuple[list[Case], list[Case]]:
    """(of the same household, of the same person elsewhere), this and former years, newest first. One query."""
    told = Case.objects.exclude(pk=case.pk).select_related("district").order_by()
    told = told.only("number", "state", "filed_at", "programme", "household_index", "district__name")
    found = told.filter(household_index=case.household_index)
    if index := case.resident.name_birth_index:
        # Not an OR: the two stand in two tables, each with an index of its own.
        found = found.union(told.filter(resident__name_birth_index=index))
    rows = list(found.order_by("-filed_at")[:MOST_OTHERS])
    household = [row for row in rows if row.household_index == case.household_index]
    return household, [row for row in rows if row.household_index != case.household_index]


def _deadline(case: Case, days: work_list.Days, *, paused: bool) -> dict[str, Any] | None:
    if case.selected_on is None:
        return None
    return {
        "badge": work_list.badge(case, days, paused=paused),
        "counted": deadlines.counted(case),
        "changes": list(case.deadline_changes.all()),
        "moved": case.promised_on != case.deadline_on,
    }


def _visits(case: Case) -> list[Visit]:
    """Of the technicians, the latest first: what an office is asked on the phone, and checks before it is paid."""
    if case.selected_on is None:
        return []
    visits = case.visits.exclude(end=Visit.End.GIVEN_BACK).select_related("technician")
    return list(visits.prefetch_related("lines", "agreements").order_by("-taken_at"))


@office_only
@require_GET
def case(request: "SignedIn", pk: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(whole(request.user), pk=pk)
    household, person = others_of(found)
    [shown, *_] = reveal(request, [found, *household, *person], "무상수리 한 건")
    known = office_facts.facts(shown, request.user)
    first, more = office_deeds.possible(shown, known)
    others = [other.pk for other in [*household, *person]]
    theirs = Case.objects.for_office(request.user).filter(pk__in=others)
    mine = set(theirs.values_list("pk", flat=True)) if others else set()
    said = advice.of(shown, household) if shown.state in OFFICE else None
    days = work_list.Days.now()
    resident = shown.resident
    context = around(
        request,
        "case",
        case=shown,
        resident=resident,
        phone=national(resident.phone) if resident.phone else "",
        helper_phone=national(shown.helper_phone) if shown.helper_phone else "",
        group=Group(shown.group).label if shown.group else "모름 (확인해 주세요)",
        look=work_list.look(shown),
        deadline=_deadline(shown, days, paused=known.paused),
        paused=next((pause for pause in shown.pauses.all() if pause.until_on is None), None),
        first=first,
        more=more,
        hindered=office_facts.hindered(shown, known),
        verdict=VERDICTS[said.verdict] if said else None,
        reasons=[r.words for r in said.reasons if r.code not in (Why.FITS, Why.PAYS)] if said else [],
        may_ask_register=known.agreed,
        household=[(other, other.pk in mine, other.state in GONE) for other in household],
        person=[(other, other.pk in mine) for other in person],
        papers=[(paper, SCANS[Paper.Scan(paper.scan)]) for paper in shown.papers.all()],
        visits=_visits(shown),
        proposal=next((s for s in reversed(list(shown.steps.all())) if s.deed == "proposed_refusal"), None)
        if shown.state == State.REFUSAL
        else None,
    )
    return render(request, "repair/desk_case.html", context)


@office_only
@require_GET
def receipt(request: "SignedIn", pk: uuid.UUID) -> HttpResponse:
    """접수증: one page of paper for whoever stands at the counter."""
    mine = Case.objects.for_office(request.user).select_related("resident", "district", "programme")
    found = get_object_or_404(mine.defer("district__boundary").prefetch_related("devices"), pk=pk)
    [shown] = reveal(request, [found], "무상수리 접수증", Action.PRINT)
    context = around(
        request,
        "receipt",
        case=shown,
        next_words=LABELS[State(shown.state)][1],
        address=f"{settings.PORTAL_URL}/repair/status/",
    )
    return render(request, "repair/desk_receipt.html", context)
