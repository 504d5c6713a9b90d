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
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from people.models import Resident, User
from people.phones import national
from privacy.access import reveal
from privacy.masking import masked_address, masked_name
from privacy.one_query import Rows, hang, point, with_key

from .. import sent_deeds, visit_lists
from ..actors import contractor_of
from ..models import Case, Contractor, Device, Paper, Pause, PriceItem, Visit
from ..papers import PHOTOS
from ..visit_forms import named
from ..visit_lists import deadline_badge
from ..visit_sums import said_of, sums
from .addresses import address_of, of_each
from .visit_blanks import drawn_forms
from .visit_cards import devices, free_cards

if TYPE_CHECKING:
    from ..actors import SignedIn

#: Of those that are free to take.
A_PAGE = 20
#: Of the visit with that id: its case.
_CASE = "(SELECT case_id FROM repair_visit WHERE id = %s)"
_RESIDENT = f"id = (SELECT resident_id FROM repair_case WHERE id = {_CASE})"  # noqa: S608 - the line above
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
    found = _read(request.user, pk)
    found.is_open = found.ended_at is None and found.case.contractor_id == contractor.pk  # type: ignore[attr-defined]
    return found


def _read(user: User, pk: uuid.UUID) -> Visit:
    """One of theirs with what its page shows, its `photos` and the prices of its year that are `listed`. One query.
    Http404."""
    visit, (residents, devices, pauses, photos, listed) = with_key(
        Rows(Visit, "technician_id = %s", [user.pk]),
        pk,
        *("case", "lines", "agreements"),
        more=[
            Rows(Resident, _RESIDENT, [pk]),
            Rows(Device, f'"case_id" = {_CASE}', [pk]),
            Rows(Pause, f'"case_id" = {_CASE}', [pk]),
            Rows(Paper, f'"case_id" = {_CASE} AND "kind" = ANY(%s)', [pk, list(PHOTOS)]),
            Rows(PriceItem, sent_deeds.LISTED.replace("%s", _CASE), [pk]),
        ],
    )
    if visit is None:
        raise Http404
    point([visit.case], "resident", residents)
    hang([visit.case], "devices", devices)
    hang([visit.case], "pauses", pauses)
    visit.photos, visit.listed = photos, listed
    return visit


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
    listed: Any = visit_lists.Free(contractor)
    free: Any = Paginator(listed, A_PAGE).get_page(request.GET.get("page"))
    own, to_take = visit_lists.before_them(request.user, contractor, free.object_list)
    reveal(request, [visit.case for visit in own], "수리 기사 방문 목록")
    page_of = of_each("repair:visit")
    rows = [
        {
            "visit": visit,
            "page": page_of(visit.pk),
            "case": visit.case,
            "badge": deadline_badge(visit.case, today),
            # A list is seen by whoever stands beside; the visit's own page has all of it.
            "name": visit.case.organisation or masked_name(visit.case.resident.name),
            "address": masked_address(visit.case.resident.address),
            "devices": devices(visit.case),
        }
        for visit in own
    ]
    month = visit_lists.month_of(request.GET.get("month", ""))
    ended, withdrawn = visit_lists.ended_in(request.user, month)
    context = {
        "today": [row for row in rows if not visit_lists.is_for_later(row["visit"], today)],  # type: ignore[arg-type]
        "later": [row for row in rows if visit_lists.is_for_later(row["visit"], today)],  # type: ignore[arg-type]
        "page": free,
        "asked": f"month={month:%Y-%m}",
        "free": free_cards(request, to_take, today),
        "withdrawn": withdrawn,
        "month": month,
        "month_before": (month - timedelta(days=1)).replace(day=1),
        "month_after": _month_after(month, today),
        "ended": ended,
        "city_won": sum(one.city_won for one in ended),
        "own_won": sum(one.own_won for one in ended),
    }
    return render(request, "repair/visit_list.html", context)


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
    computers, lines, prices = list(case.devices.all()), list(visit.lines.all()), visit.listed  # type: ignore[attr-defined]
    by_key = {device.pk: device for device in computers}
    for line in lines:
        line.device = by_key[line.device_id]
    money, said = sums(visit), said_of(visit)
    context = {
        "here": of_each("repair:visit")(visit.pk),
        "list": address_of("repair:visits"),
        "visit": visit,
        "case": case,
        "stage": case.state,
        "badge": deadline_badge(case, timezone.localdate()),
        "contacts": contacts(case),
        "devices": [(named(device, computers), device.told()) for device in computers],
        "several": len(computers) > 1,
        "lines": lines,
        "money": money,
        "won": {name: f"{getattr(money, name):,}원" for name in ("total", "city", "own", "cap", "left")},
        "declined": bool(said and not said.agreed and money.own),
        "agreed": bool(said and said.agreed and money.own and not money.needs_agreement),
        "forms": drawn_forms(visit, bound or {}),
        # Of a form that is laid out field by field the page says above all else what is wrong.
        "form": next((form for name, form in (bound or {}).items() if name in BY_FIELD), None),
        "trouble": trouble,
        "photos": visit.photos,  # type: ignore[attr-defined]
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
            "devices": {str(one.pk): named(one, computers) for one in computers},
        },
    }
    return render(request, "repair/visit_page.html", context, status=status)
