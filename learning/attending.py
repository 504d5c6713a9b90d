"""Who sits in a class, as the pages of the desk count and list them."""

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from .models import Booking, Session


def with_heads(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Adds `booked` (who has a seat for good), `came` and `absent`."""

    def count(**which: str) -> Coalesce:
        rows = Booking.objects.filter(
            session=OuterRef("pk"), state=Booking.State.CONFIRMED, **which
        ).order_by()
        counted = rows.values("session").annotate(n=Count("pk")).values("n")
        return Coalesce(Subquery(counted, output_field=IntegerField()), 0)

    return sessions.annotate(booked=count(), came=count(attendance="came"), absent=count(attendance="absent"))


def of_class(session: Session, *states: str) -> QuerySet[Booking]:
    """Its bookings in these states (those who have a seat for good), in the order in which they came."""
    rows = Booking.objects.filter(session=session, state__in=states or [Booking.State.CONFIRMED])
    return rows.select_related("learner").order_by("turn")
