"""신청하기: one page, one press. What many press at once when a popular class opens, so it asks the database little."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from people.by_phone import Phone

from ..actors import citizen
from ..booking_states import NotPossible
from ..citizen_booking import book_by_phone
from ..citizen_forms import BookForm
from ..models import Booking, Session
from ..refusals import AlreadyBooked, DoesNotFit, SameTime
from ..session_words import asks_birth_year, condition_words, seats, terms_of, when_words
from .by_phone import by_phone

#: One answer, whatever is in the way of somebody whose phone was typed, not shown.
OF_ANOTHER = (
    "이 분은 지금 신청해 드릴 수 없습니다. 이미 신청하셨거나, 그 시간에 다른 수업이 있거나, 조건이 맞지 않을 수"
    " 있습니다. 그분의 휴대전화로 신청하시거나 아래 번호로 전화해 주세요."
)


@by_phone
@require_http_methods(["GET", "POST"])
def book(request: HttpRequest, phone: Phone, pk: int) -> HttpResponse:
    """The form is there before booking opens, so that one can fill it in and need only press."""
    session = get_object_or_404(Session.objects.for_booking().select_related("series").with_seats(), pk=pk)
    now = timezone.now()
    left = seats(session, now)
    terms = terms_of(session)
    to_come = session.series.sessions.for_public().count() if session.series else 0
    as_one = session.series is not None and session.series.as_one
    form = BookForm(
        request.POST if request.method == "POST" else None,
        phone=phone,
        with_birth_year=asks_birth_year(terms),
        left=0 if as_one or to_come < 2 else to_come,
    )
    page = {
        "session": session,
        "when": when_words(session),
        "seats": left,
        "conditions": condition_words(terms),
        "form": form,
        "as_one": to_come if as_one else 0,
    }
    if request.method == "GET":
        if not left.deed:
            return render(request, "learning/citizen/not_open.html", page, status=409)
        return render(request, "learning/citizen/book.html", page)
    if not form.is_valid():
        return render(request, "learning/citizen/book.html", page, status=422)
    try:
        made = book_by_phone(
            session, form.asked(), form.consents(), citizen(request), whole=as_one or form.takes_all
        )
    except (AlreadyBooked, SameTime) as error:
        if not _theirs(phone, error):
            return _refused(request, page, NotPossible(OF_ANOTHER))
        if isinstance(error, AlreadyBooked):
            return redirect("learning:my_booking", error.booking_id)
        page["other"] = error.booking_id
        return _refused(request, page, error)
    except DoesNotFit as error:
        # What somebody has learned before is theirs to tell.
        tells = any(each.needs_level for each in terms) and form.asked().phone != phone.number
        return _refused(request, page, NotPossible(OF_ANOTHER) if tells else error)
    except NotPossible as error:
        return _refused(request, page, error)
    first = made[0][1].booking_id
    return redirect("learning:my_series" if len(made) > 1 else "learning:my_booking", first)


def _theirs(phone: Phone, error: AlreadyBooked | SameTime) -> bool:
    """Whether they may see the booking that is in the way."""
    return Booking.objects.for_phone(phone.index).filter(pk=error.booking_id).exists()


def _refused(request: HttpRequest, page: dict[str, Any], error: NotPossible) -> HttpResponse:
    """What was typed stays; the reason stands above it."""
    page["form"].add_error(None, str(error))
    return render(request, "learning/citizen/book.html", page, status=409)
