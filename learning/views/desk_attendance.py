"""출석: on a tablet, one big tap a person, and a way back from each."""

import uuid
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from privacy.access import reveal

from ..actors import staff
from ..attendance import mark as mark_attendance
from ..attending import of_class
from ..booking_states import NotPossible
from ..models import Booking, Session
from .desk_pages import for_the_class, own_session, shown

if TYPE_CHECKING:
    from ..actors import SignedIn

CAME, ABSENT, NOT_YET = Booking.Attendance.CAME, Booking.Attendance.ABSENT, Booking.Attendance.UNKNOWN
#: What a button says → what is written down.
SAID = {"came": CAME, "absent": ABSENT, "undo": NOT_YET}


def _counts(rows: list[Booking]) -> dict[str, int]:
    return {
        "all": len(rows),
        "came": sum(each.attendance == CAME for each in rows),
        "absent": sum(each.attendance == ABSENT for each in rows),
        "open": sum(each.attendance == NOT_YET for each in rows),
    }


@for_the_class
@require_GET
def attendance(request: "SignedIn", pk: int) -> HttpResponse:
    found = own_session(request, pk)
    rows = reveal(request, of_class(found), "배움터 출석")
    context = {
        "session": found,
        "rows": rows,
        "counts": _counts(rows),
        "is_called_off": found.state == Session.State.CANCELLED,
        "is_day": timezone.localdate(found.starts_at) <= timezone.localdate(),
        "has_begun": found.starts_at <= timezone.now(),
    }
    return shown(request, "attendance", "desk", context)


@for_the_class
@require_POST
def mark(request: "SignedIn", pk: int, booking: uuid.UUID) -> HttpResponse:
    """said=came, absent or undo. With htmx the row alone comes back, and the counts; else the page, at that row."""
    found = own_session(request, pk)
    row = get_object_or_404(of_class(found), pk=booking)
    said, trouble = request.POST.get("said", ""), ""
    try:
        if said in SAID:
            mark_attendance(row.pk, SAID[said], staff(request))
        else:
            trouble = "출석인지 결석인지 눌러 주세요."
    except NotPossible as error:
        trouble = str(error)
    if "HX-Request" not in request.headers:
        if trouble:
            messages.warning(request, trouble)
        return redirect(f"{reverse('learning:desk_attendance', args=[pk])}#seat-{row.pk}")
    rows = reveal(request, of_class(found), "배움터 출석")
    context: dict[str, Any] = {
        "session": found,
        "row": next((each for each in rows if each.pk == row.pk), row),
        "counts": _counts(rows),
        "trouble": trouble,
        "fresh": True,
    }
    return render(request, "learning/desk/_seat.html", context)


@for_the_class
@require_http_methods(["GET", "POST"])
def rest(request: "SignedIn", pk: int) -> HttpResponse:
    """Whoever has not come by the end: all of them absent at once, after a page that says how many."""
    found = own_session(request, pk)
    rows = [each for each in of_class(found) if each.attendance == NOT_YET]
    here = reverse("learning:desk_attendance", args=[pk])
    if not rows:
        messages.info(request, "모두 적었습니다. 더 적을 분이 없습니다.")
        return redirect(here)
    if request.method == "POST":
        try:
            for each in rows:
                mark_attendance(each.pk, ABSENT, staff(request))
        except NotPossible as error:
            messages.warning(request, str(error))
        else:
            messages.success(
                request, f"{len(rows)}명을 결석으로 적었습니다. 잘못 적은 분은 ‘되돌리기’를 눌러 주세요."
            )
        return redirect(here)
    reveal(request, rows, "배움터 출석: 남은 분")
    return shown(request, "attendance_rest", "desk", {"session": found, "rows": rows})
