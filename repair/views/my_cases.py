"""내 신청: those of whoever showed that the phone is theirs, as the applicant or as their helper.

Both see and may do the same, but for the applicant's phone, which only they change. A birth date is shown to neither.
"""

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from people.by_phone import Phone
from people.holidays import Overrides, as_overrides, overrides_rows
from people.phones import national
from privacy.access import Action, reveal
from privacy.one_query import Rows, with_key

from .. import corrections, deadlines, notices, objections
from ..models import OF_PHONE, Case, Device, Paper
from ..plain_words import comes_next, day_words, hour_words, state_words, timeline
from ..states import MAY_WITHDRAW, RUNNING, State
from .addresses import of_each
from .by_phone import by_phone
from .fact_rows import fact_rows, happened, links, with_phone

__all__ = ["next_words", "state_words"]
RELATED = ("resident", "rule", "district", "contractor")
#: What the page of one reads besides.
BELOW = ("devices", "papers", "steps", "pauses", "deadline_changes", "visits")


def my_case(phone: Phone, pk: uuid.UUID) -> Case:
    """404 if it is another's."""
    return _one(phone, pk, *RELATED)[0]


def _one(phone: Phone, pk: uuid.UUID, *names: str, more: Sequence[Rows] = ()) -> tuple[Case, list[list[Any]]]:
    theirs = Rows(Case, OF_PHONE, [phone.index, phone.index])
    case, found = with_key(theirs, pk, *names, only={"district": ("name",)}, more=more)
    if case is None:
        raise Http404
    return case, found


def next_words(case: Case, overrides: Overrides | None = None) -> str:
    """What comes next, with its date. `overrides` from today on, if they are known."""
    today = timezone.localdate()
    if case.state in (State.RECEIVED, State.CONFIRMED):
        return comes_next(case, today, if_selected_today=deadlines.first(case.rule, today, overrides))
    if case.state in RUNNING:
        paused = any(pause.until_on is None for pause in case.pauses.all())
        return comes_next(case, today, planned_at=_planned(case), paused=paused)
    return comes_next(case, today, objection_until=objection_until(case))


def _planned(case: Case) -> datetime | None:
    """When the technician said to come, if that is to be; local."""
    for visit in case.visits.all():
        if visit.ended_at is None and visit.arrived_at is None and visit.planned_at:
            return timezone.localtime(visit.planned_at) if visit.planned_at >= timezone.now() else None
    return None


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
    today = timezone.localdate()
    ahead = overrides_rows(today, today + deadlines.FARTHEST)
    found, [overrides] = _one(phone, pk, *RELATED, *BELOW, more=[ahead])
    reveal(request, [found], "무상수리 내 신청 한 건")
    steps = list(found.steps.all())
    asked = next((step.why for step in reversed(steps) if step.deed == "asked_paper"), "")
    context = {
        "case": found,
        "page": of_each("repair:my_case")(pk),
        "list": reverse("repair:mine"),
        "state": state_words(found),
        "next": next_words(found, as_overrides(overrides)),
        "asked": asked if found.state == State.PAPERS else "",
        "happened": happened(
            (hour_words(timezone.localtime(each.at)), each.words, each.why) for each in timeline(steps)
        ),
        "facts": fact_rows(_facts(found)),
        "dates": fact_rows(_dates(found)),
        "may": _may(found),
    }
    return render(request, "repair/citizen_case.html", context)


def _facts(case: Case) -> Iterator[tuple[str, Any]]:
    resident, devices = case.resident, case.devices.all()
    phone = national(resident.phone) if resident.phone else ""
    helper = national(case.helper_phone) if case.helper_phone else ""
    paper_of = of_each("repair:paper")
    papers = [(paper_of(one.pk), one.name, Paper.Kind(one.kind).label) for one in case.papers.all()]
    yield "단체", case.organisation
    yield "신청하는 분", ", ".join(filter(None, (resident.name, phone)))
    yield "도와주시는 분", f"{case.helper_name} {helper}".strip()
    yield "알림 문자", f"{Case.Tells(case.tells).label}께 보냅니다"
    yield "주소", f"{resident.address} {case.unit}"
    yield "담당 읍면동", case.district.name
    yield "방문할 때", case.wishes
    for n, device in enumerate(devices, 1):
        yield f"{n}번째 컴퓨터" if len(devices) > 1 else "컴퓨터", _device(device)
    yield "사진과 서류", links(papers) or "없음"


def _device(device: Device) -> str:
    trouble = f"{device}, {Device.Trouble(device.trouble).label}"
    outcome = f"결과: {Device.Outcome(device.outcome).label}" if device.outcome else ""
    return "\n".join(filter(None, (trouble, device.trouble_words, outcome)))


def _dates(case: Case) -> Iterator[tuple[str, Any]]:
    """The deadline, and if it moved the first promise and why; nothing if there is none."""
    if case.deadline_on is None or case.promised_on is None:
        return
    yield "방문 기한", f"{day_words(case.deadline_on)}까지"
    if case.promised_on != case.deadline_on:
        yield "처음 약속한 날", f"{day_words(case.promised_on)}까지"
        for change in case.deadline_changes.all():
            yield "바뀐 까닭", f"{change.why} ({day_words(change.is_on)}까지로)"
    if case.arrived_at:
        yield "처음 방문한 때", hour_words(timezone.localtime(case.arrived_at))
        yield "다시 방문", f"{day_words(case.due_on)}까지" if case.due_on else ""
    if case.contractor:
        yield "수리 업체", with_phone(case.contractor.name, case.contractor.phone)
    if case.state in (State.DONE, State.SETTLED) and case.own_share_won is not None:
        yield "본인 부담", f"{case.own_share_won:,}원" if case.own_share_won else "없음"


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
