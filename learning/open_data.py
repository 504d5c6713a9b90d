"""열린 자료: what anybody may have of a year that is over. No row of a person, and no number that leads to one.

Only ended years: nothing in them changes any more, so that two files cannot be subtracted. People are told in lists of
which none is part of another: at centres by place and topic (in one list: everybody can look up what was taught where,
so two lists could be subtracted), the same people by age, on visits by district, in the zones by month. Each list is
hidden as privacy/small_numbers.py says. How many classes there were says nothing of anybody.
"""

from collections import Counter
from datetime import timedelta

from django.utils import timezone

from privacy.small_numbers import FEW, HIDDEN, as_csv, suppressed

from .figures import CAME, State, booked_rows, held_rows, visited_rows, zone_counts
from .models import Session
from .topics import AgeBand, Topic

#: Whole years after the one in which it ended.
KEPT_YEARS = 5
#: After its end a year is published: until then attendance is still written.
SETTLES = timedelta(days=31)
COLUMNS = ("연도", "표", "항목", "수")
TOPICS, AGES = dict(Topic.choices), dict(AgeBand.choices)
Table = dict[str, int | None]


def years() -> list[int]:
    """Ended years with classes, the newest first. One query."""
    this = (timezone.localdate() - SETTLES).year
    begun = Session.objects.order_by().datetimes("starts_at", "year")
    return sorted((m.year for m in begun if this - KEPT_YEARS <= m.year < this), reverse=True)


def tables(year: int) -> dict[str, Table]:
    """Name of a table → item → how many (None: hidden)."""
    held, _ = held_rows(year)
    booked = [row for row in booked_rows(year) if row.state == State.CONFIRMED and row.attendance == CAME]
    visited = visited_rows(year)
    months, _ = zone_counts(year)
    places: Counter[str] = Counter({_place(row.centre, row.topic): 0 for row in held})
    ages: Counter[str] = Counter()
    for row in booked:
        places[_place(row.centre, row.topic)] += row.n
        ages[row.age_band] += row.n
    districts: Counter[str] = Counter()
    for visit in visited:
        districts[visit.district] += visit.people
    classes: Table = {_place(row.centre, row.topic): row.sessions for row in sorted(held)}
    visits: Counter[str] = Counter()
    for visit in visited:
        visits[visit.district] += visit.classes
    return {
        "배움터 수업 횟수": classes,
        "배움터 출석": _list(dict(sorted(places.items()))),
        "배움터 출석, 나이대": _list(
            {str(AGES[band]): ages[band] for band in [*AGES][1:]} | {"모름": ages[""]}
        ),
        "찾아가는 수업 횟수": dict(sorted(visits.items())),
        "찾아가는 수업에 오신 분": _list(dict(sorted(districts.items()))),
        "체험존에 오신 분": _list(
            {f"{n}월": months.get(f"{n}월", 0) for n in range(1, _last_month(year) + 1)}
        ),
    }


def _last_month(year: int) -> int:
    """Of a year that is not over: the month that it is (the yearly report looks at such a year too)."""
    today = timezone.localdate()
    return today.month if year == today.year else 12


def _place(centre: str, topic: str) -> str:
    return f"{centre} {TOPICS[topic]}"


def _list(counts: dict[str, int]) -> Table:
    """With its sum in front. Of a sum below FEW nothing is told but that there is one."""
    total = sum(counts.values())
    if total < FEW:
        return {"모두": None} if counts else {}
    return {"모두": total, **suppressed(counts)}


def tables_csv(year: int) -> str:
    return as_csv(
        COLUMNS,
        (
            (year, table, item, HIDDEN if count is None else count)
            for table, counts in tables(year).items()
            for item, count in counts.items()
        ),
    )
