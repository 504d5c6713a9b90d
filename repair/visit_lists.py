"""What a technician has before them: where to go, and what they have ended."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from people.models import Resident, User
from privacy.one_query import Rows, hang, of_keys, of_targets, planned, point, read

from .actors import contractor_of
from .models import Case, Contractor, Device, Pause, Visit

WEEKDAYS = "월화수목금토일"


class Badge(NamedTuple):
    """`look`: of a badge in marks.css."""

    look: str
    words: str


def deadline_badge(case: Case, today: date) -> Badge:
    """By when somebody must have come, or come again. `pauses` are read as they were fetched."""
    day = case.due_on
    if day is None:
        return Badge("good", "방문함")
    again = "다시 방문: " if case.arrived_at else ""
    if any(pause.until_on is None for pause in case.pauses.all()):
        return Badge("wait", f"{again}기한 멈춤")
    left = (day - today).days
    if left < 0:
        return Badge("bad", f"{again}기한이 {-left}일 지남")
    if left <= 1:
        return Badge("warn", again + ("오늘까지", "내일까지")[left])
    return Badge("info", f"{again}{day.month}월 {day.day}일({WEEKDAYS[day.weekday()]})까지")


def open_visits(user: User, contractor: Contractor | None = None) -> QuerySet[Visit]:
    """Those that they have taken and not ended, for the contractor for whom they repair today (`contractor`, if that
    was asked already)."""
    contractor = contractor or contractor_of(user)
    if contractor is None:
        return Visit.objects.none()
    return Visit.objects.filter(technician=user, ended_at=None, case__contractor=contractor)


class Free:
    """Keys of a contractor's cases that nobody has taken, the most urgent first; for a Paginator."""

    _WHERE = """FROM repair_case AS one WHERE state = 'selected' AND contractor_id = %s
        AND NOT EXISTS (SELECT FROM repair_visit WHERE case_id = one.id AND ended_at IS NULL)"""

    def __init__(self, contractor: Contractor) -> None:
        self.contractor = contractor

    def count(self) -> int:
        [[number]] = planned(f"SELECT count(*) {self._WHERE}", [self.contractor.pk])
        return int(number)

    def __getitem__(self, asked: slice) -> list[uuid.UUID]:
        """A page of them: from and to are given."""
        most = f"SELECT id {self._WHERE} ORDER BY due_on, filed_at LIMIT %s OFFSET %s"
        rows = planned(most, [self.contractor.pk, asked.stop - asked.start, asked.start])
        return [key for [key] in rows]


#: As open_visits; and their cases.
_OPEN = """technician_id = %s AND ended_at IS NULL
    AND case_id IN (SELECT id FROM repair_case WHERE contractor_id = %s)"""
_THEIR_CASES = f"SELECT case_id FROM repair_visit WHERE {_OPEN}"  # noqa: S608 - the lines above
_THEIR_RESIDENTS = f"SELECT resident_id FROM repair_case WHERE id IN ({_THEIR_CASES})"  # noqa: S608 - as above
#: Of a case that nobody has taken nobody reads a name or a street.
_OF_FREE = ("due_on", "arrived_at", "district")
_OF_VISIT = ("case", "planned_at", "arrived_at", "taken_at")


def before_them(
    user: User, contractor: Contractor, free: Sequence[uuid.UUID]
) -> tuple[list[Visit], list[Case]]:
    """(their open visits: those at work first, then by the hour, then by the deadline; the free cases with these keys).
    With what a list shows of each. One query."""
    theirs = [user.pk, contractor.pk]
    of_all = f'"case_id" IN (SELECT unnest(%s::uuid[]) UNION {_THEIR_CASES})'
    visits, cases, residents, unordered, districts, devices, pauses = read(
        Rows(Visit, _OPEN, theirs, _OF_VISIT),
        Rows(Case, f"id IN ({_THEIR_CASES})", theirs),
        Rows(Resident, f"id IN ({_THEIR_RESIDENTS})", theirs),
        of_keys(Case, free, *_OF_FREE),
        of_targets(Case, "district", free, "name"),
        Rows(Device, of_all, [free, *theirs], ("case", "kind", "trouble")),
        Rows(Pause, of_all, [free, *theirs], ("case", "from_on", "until_on")),
    )
    point(visits, "case", cases)
    point(cases, "resident", residents)
    point(unordered, "district", districts)
    hang([*cases, *unordered], "devices", devices)
    hang([*cases, *unordered], "pauses", pauses)

    def order(visit: Visit) -> tuple[bool, bool, datetime, date]:
        return (
            visit.arrived_at is None,
            visit.planned_at is None,
            visit.planned_at or visit.taken_at,
            visit.case.due_on or date.max,
        )

    by_key = {case.pk: case for case in unordered}
    return sorted(visits, key=order), [by_key[key] for key in free]


def is_for_later(visit: Visit, today: date) -> bool:
    """The household expects somebody on another day."""
    return bool(
        visit.arrived_at is None and visit.planned_at and timezone.localdate(visit.planned_at) > today
    )


class Ended(NamedTuple):
    """Nothing personal: of a visit that is over the technician keeps what it cost."""

    number: str
    on: date
    city_won: int
    own_won: int


def month_of(text: str) -> date:
    """The first day of "2026-03"; of this month if that is none."""
    try:
        asked = datetime.strptime(text, "%Y-%m").date()
    except ValueError:
        asked = date.min
    return asked if 2020 <= asked.year <= 2100 else timezone.localdate().replace(day=1)


_ENDED = """
SELECT visit.end, number, done_at, cost_won, own_share_won
FROM repair_visit AS visit JOIN repair_case AS one ON one.id = visit.case_id
WHERE technician_id = %s AND (
    (visit.end = 'done' AND done_at >= %s AND done_at < %s)
    OR (visit.end = 'given_back' AND ended_at >= %s AND state = 'withdrawn'))
ORDER BY done_at DESC, number
"""


def ended_in(user: User, month: date) -> tuple[list[Ended], list[str]]:
    """(what they finished that month, newest first; numbers of cases that were withdrawn since yesterday, where nobody
    needs to go any more). One query."""
    following = (month + timedelta(days=31)).replace(day=1)
    start, end = (timezone.make_aware(datetime.combine(day, time())) for day in (month, following))
    yesterday = timezone.now() - timedelta(days=1)
    rows = planned(_ENDED, [user.pk, start, end, yesterday])
    return (
        [
            Ended(number, timezone.localdate(at), city or 0, own or 0)
            for end, number, at, city, own in rows
            if end == Visit.End.DONE
        ],
        sorted({number for end, number, *_ in rows if end == Visit.End.GIVEN_BACK}),
    )
