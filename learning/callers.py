"""Who is on the telephone: the people and bookings of a phone number, as far as this member of staff may see them; and
booking for them, with what they said they agree to."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from people.models import User
from people.phones import phone_index
from privacy.access import subject
from privacy.consents import Consents
from privacy.models import Consent

from .actors import Actor
from .booking import Asked, Booked, book, book_series
from .consent_texts import PERSONAL
from .models import Booking, Learner, Series, Session

#: How far back it counts that somebody did not come.
LOOKED_BACK = timedelta(days=180)
#: Of a number that many share (a welfare centre's).
MOST = 50


@dataclass(frozen=True)
class Caller:
    """`absent`: how often somebody of this number did not come, lately. `agreed`: keys of the learners who agreed to
    the words that are asked now."""

    learners: list[Learner]
    bookings: list[Booking]
    absent: int
    agreed: set[str]


def with_place_in_line(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    """Adds `place`: 1 is the next to be offered a seat; 0 for whoever does not wait."""
    line = Booking.objects.filter(
        session=OuterRef("session"), state=Booking.State.WAITING, turn__lte=OuterRef("turn")
    ).order_by()
    counted = line.values("session").annotate(n=Count("pk")).values("n")
    return bookings.annotate(place=Coalesce(Subquery(counted, output_field=IntegerField()), 0))


def caller(user: User, phone: str) -> Caller:
    """`phone` in E.164. Whoever works for one centre sees what is there, and nobody else. Four queries."""
    index, now = phone_index(phone), timezone.now()
    own = Booking.objects.for_user(user)
    bookings = own.for_phone(index).live().filter(session__ends_at__gt=now)
    learners = Learner.objects.filter(
        Q(phone_index=index) | Q(bookings__in=own.filter(phone_index=index)), bookings__in=own
    )
    absent = own.for_phone(index).filter(
        attendance=Booking.Attendance.ABSENT, session__starts_at__gt=now - LOOKED_BACK
    )
    found = list(learners.distinct().order_by("created_at")[:MOST])
    return Caller(
        found,
        list(
            with_place_in_line(bookings)
            .select_related("learner", "session__course", "session__room__centre")
            .order_by("session__starts_at")[:MOST]
        ),
        absent.count(),
        _agreed(found),
    )


def _agreed(learners: list[Learner]) -> set[str]:
    named = {subject(each): str(each.pk) for each in learners}
    said = Consent.objects.filter(
        subject__in=named, key=PERSONAL.key, version=PERSONAL.version, agreed=True, withdrawn_at=None
    )
    return {named[whose] for whose in said.values_list("subject", flat=True)}


def book_for_caller(
    what: Session | Series, asked: Asked, said: Consents, by: Actor, *, despite: str = ""
) -> list[Booked]:
    """The bookings, all or none, the first class first; what was agreed to is kept. NotPossible as booking.book."""
    if isinstance(what, Series):
        return [booked for _, booked in book_series(what, asked, by, despite=despite, said=said)]
    return [book(what, asked, by, despite=despite, said=said)]
