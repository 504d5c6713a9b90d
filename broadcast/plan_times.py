"""When a plan is due, and which airings get in each other's way. Pure: no database, no clock."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")
DAY_NAMES = "월화수목금토일"
ALL_DAYS = 127


class Times(Protocol):
    """Of models.Plan, and of PlanForm.times()."""

    first_on: date
    at: time
    repeat: str
    weekdays: int
    until: date | None
    skip_holidays: bool


@dataclass
class PlanTimes:
    """`at`: by the clock in Seoul. `weekdays`: bits, Monday 1 … Sunday 64; read if `repeat` is weekly."""

    first_on: date
    at: time
    repeat: str = "once"
    weekdays: int = 0
    until: date | None = None
    skip_holidays: bool = False


@dataclass(frozen=True)
class Occurrence:
    """`due_at`: UTC, so that no clock change moves it. `rests_for`: the holiday for which it is left out, or ""."""

    due_at: datetime
    rests_for: str = ""


def occurrences(times: Times, start: date, end: date, holidays: dict[date, str]) -> Iterator[Occurrence]:
    """Between two days in Seoul, both included, in order. `holidays`: day → name, as people/holidays.py gives them."""
    day, last = max(start, times.first_on), min(end, last_day(times) or end)
    while day <= last:
        if falls_on(times, day):
            due_at = datetime.combine(day, times.at, SEOUL).astimezone(UTC)
            yield Occurrence(due_at, holidays.get(day, "") if times.skip_holidays else "")
        day += timedelta(days=1)


def last_day(times: Times) -> date | None:
    """After this nothing is due; None: without an end."""
    return times.first_on if times.repeat == "once" else times.until


def falls_on(times: Times, day: date) -> bool:
    match times.repeat:
        case "once":
            return day == times.first_on
        case "daily":
            return True
        case _:
            return bool(times.weekdays >> day.weekday() & 1)


def weekday_names(weekdays: int) -> str:
    """5 → "월·수"."""
    return "·".join(name for n, name in enumerate(DAY_NAMES) if weekdays >> n & 1)


def in_words(times: Times) -> str:
    """ "날마다 오전 7시 30분, 공휴일은 쉼"."""
    at = clock_words(times.at)
    match times.repeat:
        case "once":
            return f"{day_words(times.first_on)} {at}"
        case "daily":
            words = f"날마다 {at}"
        case _:
            words = f"{weekday_names(times.weekdays)}요일 {at}"
    return words + (", 공휴일은 쉼" if times.skip_holidays else "")


def day_words(day: date) -> str:
    return f"{day.year}년 {day.month}월 {day.day}일({DAY_NAMES[day.weekday()]})"


def clock_words(at: time) -> str:
    half = "오전" if at.hour < 12 else "오후"
    minutes = f" {at.minute}분" if at.minute else ""
    return f"{half} {at.hour % 12 or 12}시{minutes}"


@dataclass(frozen=True)
class Slot:
    """A stretch of air time. `key`: whatever names it; `villages`: ids."""

    key: Hashable
    start: datetime
    seconds: float
    villages: Collection[int]

    @property
    def end(self) -> datetime:
        return self.start + timedelta(seconds=self.seconds)


def clashes(slots: Iterable[Slot]) -> dict[Hashable, list[Slot]]:
    """Key → the others that are on air in the same village at the same time. One that ends as the next starts is
    in nobody's way. Only those that clash have an entry."""
    found: dict[Hashable, list[Slot]] = defaultdict(list)
    on_air: list[Slot] = []
    for slot in sorted(slots, key=lambda one: one.start):
        on_air = [other for other in on_air if other.end > slot.start]
        for other in on_air:
            if not set(slot.villages).isdisjoint(other.villages):
                found[slot.key].append(other)
                found[other.key].append(slot)
        on_air.append(slot)
    return dict(found)


def in_the_way(slot: Slot, others: Iterable[Slot]) -> list[Slot]:
    """Those of `others` with which it would clash."""
    mine = set(slot.villages)
    return [
        other
        for other in others
        if slot.start < other.end and other.start < slot.end and not mine.isdisjoint(other.villages)
    ]
