"""어디까지 찾아갔나: which institutions and districts were visited in a year, and which not yet.

A visit counts once it was held: by its report. Numbers of people only, nobody's name.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Max, Sum
from django.utils import timezone

from people.city_map import ATTRIBUTION
from people.city_map.land import land
from people.city_map.names import Name
from people.models import District

from .models import Institution, VisitClass, VisitRequest
from .visit_states import ClassState, RequestState

#: So many visits a year are many: drawn full.
MANY = 3


@dataclass
class Place:
    """An institution. `last`: the day of its latest visit this year, None if there was none."""

    name: str
    kind: str
    visits: int
    last: date | None
    is_example: bool


@dataclass
class Area:
    """A district with what was done in it."""

    code: str
    name: str
    visits: int = 0
    people: int = 0
    places: list[Place] = field(default_factory=list)

    @property
    def reached(self) -> int:
        return sum(place.visits > 0 for place in self.places)

    @property
    def look(self) -> str:
        """ "none", "some" or "many"."""
        return "many" if self.visits >= MANY else "some" if self.visits else "none"


@dataclass(frozen=True)
class Shape:
    name: str
    path: str
    look: str
    visits: int
    x: str
    y: str


@dataclass(frozen=True)
class Map:
    """As templates/learning/visits/_coverage_map.html draws it; `names` by screen, "wide" and "phone"."""

    width: int
    height: int
    shapes: Sequence[Shape]
    names: dict[str, Sequence[Name]]
    attribution: str = ATTRIBUTION


def year_of(year: int) -> tuple[datetime, datetime]:
    """Its first moment and that of the next, in Seoul."""
    zone = timezone.get_default_timezone()
    return datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)


def coverage(year: int) -> list[Area]:
    """Every district, those with the most left to do first. Four queries, however many."""
    first, last = year_of(year)
    areas = {d.code: Area(d.code, d.name) for d in District.objects.only("name")}
    held = VisitClass.objects.filter(state=ClassState.REPORTED, starts_at__gte=first, starts_at__lt=last)
    by_district = held.order_by().values("district").annotate(n=Count("pk"), came=Sum("report__came"))
    for row in by_district:
        area = areas[row["district"]]
        area.visits, area.people = row["n"], row["came"] or 0
    asked = VisitRequest.objects.filter(state=RequestState.DONE, institution__isnull=False)
    asked = asked.filter(visit_class__starts_at__gte=first, visit_class__starts_at__lt=last).order_by()
    visits = {
        row["institution"]: (row["n"], timezone.localdate(row["latest"]))
        for row in asked.values("institution").annotate(n=Count("pk"), latest=Max("visit_class__starts_at"))
    }
    for place in Institution.objects.filter(is_active=True).order_by("name"):
        n, latest = visits.get(place.pk, (0, None))
        areas[place.district_id].places.append(
            Place(place.name, place.get_kind_display(), n, latest, place.is_example)
        )
    return sorted(
        areas.values(), key=lambda area: (area.visits > 0, -(len(area.places) - area.reached), area.code)
    )


def drawing(areas: Iterable[Area]) -> Map:
    """The districts, each by how often it was visited, with a sign and the number where it was. One query."""
    by_code = {area.code: area for area in areas}
    ground = land(list(District.objects.order_by("code")), None)
    visited = [one for one in ground.areas if by_code[one.code].visits]
    signs = frozenset((one.middle, "") for one in visited)
    return Map(
        width=ground.frame.width,
        height=ground.frame.height,
        shapes=[
            Shape(
                one.name,
                one.path,
                by_code[one.code].look,
                by_code[one.code].visits,
                f"{one.middle[0]:.1f}",
                f"{one.middle[1]:.1f}",
            )
            for one in ground.areas
        ],
        names=dict(ground.names(signs)),
    )
