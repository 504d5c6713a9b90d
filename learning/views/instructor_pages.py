"""An instructor on a phone: what they teach and when, whether they come, the result of a visit, and their fees."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from people.months import next_month
from privacy.access import reveal

from .. import assigning, fees, visits_report
from ..booking_states import NotPossible
from ..models import Assignment
from ..models.assignment import Part
from ..session_words import when_words
from ..visit_states import ClassState
from ..visit_words import contact_of, when
from ..visits_forms import ReportForm, WhyForm
from ..visits_history import instructor as acts_as
from .visit_pages import for_instructors, own_instructor, shown

if TYPE_CHECKING:
    from ..actors import SignedIn

#: How far back what was taught is listed.
LOOKS_BACK = timedelta(days=60)


def _own(request: "SignedIn") -> Any:
    rows = Assignment.objects.of_instructor(request.user).select_related(
        "session__course", "session__room__centre", "visit_class__district"
    )
    return rows.defer("visit_class__district__boundary")


def line(row: Assignment) -> dict[str, Any]:
    """As the list shows one: of a visit the district only."""
    visit, session = row.visit_class, row.session
    return {
        "row": row,
        "what": fees.what(row),
        "when": when(visit) if visit else when_words(session),  # type: ignore[arg-type]
        "reported": bool(visit and visit.state == ClassState.REPORTED),
        "to_report": bool(
            visit
            and row.part == Part.LEAD
            and visit.state in (ClassState.CONFIRMED, ClassState.TAUGHT)
            and visit.starts_at <= timezone.now()
        ),
    }


@for_instructors
@require_GET
def teach(request: "SignedIn") -> HttpResponse:
    """What they are asked, what is to come, what waits for its result, what is over."""
    instructor, now = own_instructor(request), timezone.now()
    rows = _own(request).filter(Q(teaches__endswith__gt=now - LOOKS_BACK)).order_by("teaches")
    lines = [line(row) for row in rows]
    to_come = [one for one in lines if one["row"].teaches.upper > now]
    context = {
        "instructor": instructor,
        "unanswered": [one for one in to_come if one["row"].confirmed_at is None],
        "to_come": [one for one in to_come if one["row"].confirmed_at],
        "to_report": [one for one in lines if one["to_report"]],
        "over": [one for one in reversed(lines) if one["row"].teaches.upper <= now and not one["to_report"]],
    }
    return shown(request, "teach", "teach", context)


@for_instructors
@require_GET
def one(request: "SignedIn", pk: int) -> HttpResponse:
    return page(request, get_object_or_404(_own(request), pk=pk))


def page(
    request: "SignedIn", row: Assignment, *, report: ReportForm | None = None, trouble: str = ""
) -> HttpResponse:
    """Of a visit with its place and whom to call, as long as it is to come or its result is to be written."""
    visit = row.visit_class
    open_ = visit is not None and visit.state != ClassState.REPORTED
    requests = []
    if visit is not None and open_:
        reveal(request, [visit], "강사의 찾아가는 수업")
        requests = reveal(request, visit.requests.order_by("asked_at"), "강사의 찾아가는 수업: 연락처")
    others = Assignment.objects.live().filter(session=row.session, visit_class=row.visit_class)
    colleagues = list(others.exclude(pk=row.pk).select_related("instructor__user"))
    reveal(request, [each.instructor for each in colleagues], "함께 가는 강사")
    with_them = [(each.instructor.user.get_full_name(), each.get_part_display()) for each in colleagues]
    form = report or ReportForm(initial={"came": sum(each.people for each in requests) or None})
    context = {
        **line(row),
        "visit": visit,
        "open": open_,
        "requests": [(each, contact_of(each)) for each in requests],
        "people": sum(each.people for each in requests),
        "equipment": sorted({thing for each in requests for thing in each.equipment}),
        "with_them": with_them,
        "may_answer": row.confirmed_at is None and row.teaches.upper > timezone.now(),
        "may_give_up": row.teaches.lower > timezone.now(),
        "form": form,
        "trouble": trouble,
    }
    return shown(request, "teach_one", "teach", context, 409 if trouble else 422 if report else 200)


@for_instructors
@require_POST
def one_do(request: "SignedIn", pk: int) -> HttpResponse:
    """`deed`: accept, give_up with a reason, or report (the lead)."""
    row = get_object_or_404(_own(request), pk=pk)
    deeds: dict[str, Callable[[], str]] = {
        "accept": lambda: _accept(request, row),
        "give_up": lambda: _give_up(request, row),
    }
    name = request.POST.get("deed", "")
    try:
        if name == "report":
            form = ReportForm(request.POST)
            if not form.is_valid():
                return page(request, row, report=form)
            said = _report(request, row, form)
        elif name in deeds:
            said = deeds[name]()
        else:
            raise NotPossible("할 수 있는 단추를 눌러 주세요.")
    except NotPossible as error:
        return page(request, row, trouble=str(error))
    messages.success(request, said)
    if name == "give_up":
        return redirect("learning:teach")
    return redirect("learning:teach_one", pk)


def _accept(request: "SignedIn", row: Assignment) -> str:
    assigning.accept(row.pk, acts_as(request))
    return "가기로 하셨습니다. 고맙습니다."


def _give_up(request: "SignedIn", row: Assignment) -> str:
    form = WhyForm(request.POST, missing="까닭을 적어 주세요.")
    if not form.is_valid():
        raise NotPossible("못 가시는 까닭을 200자 안으로 적어 주세요. 운영 담당이 읽습니다.")
    assigning.give_up(row.pk, acts_as(request), form.cleaned_data["why"])
    return "못 가신다고 알렸습니다. 다른 강사를 찾겠습니다."


def _report(request: "SignedIn", row: Assignment, form: ReportForm) -> str:
    if row.visit_class is None or row.part != Part.LEAD:
        raise NotPossible("찾아간 수업의 결과는 주강사가 적습니다.")
    visits_report.report(row.visit_class.pk, form.written(), acts_as(request))
    return "결과를 적었습니다. 고맙습니다."


def month_of(typed: str, today: date) -> date:
    """ "2026-09" → its first day; anything else: this month."""
    try:
        return date.fromisoformat(f"{typed}-01")
    except ValueError:
        return today.replace(day=1)


@for_instructors
@require_GET
def own_fees(request: "SignedIn") -> HttpResponse:
    """?month=: what was settled for it, and what belongs to it but is not settled yet."""
    instructor, today = own_instructor(request), timezone.localdate()
    month = month_of(request.GET.get("month", ""), today)
    settled = fees.settled(month, instructor)
    unpaid = [each for each in fees.unpaid(instructor) if each.month == month]
    following = next_month(month)
    context = {
        "month": month,
        "before": (month - timedelta(days=1)).replace(day=1),
        "after": following if following <= today else None,
        "settled": settled,
        "settled_won": sum(each.won for each in settled),
        "unpaid": unpaid,
        "unpaid_won": sum(each.won for each in unpaid),
        "minutes": sum(each.minutes for each in (*settled, *unpaid)),
    }
    return shown(request, "teach_fees", "teach_fees", context)
