"""One booking: what it is, what happened to it, and what whoever is on the telephone may want: another class, none,
or the seat that was offered."""

import uuid
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from people.phones import national
from privacy import purposes
from privacy.access import reveal
from privacy.masking import masked_name, masked_phone

from ..actors import staff
from ..booking import cancel as cancel_booking
from ..booking import move as move_booking
from ..booking_states import NotPossible, State
from ..callers import with_place_in_line
from ..choosing import instead_of, picked
from ..citizen_booking import cancel_with_rest, rest_of_series
from ..desk_forms import CancelForm, PickForm
from ..fields import NarrowForm
from ..models import Booking, Session
from ..refusals import AlreadyBooked
from ..waiting import decline, take
from .desk_caller import THERE_ALREADY, centres_of
from .desk_pages import for_the_desk, shown

if TYPE_CHECKING:
    from ..actors import SignedIn

ANSWERS = {
    "take": (take, "자리를 드렸습니다."),
    "decline": (decline, "사양하신 것으로 적었습니다. 다음 분께 여쭙니다."),
}


def _own(request: "SignedIn", pk: uuid.UUID) -> Booking:
    rows = with_place_in_line(Booking.objects.for_user(request.user)).select_related(
        "learner", "session__course", "session__room__centre", "session__series", "entered_by"
    )
    return get_object_or_404(rows, pk=pk)


def _context(request: "SignedIn", booking: Booking, **more: Any) -> dict[str, Any]:
    """The name is compared with what the caller says once somebody said that there is one (privacy/purposes.py)."""
    learner, seen = booking.learner, purposes.seen_for(request, booking)
    phone = national if seen else masked_phone
    name = str if seen else masked_name
    return {
        **purposes.context(request, booking),
        "booking": booking,
        "session": booking.session,
        "name": name(learner.name),
        "booker": name(booking.booker_name or ""),
        "tel": learner.phone if seen else "",
        "phone": phone(learner.phone),
        "contact": phone(booking.told_at),
        "may_change": booking.is_live and booking.session.starts_at > timezone.now(),
        **more,
    }


@for_the_desk
@require_GET
def booking(request: "SignedIn", pk: uuid.UUID) -> HttpResponse:
    found = _own(request, pk)
    reveal(request, [found], purposes.detail("배움터 신청 한 건", purposes.seen_for(request, found)))
    steps = found.steps.select_related("by").order_by("-turn")
    moved = Booking.objects.for_user(request.user).filter(moved_from=found).first()
    context = _context(request, found, steps=steps, moved=moved, is_offered=found.state == State.OFFERED)
    return shown(request, "booking", "desk_call", context)


@for_the_desk
@require_http_methods(["GET", "POST"])
def cancel(request: "SignedIn", pk: uuid.UUID) -> HttpResponse:
    """A page that says what happens, and then the deed. 409: it does not go (any more)."""
    found, status = _own(request, pk), 200
    left = len(rest_of_series(found))
    form = CancelForm(request.POST if request.method == "POST" else None, left=left)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                gone = _cancelled(request, found, **form.cleaned_data)
            except NotPossible as error:
                form.add_error(None, str(error))
                status = 409
            else:
                messages.success(
                    request, f"{gone}번의 신청을 취소했습니다." if gone > 1 else "신청을 취소했습니다."
                )
                return redirect("learning:desk_booking", pk)
    elif not found.is_live:
        messages.warning(request, "이미 끝난 신청이라 취소할 것이 없습니다.")
        return redirect("learning:desk_booking", pk)
    reveal(request, [found], "배움터 신청 취소")
    return shown(request, "cancel", "desk_call", _context(request, found, form=form), status)


def _cancelled(request: "SignedIn", found: Booking, why: str, whole: bool = False) -> int:
    """How many."""
    if whole:
        return cancel_with_rest(found, staff(request), why)
    cancel_booking(found.pk, staff(request), why)
    return 1


@for_the_desk
@require_http_methods(["GET", "POST"])
def move(request: "SignedIn", pk: uuid.UUID) -> HttpResponse:
    """Classes of the same topic first; ?topic=&centre=&day= for others. Only those with a seat."""
    found, status = _own(request, pk), 200
    if request.method == "GET" and not found.is_live:
        messages.warning(request, "이미 끝난 신청이라 옮길 수 없습니다. 새로 신청해 주세요.")
        return redirect("learning:desk_booking", pk)
    asked = request.GET or {"topic": found.session.course.topic}
    narrow = NarrowForm(asked, centres=centres_of(request))
    form = PickForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = _moved(request, found, form.cleaned_data["pick"])
            except NotPossible as error:
                form.add_error("pick", THERE_ALREADY if isinstance(error, AlreadyBooked) else str(error))
                status = 409
            else:
                messages.success(request, "옮겼습니다. 새 날짜와 장소를 알려 드리세요.")
                if why := purposes.seen_for(request, found):
                    purposes.opened(request, made, why)
                return redirect("learning:desk_booking", made.pk)
    reveal(request, [found], "배움터 신청 옮기기")
    context = _context(
        request,
        found,
        form=form,
        narrow=narrow,
        choices=instead_of(request.user, found.session, **narrow.wanted),
        pick=form["pick"].value() or "",
        moving=True,
    )
    return shown(request, "move", "desk_call", context, status)


def _moved(request: "SignedIn", found: Booking, key: str) -> Booking:
    to = picked(request.user, key)
    if not isinstance(to, Session):
        raise NotPossible("한 번씩만 옮길 수 있습니다. 수업을 목록에서 골라 주세요.")
    return move_booking(found.pk, to.pk, staff(request))


@for_the_desk
@require_POST
def answer(request: "SignedIn", pk: uuid.UUID) -> HttpResponse:
    """answer=take or decline: what they say by telephone to the seat that was offered."""
    found = _own(request, pk)
    deed, said = ANSWERS.get(request.POST.get("answer", ""), (None, ""))
    if deed is None:
        messages.warning(request, "자리를 받으실지 사양하실지 골라 주세요.")
        return redirect("learning:desk_booking", found.pk)
    try:
        deed(found.pk, staff(request))
    except NotPossible as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, said)
    return redirect("learning:desk_booking", found.pk)
