"""전화할 일: the calls (people/calls.py) that are about learning, as far as this member of staff may make them."""

from django.db.models import CharField, F, Func, QuerySet, Value
from django.db.models.functions import Cast

from people.calls import open_calls
from people.models import Call, User

from .models import Booking
from .roles import sees_all


def calls_of(user: User) -> QuerySet[Call]:
    """The oldest first. Who works for a centre makes those about bookings there; the others, all.

    A message about a booking has its key second: "learning_booked:<booking>:…" (notices.py).
    """
    calls = open_calls("learning_")
    if sees_all(user):
        return calls
    about = Func(F("message__key"), Value(":"), Value(2), function="split_part", output_field=CharField())
    own = Booking.objects.for_user(user).annotate(written=Cast("pk", CharField())).values("written")
    return calls.annotate(about=about).filter(about__in=own)
