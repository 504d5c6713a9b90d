"""What a citizen books: one class or all of a series, with what they agreed to, for at most a few people a phone."""

import uuid

from django.db import transaction

from privacy.consents import Consents

from .actors import Actor
from .booking import Asked, Booked, book, book_series, cancel
from .models import Booking, Session

#: How many people one phone books for a class: whoever has many phones' worth of names takes no class for themselves.
MOST_PEOPLE = 4


def book_by_phone(
    session: Session, asked: Asked, said: Consents, by: Actor, *, whole: bool = False
) -> list[tuple[Session, Booked]]:
    """The bookings, all or none. `whole`: every session to come of its series. NotPossible as booking.book."""
    if whole and session.series:
        return book_series(session.series, asked, by, most=MOST_PEOPLE, said=said)
    return [(session, book(session, asked, by, most=MOST_PEOPLE, said=said))]


def rest_of_series(booking: Booking, phone_index: str = "") -> list[uuid.UUID]:
    """The learner's other bookings of the same series that can still be cancelled; those of this phone, if there is
    one: whoever booked a day for somebody does not see or cancel what they booked themselves."""
    if booking.session.series_id is None:
        return []
    theirs = Booking.objects.for_phone(phone_index) if phone_index else Booking.objects.all()
    others = theirs.live().filter(
        learner=booking.learner_id,
        session__series=booking.session.series_id,
        session__in=Session.objects.upcoming(),
    )
    return list(others.exclude(pk=booking.pk).order_by("session").values_list("pk", flat=True))


@transaction.atomic
def cancel_with_rest(booking: Booking, by: Actor, why: str, phone_index: str = "") -> int:
    """This one and the rest of its series (of this phone). Returns how many. NotNow."""
    keys = [booking.pk, *rest_of_series(booking, phone_index)]
    # Always in the order of sessions, which `cancel` locks.
    ordered = Booking.objects.filter(pk__in=keys).order_by("session").values_list("pk", flat=True)
    return sum(bool(cancel(pk, by, why)) for pk in list(ordered))
