"""A call: the number first, then what that number has booked, and the next class, all on one page.

The number travels in the page and never in an address or the session: the next caller's page begins empty.
"""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from people.form_fields import takes_texts
from people.phones import national
from privacy import purposes
from privacy.access import reveal, subject_of
from privacy.masking import masked_name

from ..actors import staff
from ..booking_states import NotPossible
from ..callers import Caller, book_for_caller, caller
from ..choosing import Choice, choice, choices, picked
from ..consent_texts import NEEDS, PERSONAL
from ..desk_forms import CallerForm, CallerPhoneForm
from ..fields import NarrowForm
from ..models import Booking, Centre, Learner, Series
from ..refusals import AlreadyBooked
from ..roles import is_call_centre
from .desk_pages import for_the_desk, shown

if TYPE_CHECKING:
    from ..actors import SignedIn

#: What is said of one's own booking by telephone is not what is said to whoever books alone.
THERE_ALREADY = "이미 신청하신 수업입니다. 위 ‘지금 신청한 수업’에서 확인해 주세요."


@sensitive_post_parameters()
@for_the_desk
@require_http_methods(["GET", "POST"])
def call(request: "SignedIn") -> HttpResponse:
    """?pick=s12: the class from whose page one came. 422: something to write is missing; 409: it does not go."""
    pick = request.GET.get("pick", "")
    asked = CallerPhoneForm(request.POST if request.method == "POST" else None)
    if request.method == "GET" or not asked.is_valid():
        context = {"form": asked, "pick": request.POST.get("pick", pick)}
        return shown(request, "call", "desk_call", context, 422 if asked.errors else 200)
    phone: str = asked.cleaned_data["phone"]
    known = caller(request.user, phone)
    called = [(str(each.pk), f"{masked_name(each.name)} 님") for each in known.learners]
    books = request.POST.get("do") == "book"
    given = request.POST if books else None
    form = CallerForm(given, initial=_typed(request.POST), phone=phone, known=known, called=called)
    status = 200
    if books:
        status = 422
        if form.is_valid():
            try:
                return _booked(request, form)
            except NotPossible as error:
                form.add_error(None, THERE_ALREADY if isinstance(error, AlreadyBooked) else str(error))
                status = 409
    return _page(request, phone, known, form, status)


def _typed(given: QueryDict) -> dict[str, str]:
    """What was typed so far, while one looks for a class."""
    return {name: given.get(name, "") for name in CallerForm.base_fields if name in given}


def _booked(request: "SignedIn", form: CallerForm) -> HttpResponse:
    what = picked(request.user, form.cleaned_data["pick"])
    way = Booking.Way.CALL if is_call_centre(request.user) else Booking.Way.CENTRE
    made = book_for_caller(
        what, form.asked(way), form.consents(), staff(request), despite=form.cleaned_data["despite"]
    )
    waits = sum(booked.waits for booked in made)
    if isinstance(what, Series):
        said = f"{len(made)}회를 신청했습니다."
        said += f" 그 가운데 {waits}회는 자리가 차서 기다립니다." if waits else " 모두 자리가 있습니다."
    else:
        said = "자리가 차서 기다리는 분으로 적었습니다." if waits else "신청했습니다. 자리가 있습니다."
    messages.success(request, said)
    for booked in made:
        purposes.opened(request, subject_of(Booking, booked.booking_id), purposes.PURPOSES["call"])
    if not takes_texts(form.phone):
        messages.warning(request, "문자를 받을 수 없는 번호입니다. 날짜와 장소를 지금 말로 알려 드리세요.")
    return redirect("learning:desk_booking", made[0].booking_id)


def centres_of(request: "SignedIn") -> list[Centre]:
    return list(Centre.objects.for_user(request.user).filter(is_active=True))


def _page(request: "SignedIn", phone: str, known: Caller, form: CallerForm, status: int) -> HttpResponse:
    narrow = NarrowForm(request.POST, centres=centres_of(request))
    found = choices(request.user, **narrow.wanted)
    pick = form["pick"].value() or ""
    found = _with_picked(request, found, pick)
    rows: list[Booking | Learner] = [*known.bookings, *known.learners]
    reveal(request, rows, "배움터 전화 받기: 그 번호의 신청")
    for each in known.bookings:  # somebody is on the line
        purposes.opened(request, each, purposes.PURPOSES["call"])
    context: dict[str, Any] = {
        "form": form,
        "phone": national(phone),
        "bookings": [(each, masked_name(each.learner.name)) for each in known.bookings],
        "known": known,
        "narrow": narrow,
        "choices": found,
        "pick": pick,
        "asks_why": status == 409 or bool(form["despite"].value()),
        "more": any(
            form[name].value() or form[name].errors
            for name in ("own_phone", "booker_name", "wishes", "needs")
        ),
        "personal": PERSONAL,
        "needs": NEEDS,
    }
    return shown(request, "caller", "desk_call", context, status)


def _with_picked(request: "SignedIn", found: list[Choice], pick: str) -> list[Choice]:
    """What was chosen stays in sight, also if it is not among what was looked for: first."""
    if any(each.key == pick for each in found):
        return found
    chosen = choice(request.user, pick)
    return [chosen, *found] if chosen else found
