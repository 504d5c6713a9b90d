"""One visiting class, and who teaches it; the same suggestions for a class at a centre."""

import uuid
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from privacy import purposes
from privacy.access import reveal
from privacy.masking import masked_address, masked_name, masked_phone

from .. import assigning, visits_lists, visits_planning, visits_report
from ..actors import staff
from ..booking_states import NotPossible
from ..models import Assignment, Session, VisitClass, VisitRequest
from ..session_words import when_words
from ..visit_states import ClassState
from ..visit_words import class_look, contact_of, timeline, when
from ..visits_forms import MoveForm, ReportForm, WhyForm, class_times
from .visit_pages import for_coordinator, shown

if TYPE_CHECKING:
    from ..actors import SignedIn

Part = assigning.Part
#: Of those who cannot: so many are shown, with why not.
HINDERED = 10
A_PAGE = 20
MAY_ASSIGN = (ClassState.PROPOSED, ClassState.CONFIRMED)


def parts(request: "SignedIn", thing: Session | VisitClass, *, open_: bool) -> list[dict[str, Any]]:
    """Lead and assistant: who is assigned, or who could be, in order with the reason."""
    live = thing.assignments.live().select_related("instructor__user")
    by_part = {each.part: each for each in live}
    found = []
    for part, words in Part.choices:
        assigned = by_part.get(part)
        taken = {each.instructor_id for each in by_part.values()}
        ordered = [] if assigned or not open_ else assigning.suggested(thing, part)
        ordered = [(row, one) for row, one in ordered if row.pk not in taken]
        can = [(row, one) for row, one in ordered if one.can]
        cannot = [(row, one) for row, one in ordered if not one.can][:HINDERED]
        shown_people = [assigned.instructor] if assigned else [row for row, _ in (*can, *cannot)]
        reveal(request, shown_people, f"강사 배정: {words}")
        found.append({"part": part, "words": words, "assigned": assigned, "can": can, "cannot": cannot})
    return found


def _class(pk: uuid.UUID) -> VisitClass:
    rows = VisitClass.objects.select_related("district", "institution", "report")
    return get_object_or_404(rows, pk=pk)


@for_coordinator
@require_GET
def one(request: "SignedIn", pk: uuid.UUID) -> HttpResponse:
    return page(request, _class(pk))


def page(
    request: "SignedIn",
    visit: VisitClass,
    *,
    move: MoveForm | None = None,
    report: ReportForm | None = None,
    trouble: str = "",
) -> HttpResponse:
    """`move`, `report`: as they were refused; `trouble`: why a deed was."""
    why = purposes.seen_for(request, visit)
    [visit] = reveal(request, [visit], purposes.detail("찾아가는 수업 한 건", why))
    requests = reveal(
        request, visit.requests.order_by("asked_at"), purposes.detail("찾아가는 수업의 신청", why)
    )
    move_form = move or MoveForm(initial=class_times(visit))
    report_form = report or ReportForm(initial={"came": sum(row.people for row in requests)})
    begun = visit.state == ClassState.CONFIRMED and visits_lists.has_begun(visit)
    context = {
        "visit": visit,
        "when": when(visit),
        "look": class_look(visit),
        **purposes.context(request, visit),
        "requests": [
            (
                row,
                contact_of(row) if why else masked_phone(row.contact_phone),
                _called(row, in_full=bool(why)),
            )
            for row in requests
        ],
        "address": (visit.address or "") if why else masked_address(visit.address or ""),
        "people": sum(row.people for row in requests),
        "parts": parts(request, visit, open_=visit.state in MAY_ASSIGN and not visits_lists.has_begun(visit)),
        "move": move_form,
        "report_form": report_form,
        "form": move_form if move else report_form if report else None,
        "may_move": visit.state in MAY_ASSIGN and not begun,
        "may_report": begun,
        "happened": timeline(list(visit.steps.all())),
        "do": "learning:visits_class_do",
        "trouble": trouble,
    }
    refused = move is not None or report is not None
    return shown(request, "class", "visits_desk", context, 409 if trouble else 422 if refused else 200)


def _called(row: VisitRequest, *, in_full: bool) -> str:
    return row.group_name or (row.contact_name if in_full else masked_name(row.contact_name))


