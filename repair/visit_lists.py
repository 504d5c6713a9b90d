"""What a technician has before them: where to go, and what they have ended."""

import calendar
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from people.models import User

from .actors import contractor_of
from .models import Case, Contractor, Visit
from .states import State

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


def free_for(contractor: Contractor) -> QuerySet[Case]:
    """Cases of theirs that nobody has taken, most urgent first: without anybody's name or street."""
    cases = Case.objects.filter(state=State.SELECTED, contractor=contractor)
    free = cases.filter(~Exists(Visit.objects.filter(case=OuterRef("pk"), ended_at=None)))
    shown = free.select_related("district").only("due_on", "arrived_at", "district__name")
    return shown.order_by("due_on", "filed_at")


def own_open(user: User, contractor: Contractor) -> list[Visit]:
    """Those at work first, then by the hour, then by the deadline."""
    shown = open_visits(user, contractor).select_related("case__resident").defer("diagnosis", "end_words")

    def order(visit: Visit) -> tuple[bool, bool, datetime, date]:
        return (
            visit.arrived_at is None,
            visit.planned_at is None,
            visit.planned_at or visit.taken_at,
            visit.case.due_on or date.max,
        )

    return sorted(shown, key=order)


def is_for_later(visit: Visit, today: date) -> bool:
    """The household expects somebody on another day."""
    return bool(
        visit.arrived_at is None and visit.planned_at and timezone.localdate(visit.planned_at) > today
    )


def withdrawn_today(user: User) -> list[str]:
    """Numbers of cases on whose way they were, and to which nobody needs to go any more."""
    visits = Visit.objects.filter(
        technician=user,
        ended_at__gte=timezone.now() - timedelta(days=1),
        end=Visit.End.GIVEN_BACK,
        case__state=State.WITHDRAWN,
    )
    return list(visits.order_by("case__number").values_list("case__number", flat=True).distinct())


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


def ended_in(user: User, month: date) -> list[Ended]:
    """What they finished that month, newest first."""
    days = calendar.monthrange(month.year, month.month)[1]
    done = Visit.objects.filter(
        technician=user,
        end=Visit.End.DONE,
        case__done_at__date__range=(month, month.replace(day=days)),
    )
    columns = ("case__number", "case__done_at", "case__cost_won", "case__own_share_won")
    rows: Iterable[tuple[str, datetime, int | None, int | None]]
    rows = done.order_by("-case__done_at").values_list(*columns)
    return [Ended(number, timezone.localdate(at), city or 0, own or 0) for number, at, city, own in rows]
