"""수업 찾기: which classes, by topic, level, place and day; the nearest first for whoever says where they live."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypedDict

from django.db.models import Case, Exists, F, IntegerField, OuterRef, QuerySet, Value, When
from django.utils import timezone

from people.geometry import distance_m

from .models import Centre, Session, SessionQuerySet

#: How far ahead one may look (days).
FURTHEST = timedelta(days=366)


class Wanted(TypedDict, total=False):
    """What somebody looks for; "" or None: any. `centre`: the key of one, as digits."""

    topic: str
    level: str
    centre: str
    day: date | None


@dataclass(frozen=True)
class Place:
    """A centre that is in use, and the middle of its district if nobody wrote down where exactly it stands."""

    pk: int
    name: str
    lat: float
    lon: float

    def metres_from(self, lat: float, lon: float) -> float:
        return distance_m(lat, lon, self.lat, self.lon)


def places() -> list[Place]:
    """All of them. One query."""
    rows = Centre.objects.filter(is_active=True).values_list(
        "pk", "name", "lat", "lon", "district__lat", "district__lon"
    )
    return [
        Place(pk, name, lat or near_lat, lon or near_lon) for pk, name, lat, lon, near_lat, near_lon in rows
    ]


def day_range(first: date, last: date) -> tuple[datetime, datetime]:
    """From the first moment of `first` to the first moment after `last`, in local time."""
    begin, end = (datetime.combine(day, time()) for day in (first, last + timedelta(days=1)))
    return timezone.make_aware(begin), timezone.make_aware(end)


def matching(sessions: SessionQuerySet, wanted: Wanted) -> SessionQuerySet:
    """Those of `sessions` that fit."""
    if topic := wanted.get("topic"):
        sessions = sessions.filter(course__topic=topic)
    if level := wanted.get("level"):
        sessions = sessions.filter(course__level=level)
    if centre := wanted.get("centre"):
        sessions = sessions.filter(room__centre=int(centre))
    if day := wanted.get("day"):
        begin, end = day_range(day, day)
        sessions = sessions.filter(starts_at__gte=begin, starts_at__lt=end)
    return sessions


def to_come(wanted: Wanted) -> QuerySet[Session]:
    """What citizens can still come to, with its seats. Of a series that is booked as a whole the next session stands
    for all, unless a day is asked for."""
    sessions = Session.objects.for_public().filter(starts_at__lt=timezone.now() + FURTHEST)
    sessions = matching(sessions, wanted)
    if not wanted.get("day"):
        earlier = Session.objects.for_public().filter(
            series=OuterRef("series"), series__as_one=True, starts_at__lt=OuterRef("starts_at")
        )
        sessions = sessions.exclude(Exists(earlier))
    return sessions.with_seats().select_related("course", "room__centre", "series")


def nearest_first(
    sessions: QuerySet[Session], lat: float, lon: float, known: list[Place]
) -> QuerySet[Session]:
    """Ordered by how far the centre is (straight), then by day."""
    near = sorted(known, key=lambda place: place.metres_from(lat, lon))
    ranks = [When(room__centre=place.pk, then=Value(rank)) for rank, place in enumerate(near)]
    if not ranks:
        return sessions
    rank = Case(*ranks, default=Value(len(ranks)), output_field=IntegerField())
    return sessions.order_by(rank, F("starts_at"), "pk")
