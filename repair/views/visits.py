"""A technician's pages: where to go, and one visit from the call to the household's word that it is done.

Personal data only of visits that are theirs and open: of any other they see nothing, of one that is over its number
and its money.
"""

import uuid
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from people.phones import national
from privacy.access import reveal

from .. import sent_deeds, visit_lists
from ..actors import contractor_of
from ..models import Case, Contractor, Visit
from ..papers import PHOTOS
from ..visit_forms import named
from ..visit_lists import deadline_badge
from ..visit_sums import said_of, sums
from .addresses import of_each

if TYPE_CHECKING:
    from ..actors import SignedIn

#: Of the page's forms: those that are filled in.
FORMS = ("plan", "give_back", "diagnose", "add_line", "photos", "answer", "break_off", "finish")
#: Of those that are free to take.
A_PAGE = 20
BY_FIELD = ("finish", "answer", "remove_line", "arrive", "ask")


def technicians_only(request: "SignedIn") -> Contractor:
    """For whom they repair. PermissionDenied."""
    contractor = contractor_of(request.user)
    if contractor is None:
        raise PermissionDenied("이 화면은 무상수리 기사만 봅니다.")
    return contractor


def own_visit(request: "SignedIn", pk: uuid.UUID) -> Visit:
    """Theirs, open or ended, with `is_open`: as visit_lists.open_visits says. PermissionDenied, Http404."""
    contractor = technicians_only(request)
    theirs = Visit.objects.filter(technician=request.user).select_related("case__resident")
    found = get_object_or_404(theirs, pk=pk)
    found.is_open = found.ended_at is None and found.case.contractor_id == contractor.pk  # type: ignore[attr-defined]
    return found


def contacts(case: Case) -> list[dict[str, str]]:
    """Whom to call, first whoever gets the messages."""
    people = [("신청한 분", case.resident.name, case.resident.phone)]
    if case.helper_name or case.helper_phone:
        helper = ("도와주시는 분", case.helper_name, case.helper_phone)
        people.insert(0 if case.tells == Case.Tells.HELPER else 1, helper)
    return [
        {"role": role, "name": name, "phone": phone, "shown": national(phone) if phone else ""}
        for role, name, phone in people
    ]


@never_cache
@require_GET
def visit_list(request: "SignedIn") -> HttpResponse:
    """Where to go, what is free to take (no name, no street), what was ended in ?month=."""
    contractor, today = technicians_only(request), timezone.localdate()
    own = visit_lists.own_open(request.user, contractor)
    free = Paginator(visit_lists.free_for(contractor), A_PAGE).get_page(request.GET.get("page"))
    cases = [visit.case for visit in own]
    prefetch_related_objects([*cases, *free.object_list], "devices", "pauses")
    reveal(request, cases, "수리 기사 방문 목록")
    take_of = of_each("repair:visit_take")
    rows = [
        {
            "visit": visit,
            "case": visit.case,
            "badge": deadline_badge(visit.case, today),
            "first": contacts(visit.case)[0],
            "devices": _devices(visit.case),
        }
        for visit in own
    ]
    month = visit_lists.month_of(request.GET.get("month", ""))
    ended = visit_lists.ended_in(request.user, month)
    context = {
        "today": [row for row in rows if not visit_lists.is_for_later(row["visit"], today)],  # type: ignore[arg-type]
        "later": [row for row in rows if visit_lists.is_for_later(row["visit"], today)],  # type: ignore[arg-type]
        "page": free,
        "asked": f"month={month:%Y-%m}",
        "free": [
            (take_of(case.pk), case.district.name, deadline_badge(case, today), _devices(case))
            for case in free.object_list
        ],
        "withdrawn": visit_lists.withdrawn_today(request.user),
        "month": month,
        "month_before": (month - timedelta(days=1)).replace(day=1),
        "month_after": _month_after(month, today),
        "ended": ended,
        "city_won": sum(one.city_won for one in ended),
        "own_won": sum(one.own_won for one in ended),
    }
    return render(request, "repair/visit_list.html", context)


def _devices(case: Case) -> list[str]:
    return [f"{one.get_kind_display()}: {one.get_trouble_display()}" for one in case.devices.all()]


def _month_after(month: date, today: date) -> date | None:
    following = (month + timedelta(days=31)).replace(day=1)
    return following if following <= today else None


@never_cache
@require_GET
def visit(request: "SignedIn", pk: uuid.UUID) -> HttpResponse:
    """The whole visit on one page; of one that is over only that it is over."""
    return page(request, own_visit(request, pk))


@never_cache
@require_GET
def done(request: "SignedIn", pk: uuid.UUID) -> HttpResponse:
    """Of a finished visit: number and money, for the household to see and the technician to go."""
    ended = own_visit(request, pk)
    if ended.end != Visit.End.DONE:
        raise Http404("끝낸 방문이 아닙니다.")
    case = ended.case
    total = (case.cost_won or 0) + (case.own_share_won or 0)
    return render(request, "repair/visit_done.html", {"case": case, "total": total})


def page(
    request: "SignedIn",
    visit: Visit,
    *,
    status: int = 200,
    bound: Mapping[str, Any] | None = None,
    trouble: str = "",
) -> HttpResponse:
    """`bound`: name of a deed → its form as it was refused; `trouble`: why a deed was."""
    if not visit.is_open:  # type: ignore[attr-defined]
        return render(request, "repair/visit_ended.html", {"visit": visit, "trouble": trouble}, status=404)
    [case] = reveal(request, [visit.case], "수리 기사 방문 화면")
    prefetch_related_objects([visit], "lines", "case__devices", "agreements")
    devices, lines, prices = list(case.devices.all()), list(visit.lines.all()), sent_deeds.prices(visit)
    by_key = {device.pk: device for device in devices}
    for line in lines:
        line.device = by_key[line.device_id]
    money, said = sums(visit), said_of(visit)
    forms = {
        name: sent_deeds.form_of(name, visit, auto_id=f"{name}_%s", listed=prices, **_initial(name, visit))
        for name in FORMS
    } | dict(bound or {})
    context = {
        "visit": visit,
        "case": case,
        "stage": case.state,
        "badge": deadline_badge(case, timezone.localdate()),
        "contacts": contacts(case),
        "devices": [(named(device, devices), device.told()) for device in devices],
        "several": len(devices) > 1,
        "lines": lines,
        "money": money,
        "declined": bool(said and not said.agreed and money.own),
        "agreed": bool(said and said.agreed and money.own and not money.needs_agreement),
        "forms": forms,
        # Of a form that is laid out field by field the page says above all else what is wrong.
        "form": next((form for name, form in (bound or {}).items() if name in BY_FIELD), None),
        "trouble": trouble,
        "photos": case.papers.filter(kind__in=PHOTOS),
        "new_id": uuid.uuid4,
        "data": {
            "stage": case.state,
            "money": asdict(money),
            "declined": bool(said and not said.agreed),
            "lines": [
                {
                    "id": one.pk,
                    "device": str(one.device_id),
                    "name": one.name,
                    "won": one.price_won,
                    "count": one.count,
                }
                for one in lines
            ],
            "prices": {one.pk: {"name": one.name, "won": one.price_won} for one in prices},
            "devices": {str(one.pk): named(one, devices) for one in devices},
        },
    }
    return render(request, "repair/visit_page.html", context, status=status)


def _initial(name: str, visit: Visit) -> dict[str, Any]:
    if name == "diagnose":
        return {"initial": {"words": visit.diagnosis}}
    if name == "plan" and visit.planned_at:
        return {"initial": {"planned_at": visit.planned_at}}
    return {}
