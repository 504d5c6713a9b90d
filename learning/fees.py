"""강사료: what each assignment is paid, by dated rates, settled by the month and once, correct to the won.

Paid is who taught: a session that was held, a visit whose result is written. It belongs to the month in which it began
(Seoul); what becomes known after its month was settled belongs to the next month that is not. Below one won is dropped.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from people.months import billed_in, is_over
from people.sheets import Cell
from privacy.access import Action, record

from .actors import Actor
from .booking_states import NotPossible
from .models import Assignment, Fee, FeeRate, Instructor, Session
from .visit_states import ClassState

COLUMNS = ("강사", "수업한 날", "수업", "맡은 일", "시간(분)", "시간당(원)", "강사료(원)")
#: Of COLUMNS: what is summed.
MONEY_FROM = 6


def won_for(minutes: int, won_an_hour: int) -> int:
    """Whole won; what is below one won is dropped. Pure."""
    return minutes * won_an_hour // 60


def rate_on(rates: Iterable[FeeRate], part: str, day: date) -> FeeRate | None:
    """The rate that holds that day: the latest that began by then; of two of one day the one written last. Pure."""
    held = [rate for rate in rates if rate.part == part and rate.valid_from <= day]
    return max(held, key=lambda rate: (rate.valid_from, rate.pk), default=None)


@dataclass(frozen=True)
class Line:
    """One assignment as it is paid. `month`: to which it belongs; `late`: taught in one that was settled before.
    `rate` None: no rate holds that day, so that it cannot be paid yet."""

    assignment: Assignment
    month: date
    taught_on: date
    minutes: int
    rate: FeeRate | None
    won: int

    @property
    def late(self) -> bool:
        return self.month != self.taught_on.replace(day=1)

    @property
    def instructor(self) -> Instructor:
        return self.assignment.instructor

    @property
    def what(self) -> str:
        return what(self.assignment)

    def cells(self) -> tuple[Cell, ...]:
        """As COLUMNS. The name of the instructor: whoever takes it out has it on record."""
        return (
            *(self.instructor.user.get_full_name(), self.taught_on, self.what),
            *(self.assignment.get_part_display(), self.minutes),
            *(self.rate.won_an_hour if self.rate else 0, self.won),
        )


def what(assignment: Assignment) -> str:
    """The course, or the visit with its district."""
    if assignment.session is not None:
        return f"{assignment.session.course.title} ({assignment.session.room.centre.name})"
    visit = assignment.visit_class
    return f"찾아가는 {visit.get_topic_display()} ({visit.district.name})" if visit else ""


RELATED = ("instructor__user", "session__course", "session__room__centre", "visit_class__district")


def _rows() -> QuerySet[Assignment]:
    rows = Assignment.objects.live().select_related(*RELATED).defer("visit_class__district__boundary")
    return rows.order_by("teaches", "pk")


def unpaid(instructor: Instructor | None = None) -> list[Line]:
    """What was taught and is in no settlement, the oldest first. Three queries, however many."""
    held = Q(session__ends_at__lte=timezone.now()) & ~Q(session__state=Session.State.CANCELLED)
    rows = _rows().filter(held | Q(visit_class__state=ClassState.REPORTED), fee=None)
    if instructor is not None:
        rows = rows.filter(instructor=instructor)
    rates, settled = list(FeeRate.objects.all()), set(Fee.objects.values_list("month", flat=True).distinct())
    return [_line(row, rates, settled) for row in rows]


def _line(row: Assignment, rates: Sequence[FeeRate], settled: set[date]) -> Line:
    begins, ends = timezone.localtime(row.teaches.lower), timezone.localtime(row.teaches.upper)
    minutes = int((ends - begins) / timedelta(minutes=1))
    rate = rate_on(rates, row.part, begins.date())
    won = won_for(minutes, rate.won_an_hour) if rate else 0
    month = billed_in(begins.date().replace(day=1), settled)
    return Line(row, month, begins.date(), minutes, rate, won)


@dataclass(frozen=True)
class Due:
    """What a month owes to whom. `people`: how many instructors."""

    month: date
    count: int
    people: int
    won: int
    late: int
    without_rate: int
    is_over: bool


def due() -> list[Due]:
    """By month, the oldest first."""
    by_month: dict[date, list[Line]] = {}
    for line in unpaid():
        by_month.setdefault(line.month, []).append(line)
    return [
        Due(
            month,
            len(lines),
            len({line.assignment.instructor_id for line in lines}),
            sum(line.won for line in lines),
            sum(line.late for line in lines),
            sum(line.rate is None for line in lines),
            is_over(month),
        )
        for month, lines in sorted(by_month.items())
    ]


@transaction.atomic
def settle(month: date, by: Actor) -> list[Fee]:
    """정산하기: all that belongs to that month. A second press returns what the first one made.

    NotPossible while the month runs, if nothing was taught in it, or if a rate is missing.
    """
    if by.user is None or month.day != 1:
        raise NotPossible("달을 목록에서 골라 주세요.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('learning fees', 0))")
    if made := list(Fee.objects.filter(month=month)):
        return made
    if not is_over(month):
        raise NotPossible(f"{month.month}월이 끝난 뒤에 정산할 수 있습니다.")
    lines = [line for line in unpaid() if line.month == month]
    if not lines:
        raise NotPossible(f"{month.year}년 {month.month}월에는 정산할 수업이 없습니다.")
    for line in lines:
        if line.rate is None:
            part = line.assignment.get_part_display()
            raise NotPossible(
                f"{line.taught_on.month}월 {line.taught_on.day}일에 적용할 {part} 강사료 기준이 없습니다."
                " 기준을 먼저 더해 주세요."
            )
    rows = [
        Fee(
            assignment=line.assignment,
            rate=line.rate,
            month=month,
            minutes=line.minutes,
            won=line.won,
            settled_by=by.user,
        )
        for line in lines
    ]
    Fee.objects.bulk_create(rows)
    who = by.user.get_username() if by.request is None else None
    record(by.request, Action.CHANGE, rows, f"강사료 정산 {month:%Y-%m}", who=who)
    return rows


def settled(month: date, instructor: Instructor | None = None) -> list[Line]:
    """What was settled for that month, by instructor and day. One query."""
    rows = Fee.objects.filter(month=month).select_related(
        "rate", *(f"assignment__{name}" for name in RELATED)
    )
    if instructor is not None:
        rows = rows.filter(assignment__instructor=instructor)
    rows = rows.defer("assignment__visit_class__district__boundary")
    return [
        Line(
            fee.assignment,
            month,
            timezone.localdate(fee.assignment.teaches.lower),
            fee.minutes,
            fee.rate,
            fee.won,
        )
        for fee in rows.order_by("assignment__instructor", F("assignment__teaches"), "pk")
    ]


def add_rate(part: str, won_an_hour: int, valid_from: date, source: str, by: Actor) -> FeeRate:
    """Another rate, from today on at the earliest: what was taught keeps its own. The first of a part may begin
    earlier. NotPossible."""
    if valid_from < timezone.localdate() and FeeRate.objects.filter(part=part).exists():
        raise NotPossible("이미 지난 수업의 강사료가 달라지지 않게, 오늘이나 그 뒤의 날로 적어 주세요.")
    return FeeRate.objects.create(
        part=part, won_an_hour=won_an_hour, valid_from=valid_from, source=source, made_by=by.user
    )