@for_coordinator
@require_POST
def one_do(request: "SignedIn", pk: uuid.UUID) -> HttpResponse:
    """`deed`: move, call_off, report; or about an instructor, as `assign_do`."""
    visit, name, by = _class(pk), request.POST.get("deed", ""), staff(request)
    try:
        if name == "move":
            form = MoveForm(request.POST)
            if not form.is_valid():
                return page(request, visit, move=form)
            visits_planning.move(pk, *form.times(), by, form.cleaned_data["why"])
            said = "날짜를 바꾸고 모두에게 다시 물었습니다. 강사를 새로 정해 주세요."
        elif name == "report":
            written = ReportForm(request.POST)
            if not written.is_valid():
                return page(request, visit, report=written)
            visits_report.report(pk, written.written(), by)
            said = "결과를 적었습니다."
        elif name == "call_off":
            visits_planning.call_off(pk, by, _why(request.POST))
            said = "수업을 취소하고 모두에게 알렸습니다. 신청은 다시 목록에 있습니다."
        else:
            said = _about_instructor(request, visit)
    except NotPossible as error:
        return page(request, _class(pk), trouble=str(error))
    messages.success(request, said)
    return redirect("learning:visits_class", pk)


def _why(data: Any) -> str:
    form = WhyForm(data, missing="까닭을 적어 주세요.")
    if not form.is_valid():
        raise NotPossible("까닭을 200자 안으로 적어 주세요. 신청한 분과 강사가 읽습니다.")
    why: str = form.cleaned_data["why"]
    return why


class ChosenForm(forms.Form):
    """What a button of the page sends; nobody types it."""

    instructor = forms.IntegerField(required=False)
    assignment = forms.IntegerField(required=False)
    part = forms.ChoiceField(choices=Part.choices, required=False)


def _about_instructor(request: "SignedIn", thing: Session | VisitClass) -> str:
    """assign, accept or release; what is said. NotPossible."""
    form, name, by = ChosenForm(request.POST), request.POST.get("deed", ""), staff(request)
    if not form.is_valid():
        raise NotPossible("강사를 목록에서 골라 주세요.")
    data = form.cleaned_data
    if name == "assign" and data["instructor"] and data["part"]:
        assigning.assign(data["instructor"], thing, data["part"], by)
        return "강사에게 알렸습니다. 강사가 확인하면 정해집니다."
    theirs = Assignment.objects.filter(pk=data["assignment"], **_of(thing))
    if name not in ("accept", "release") or not theirs.exists():
        raise NotPossible("할 수 있는 단추를 눌러 주세요.")
    if name == "accept":
        assigning.accept(data["assignment"], by)
        return "강사가 전화로 확인한 것을 적었습니다."
    assigning.give_up(data["assignment"], by, _why(request.POST))
    return "배정을 풀고 강사에게 알렸습니다."


def _of(thing: Session | VisitClass) -> dict[str, Any]:
    return {"session": thing} if isinstance(thing, Session) else {"visit_class": thing}


@for_coordinator
@require_GET
def sessions(request: "SignedIn") -> HttpResponse:
    """Classes at the centres that lack somebody."""
    page_ = Paginator(visits_lists.sessions_without(), A_PAGE).get_page(request.GET.get("page"))
    rows = [(row, when_words(row)) for row in page_.object_list]
    return shown(request, "sessions", "teachers", {"rows": rows, "page": page_})


def _session(pk: int) -> Session:
    rows = Session.objects.select_related("course", "room__centre__district")
    found = get_object_or_404(rows.defer("room__centre__district__boundary"), pk=pk)
    if found.state == Session.State.CANCELLED:
        raise Http404("휴강한 수업입니다.")
    return found


@for_coordinator
def session(request: "SignedIn", pk: int) -> HttpResponse:
    """Who teaches a class at a centre. POST: `deed` as `_about_instructor`."""
    found, trouble = _session(pk), ""
    if request.method == "POST":
        try:
            said = _about_instructor(request, found)
        except NotPossible as error:
            trouble = str(error)
        else:
            messages.success(request, said)
            return redirect("learning:session_teachers", pk)
    context = {
        "session": found,
        "when": when_words(found),
        "parts": parts(request, found, open_=not visits_lists.has_begun(found)),
        "do": "learning:session_teachers",
        "trouble": trouble,
    }
    return shown(request, "session", "teachers", context, 409 if trouble else 200)
