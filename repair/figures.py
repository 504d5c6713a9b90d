"""통계: what a year's cases say. `rows` reads them; everything else only counts, and could count any year."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from django.db.models import Exists, OuterRef
from django.utils import timezone

from people.holidays import is_working_day, overrides_between
from privacy.fields import opened

from .groups import GROUP_LABELS, Group
from .models import Case, Device, Pause
from .states import State

#: Cases with an outcome.
FINISHED = frozenset({State.DONE, State.SETTLED})
#: Not known yet, or erased since: nobody can tell them apart any more.
UNKNOWN = "모름 (확인 전이거나 지움)"


@dataclass(frozen=True)
class CaseRow:
    """A case without anything that says whose it is. Won; days are dates in Seoul."""

    state: str
    group: str
    district: str
    selected_on: date | None
    deadline_on: date | None
    arrived_on: date | None
    cost_won: int | None
    own_share_won: int | None
    satisfaction: int | None
    is_paused: bool = False


@dataclass(frozen=True)
class DeviceRow:
    kind: str
    outcome: str
    barrier: str


@dataclass(frozen=True)
class Count:
    label: str
    count: int
    won: int = 0

    @property
    def counted(self) -> str:
        return f"{self.count:,}"

    @property
    def spent(self) -> str:
        return f"{self.won:,}원"


@dataclass(frozen=True)
class Figures:
    """`in_time`, `late`: visits by their deadline; late is also where nobody came though the day is over."""

    filed: int
    finished: int
    refused: int
    withdrawn: int
    spent_won: int
    own_share_won: int
    groups: Sequence[Count]
    districts: Sequence[Count]
    outcomes: Sequence[Count]
    barriers: Sequence[Count]
    days: Sequence[Count]
    median_days: float | None
    in_time: int
    late: int
    points: Sequence[Count]
    mean_points: float | None

    @property
    def in_time_share(self) -> str:
        """Such as "97 %"; "" if nobody was due yet."""
        due = self.in_time + self.late
        return f"{100 * self.in_time / due:.0f} %" if due else ""

    @property
    def mean_won(self) -> int:
        return round(self.spent_won / self.finished) if self.finished else 0


def case_rows(year: int) -> list[CaseRow]:
    """One query. The group is sealed, so each is opened here; nobody's row is shown."""
    wanted = (
        *("state", "district__name", "selected_on", "deadline_on", "arrived_at"),
        *("cost_won", "own_share_won", "satisfaction", "is_paused"),
    )
    paused = Exists(Pause.objects.filter(case=OuterRef("pk"), until_on=None))
    cases = Case.objects.filter(programme=year).order_by().annotate(is_paused=paused)
    return [
        CaseRow(
            state=state,
            group=group or "",
            district=district,
            selected_on=selected,
            deadline_on=deadline,
            arrived_on=timezone.localdate(arrived) if arrived else None,
            cost_won=cost,
            own_share_won=own,
            satisfaction=points,
            is_paused=is_paused,
        )
        for _, group, state, district, selected, deadline, arrived, cost, own, points, is_paused in opened(
            cases, "group", *wanted
        )
    ]


def device_rows(year: int) -> list[DeviceRow]:
    devices = Device.objects.filter(case__programme=year).exclude(outcome="").order_by()
    return [DeviceRow(*row) for row in devices.values_list("kind", "outcome", "barrier")]


def working_days(first: date, last: date) -> Callable[[date, date], int]:
    """Counts working days after one day until another, for days between `first` and `last`. One query."""
    overrides = overrides_between(first, last)
    until: dict[date, int] = {}
    open_days, day = 0, first
    while day <= last:
        open_days += is_working_day(day, overrides)
        until[day] = open_days
        day += timedelta(days=1)
    return lambda one, other: until[other] - until[one]


def figures(
    cases: Iterable[CaseRow],
    devices: Iterable[DeviceRow],
    days_between: Callable[[date, date], int],
    today: date,
) -> Figures:
    """Adds up. Pure."""
    cases, devices = list(cases), list(devices)
    states = Counter(case.state for case in cases)
    came = [
        days_between(case.selected_on, case.arrived_on)
        for case in cases
        if case.selected_on and case.arrived_on and case.arrived_on >= case.selected_on
    ]
    late = sum(1 for case in cases if _is_late(case, today))
    in_time = sum(1 for c in cases if c.arrived_on and c.deadline_on and c.arrived_on <= c.deadline_on)
    points = [case.satisfaction for case in cases if case.satisfaction]
    finished = [case for case in cases if case.state in FINISHED]
    return Figures(
        filed=len(cases),
        finished=len(finished),
        refused=states[State.REFUSED],
        withdrawn=states[State.WITHDRAWN],
        spent_won=sum(case.cost_won or 0 for case in finished),
        own_share_won=sum(case.own_share_won or 0 for case in finished),
        groups=_by(cases, lambda case: _group(case.group)),
        districts=_by(cases, lambda case: case.district),
        outcomes=_labelled(Device.Outcome.choices, [device.outcome for device in devices]),
        barriers=_labelled(Device.Barrier.choices[1:], [d.barrier for d in devices if d.barrier]),
        days=_days(came),
        median_days=median(came) if came else None,
        in_time=in_time,
        late=late,
        points=[Count(f"{n}점", points.count(n)) for n in (5, 4, 3, 2, 1)] if points else [],
        mean_points=sum(points) / len(points) if points else None,
    )


def _is_late(case: CaseRow, today: date) -> bool:
    if case.deadline_on is None:
        return False
    if case.arrived_on:
        return case.arrived_on > case.deadline_on
    return case.state == State.SELECTED and not case.is_paused and today > case.deadline_on


def _group(value: str) -> str:
    return GROUP_LABELS[Group(value)] if value else UNKNOWN


def _by(cases: Iterable[CaseRow], label: Callable[[CaseRow], str]) -> list[Count]:
    """The most first; equal ones by name."""
    counts: Counter[str] = Counter()
    won: Counter[str] = Counter()
    for case in cases:
        counts[label(case)] += 1
        won[label(case)] += (case.cost_won or 0) if case.state in FINISHED else 0
    return [
        Count(name, n, won[name]) for name, n in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    ]


def _labelled(choices: Sequence[tuple[str, object]], values: Sequence[str]) -> list[Count]:
    counts = Counter(values)
    return [Count(str(label), counts[value]) for value, label in choices]


def _days(came: Sequence[int]) -> list[Count]:
    """0, 1, 2, 3 working days, and more."""
    if not came:
        return []
    few = [Count("당일" if n == 0 else f"{n}일째", came.count(n)) for n in range(4)]
    return [*few, Count("4일째부터", sum(1 for n in came if n > 3))]


def of_year(year: int) -> Figures:
    """A year's figures, in three queries."""
    cases = case_rows(year)
    days = [day for case in cases for day in (case.selected_on, case.arrived_on) if day]
    today = timezone.localdate()
    between = working_days(min(days, default=today), max(days, default=today))
    return figures(cases, device_rows(year), between, today)
