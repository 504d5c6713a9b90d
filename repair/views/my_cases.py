"""내 신청: those of whoever showed that the phone is theirs, as the applicant or as their helper.

Both see and may do the same, but for the applicant's phone, which only they change. A birth date is shown to neither.
"""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from people.by_phone import Phone
from people.phones import national
from privacy.access import Action, reveal

from .. import corrections, deadlines, notices, objections, papers
from ..models import Case
from ..plain_words import comes_next, day_words, hour_words, state_words, timeline
from ..states import MAY_WITHDRAW, RUNNING, State
from .by_phone import by_phone

__all__ = ["next_words", "state_words"]
RELATED = ("resident", "rule", "district", "contractor")


def my_case(phone: Phone, pk: uuid.UUID) -> Case:
    """404 if it is another's."""
    mine = Case.objects.for_phone(phone.index).select_related(*RELATED).defer("district__boundary")
    return get_object_or_404(mine, pk=pk)


def next_words(case: Case) -> str:
    """What comes next, with its date."""
    today = timezone.localdate()
    if case.state in (State.RECEIVED, State.CONFIRMED):
        return comes_next(case, today, if_selected_today=deadlines.first(case.rule, today))
    if case.state in RUNNING:
        visit = case.visits.filter(ended_at=None, arrived_at=None, planned_at__gte=timezone.now()).first()
        planned = timezone.localtime(visit.planned_at) if visit and visit.planned_at else None
        return comes_next(case, today, planned_at=planned, paused=case.pauses.filter(until_on=None).exists())
    return comes_next(case, today, objection_until=objection_until(case))


def objection_until(case: Case) -> Any:
    """The last day for an objection; None if none is possible (any more)."""
    until = objections.may_object_until(case)
    gone = until is None or timezone.localdate() > until
    return None if gone or case.steps.filter(deed="objected").exists() else until


@by_phone
@require_GET
def mine(request: HttpRequest, phone: Phone) -> HttpResponse:
    """Their cases, the newest first."""
    cases = reveal(request, Case.objects.for_phone(phone.index), "무상수리 내 신청 목록")
    rows = [(case, state_words(case)) for case in cases]
    return render(request, "repair/citizen_mine.html", {"rows": rows})


@by_phone
@require_GET
def case(request: HttpRequest, phone: Phone, pk: uuid.UUID) -> HttpResponse:
    """One, with what happened, what comes next and what they may do."""
    [found] = reveal(request, [my_case(phone, pk)], "무상수리 내 신청 한 건")
    steps = list(found.steps.all())
    asked = next((step.why for step in reversed(steps) if step.deed == "asked_paper"), "")
    helper = national(found.helper_phone) if found.helper_phone else ""
    context = {
        "case": found,
        "state": state_words(found),
        "next": next_words(found),
        "asked": asked if found.state == State.PAPERS else "",
        "happened": timeline(steps),
        "devices": found.devices.all(),
        "papers": papers.for_page(found),
        "phone": national(found.resident.phone) if found.resident.phone else "",
        "helper": f"{found.helper_name} {helper}".strip(),
        "told": found.get_tells_display(),
        "deadline": _deadline(found),
        "may": _may(found),
        "own_share": found.own_share_won if found.state in (State.DONE, State.SETTLED) else None,
    }
    return render(request, "repair/citizen_case.html", context)


def _deadline(case: Case) -> dict[str, Any]:
    """The deadline, and if it moved the first promise and why; {} if there is none."""
    if case.deadline_on is None or case.promised_on is None:
        return {}
    changes = [(day_words(change.is_on), change.why) for change in case.deadline_changes.all()]
    arrived = hour_words(timezone.localtime(case.arrived_at)) if case.arrived_at else ""
    return {
        "on": day_words(case.deadline_on),
        "promised": day_words(case.promised_on) if case.promised_on != case.deadline_on else "",
        "changes": changes,
        "arrived": arrived,
        "again": day_words(case.due_on) if case.arrived_at and case.due_on else "",
    }


def _may(case: Case) -> dict[str, bool]:
    """The buttons that help now; a deed that does not fit says why itself."""
    return {
        "papers": case.state == State.PAPERS,
        "correct": case.state in corrections.OPEN,
        "withdraw": case.state in MAY_WITHDRAW,
        "object": objection_until(case) is not None,
        "rate": case.state in (State.DONE, State.SETTLED),
    }


@by_phone
@require_GET
def receipt(request: HttpRequest, phone: Phone, pk: uuid.UUID) -> HttpResponse:
    """접수증, to be printed or copied down."""
    [found] = reveal(request, [my_case(phone, pk)], "무상수리 접수증", Action.PRINT)
    context = {
        "case": found,
        "next": next_words(found),
        "texted": bool(notices.phone_of(found)),
        "devices": found.devices.all(),
    }
    return render(request, "repair/citizen_receipt.html", context)
