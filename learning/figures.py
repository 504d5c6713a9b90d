"""통계: what a year of 디지털배움터 was. The rows are counted by the database; everything else only adds up. Nobody is
named: a booking is a centre, a topic and an age band here, and no sealed column is opened."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Sum
from django.db.models.functions import ExtractMonth
from django.utils import timezone

from .models import Booking, BookingStep, Session, VisitClass, VisitRequest, WalkIn
from .topics import AgeBand, Topic
from .visit_states import ClassState, RequestState

State = Booking.State
CAME, ABSENT = Booking.Attendance.CAME, Booking.Attendance.ABSENT


class Booked(NamedTuple):
    """So many bookings (`n`) that are alike. `waited`: found no seat when they came."""

    centre: str
    district: str
    topic: str
    age_band: str
    state: str
    attendance: str
    waited: bool
    n: int


class Held(NamedTuple):
    """Classes at a centre on a topic."""

    centre: str
    district: str
    topic: str
    sessions: int
    seats: int


class Visited(NamedTuple):
    """Visiting classes in a district on a topic, and how many people came to them."""

    district: str
    topic: str
    classes: int
    people: int


@dataclass
class Line:
    """What one centre, topic, age band or district adds up to. `booked`: who had a seat when the class began."""

    label: str
    sessions: int = 0
    seats: int = 0
    booked: int = 0
    came: int = 0
    absent: int = 0
    waited: int = 0
    got: int = 0
    visits: int = 0
    visited: int = 0

    @property
    def filled_share(self) -> str:
        return share(self.booked, self.seats)

    @property
    def came_share(self) -> str:
        return share(self.came, self.came + self.absent)


@dataclass
class Figures:
    """`waiting`, `requests`, `zone_months`, `zone_devices`: label → how many."""

    all: Line
    centres: Sequence[Line]
    topics: Sequence[Line]
    ages: Sequence[Line]
    districts: Sequence[Line]
    called_off: int = 0
    cancelled: int = 0
    waiting: dict[str, int] = field(default_factory=dict)
    requests: dict[str, int] = field(default_factory=dict)
    zone_months: dict[str, int] = field(default_factory=dict)
    zone_devices: dict[str, int] = field(default_factory=dict)

    @property
    def zone_people(self) -> int:
        return sum(self.zone_months.values())

    @property
    def reached(self) -> int:
        """How often somebody learned something: at a centre, on a visit, in the zone."""
        return self.all.came + self.all.visited + self.zone_people


def share(part: int, whole: int) -> str:
    """Such as "97 %"; "" of nothing."""
    return f"{100 * part / whole:.0f} %" if whole else ""


def year_span(year: int) -> tuple[datetime, datetime]:
    """From the first moment of the year until before that of the next, in Seoul."""
    first, after = (timezone.make_aware(datetime(n, 1, 1)) for n in (year, year + 1))
    return first, after


def figures(
    booked: Iterable[Booked],
    held: Iterable[Held],
    visited: Iterable[Visited],
    *,
    called_off: int = 0,
    requests: dict[str, int] | None = None,
    zone_months: dict[str, int] | None = None,
    zone_devices: dict[str, int] | None = None,
) -> Figures:
    """Adds up. Pure."""
    booked, held, visited = list(booked), list(held), list(visited)
    everything = _lines(booked, held, visited, lambda row: "모두").get("모두", Line("모두"))
    topics, ages = dict(Topic.choices), dict(AgeBand.choices)
    by_age = _lines(booked, [], [], lambda row: row.age_band)
    return Figures(
        all=everything,
        centres=_sorted(_lines(booked, held, [], lambda row: row.centre)),
        topics=_labelled(topics, _lines(booked, held, visited, lambda row: row.topic)),
        ages=_labelled({**{k: v for k, v in ages.items() if k}, "": "모름"}, by_age),
        districts=_sorted(_lines(booked, held, visited, lambda row: row.district)),
        called_off=called_off,
        cancelled=sum(row.n for row in booked if row.state == State.CANCELLED),
        waiting=_waiting(booked),
        requests=requests or {},
        zone_months=zone_months or {},
        zone_devices=zone_devices or {},
    )


def _lines(
    booked: Iterable[Booked], held: Iterable[Held], visited: Iterable[Visited], key: Callable
) -> dict[str, Line]:
    lines: defaultdict[str, Line] = defaultdict(lambda: Line(""))
    for row in booked:
        line = lines[key(row)]
        line.waited += row.n if row.waited else 0
        if row.state == State.CONFIRMED:
            line.booked += row.n
            line.got += row.n if row.waited else 0
            line.came += row.n if row.attendance == CAME else 0
            line.absent += row.n if row.attendance == ABSENT else 0
    for one in held:
        lines[key(one)].sessions += one.sessions
        lines[key(one)].seats += one.seats
    for visit in visited:
        lines[key(visit)].visits += visit.classes
        lines[key(visit)].visited += visit.people
    for label, line in lines.items():
        line.label = label
    return dict(lines)


def _sorted(lines: dict[str, Line]) -> list[Line]:
    """The most people first; equal ones by name."""
    return sorted(lines.values(), key=lambda line: (-(line.came + line.visited), -line.sessions, line.label))


def _labelled(labels: dict, lines: dict[str, Line]) -> list[Line]:
    """In the order of the choices, with those of which there was nothing left out."""
    found = [lines[value] for value in labels if value in lines]
    for line in found:
        line.label = str(labels[line.label])
    return found


def _waiting(booked: Sequence[Booked]) -> dict[str, int]:
    """What became of those who found no seat when they came."""
    ends: tuple[tuple[str, Callable[[Booked], bool]], ...] = (
        ("자리를 받음", lambda row: row.state == State.CONFIRMED),
        ("자리가 났지만 사양하거나 답이 없음", lambda row: row.state in (State.DECLINED, State.EXPIRED)),
        ("기다리다 취소하거나 옮김", lambda row: row.state in (State.CANCELLED, State.MOVED)),
        ("자리가 나지 않음", lambda row: row.state in (State.NO_SEAT, State.WAITING, State.OFFERED)),
    )
    waited = [row for row in booked if row.waited and row.state != State.CALLED_OFF]
    return {label: sum(row.n for row in waited if ends_so(row)) for label, ends_so in ends}


# ---- what is counted


def booked_rows(year: int) -> list[Booked]:
    """Bookings of classes of that year that have begun, and were not called off. One query."""
    first, after = year_span(year)
    found = Booking.objects.filter(
        session__starts_at__gte=first, session__starts_at__lt=min(after, timezone.now())
    )
    found = found.exclude(session__state=Session.State.CANCELLED).order_by()
    waited = BookingStep.objects.filter(
        booking=OuterRef("pk"), deed=BookingStep.Deed.BOOKED, after=State.WAITING
    )
    rows = found.annotate(waited=Exists(waited)).values_list(
        *("session__room__centre__name", "session__room__centre__district__name", "session__course__topic"),
        *("age_band", "state", "attendance", "waited"),
    )
    return [Booked(*row) for row in rows.annotate(n=Count("pk"))]


def held_rows(year: int) -> tuple[list[Held], int]:
    """Classes of that year that have begun, and how many were called off. Two queries."""
    first, after = year_span(year)
    begun = Session.objects.filter(starts_at__gte=first, starts_at__lt=min(after, timezone.now())).order_by()
    cancelled = Session.State.CANCELLED
    rows = begun.exclude(state=cancelled).values_list(
        "room__centre__name", "room__centre__district__name", "course__topic"
    )
    return [Held(*row) for row in rows.annotate(n=Count("pk"), seats=Sum("capacity"))], begun.filter(
        state=cancelled
    ).count()


def visited_rows(year: int) -> list[Visited]:
    """Visiting classes that took place. One query."""
    first, after = year_span(year)
    took_place = VisitClass.objects.filter(
        state__in=[ClassState.TAUGHT, ClassState.REPORTED], starts_at__gte=first, starts_at__lt=after
    ).order_by()
    rows = took_place.values_list("district__name", "topic").annotate(
        n=Count("pk"), people=Sum("report__came")
    )
    return [Visited(district, topic, n, people or 0) for district, topic, n, people in rows]


def request_counts(year: int) -> dict[str, int]:
    """Requests of that year by what became of them. One query."""
    first, after = year_span(year)
    asked = VisitRequest.objects.filter(asked_at__gte=first, asked_at__lt=after).order_by()
    counts = dict(asked.values_list("state").annotate(Count("pk")))
    return {str(label): counts[value] for value, label in RequestState.choices if value in counts}


def zone_counts(year: int) -> tuple[dict[str, int], dict[str, int]]:
    """Who came to experience zones by month, and who used what. Two queries."""
    first, after = year_span(year)
    taps = WalkIn.objects.filter(at__gte=first, at__lt=after).order_by()
    came = taps.filter(device=None).annotate(month=ExtractMonth("at"))
    months = dict(came.values_list("month").annotate(Sum("people")))
    used = taps.filter(device__isnull=False).values_list("device__name").annotate(n=Sum("people"))
    return {f"{n}월": months[n] for n in sorted(months)}, dict(used.order_by("-n", "device__name"))


def of_year(year: int) -> Figures:
    """A year's figures, in seven queries."""
    held, called_off = held_rows(year)
    zone_months, zone_devices = zone_counts(year)
    return figures(
        booked_rows(year),
        held,
        visited_rows(year),
        called_off=called_off,
        requests=request_counts(year),
        zone_months=zone_months,
        zone_devices=zone_devices,
    )


def years() -> list[int]:
    """Those in which something took place, the newest first, this one always. Two queries."""
    now = timezone.now()
    this = timezone.localdate().year
    begun = Session.objects.filter(starts_at__lt=now).order_by()
    visits = VisitClass.objects.filter(starts_at__lt=now).order_by()
    found = {moment.year for rows in (begun, visits) for moment in rows.datetimes("starts_at", "year")}
    return sorted(found | {this}, reverse=True)
