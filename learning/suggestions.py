"""Who could teach: in order, with the reason in words. Pure; assigning.py brings the facts.

Whoever cannot is listed too, with why not. Of those who can, whoever is nearer by a quarter of an hour comes first;
among those who are about as near, whoever has taught less this month; so that work is near and shared.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from . import ways
from .topics import Level, Topic

NEAR_MINUTES = 15
Times = tuple[datetime, datetime]


@dataclass(frozen=True)
class Engagement:
    """What somebody teaches already: from when to when, where ("centre:3"), and the minutes from there to the middle
    of the city."""

    starts_at: datetime
    ends_at: datetime
    place: str
    way: int


@dataclass(frozen=True)
class Teacher:
    """`hours`: every week, (weekday from Monday as 0, from, until). `month_minutes`: taught and promised this month."""

    pk: int
    home: ways.Point
    skills: Mapping[str, int]
    may_lead: bool = True
    may_assist: bool = True
    hours: Sequence[tuple[int, time, time]] = ()
    days_off: Sequence[tuple[date, date]] = ()
    engagements: Sequence[Engagement] = ()
    month_minutes: int = 0


@dataclass(frozen=True)
class Wanted:
    """What is to be taught, local time. `way`: minutes between there and the middle of the city."""

    topic: str
    level: int
    starts_at: datetime
    ends_at: datetime
    place: str
    point: ways.Point
    way: int


@dataclass(frozen=True)
class Suggestion:
    """`way`: minutes from home. `hindered`: why not, in words; empty if they can. `reasons`: what speaks for them."""

    teacher: Teacher
    way: int
    reasons: tuple[str, ...]
    hindered: tuple[str, ...]

    @property
    def can(self) -> bool:
        return not self.hindered


def suggest(teachers: Iterable[Teacher], wanted: Wanted, part: str) -> list[Suggestion]:
    """All, the best first; those who cannot come last. `part`: "lead" or "assistant"."""
    return sorted((judge(teacher, wanted, part) for teacher in teachers), key=_order)


def _order(one: Suggestion) -> tuple[int, int, int, int, int]:
    teacher = one.teacher
    return (len(one.hindered), one.way // NEAR_MINUTES, teacher.month_minutes, one.way, teacher.pk)


def judge(teacher: Teacher, wanted: Wanted, part: str) -> Suggestion:
    """One teacher, whether and why."""
    way = ways.minutes(teacher.home, wanted.point)
    hours = teacher.month_minutes / 60
    level = teacher.skills.get(wanted.topic)
    reasons = [f"집에서 약 {way}분", f"이번 달 {hours:g}시간" if hours else "이번 달 아직 없음"]
    if level is not None:
        reasons.append(f"{Topic(wanted.topic).label} ‘{Level(level).label}’까지 가르침")
    return Suggestion(teacher, way, tuple(reasons), tuple(hindrances(teacher, wanted, part)))


def hindrances(teacher: Teacher, wanted: Wanted, part: str) -> list[str]:
    """Every reason why not, in words."""
    found = []
    level = teacher.skills.get(wanted.topic)
    if level is None:
        found.append("이 주제를 가르치지 않습니다")
    elif level < wanted.level:
        found.append(f"이 주제는 ‘{Level(level).label}’까지 가르칩니다")
    if not (teacher.may_lead if part == "lead" else teacher.may_assist):
        found.append("주강사를 맡지 않습니다" if part == "lead" else "보조강사를 맡지 않습니다")
    day = wanted.starts_at.date()
    if any(first <= day <= last for first, last in teacher.days_off):
        found.append("쉬는 날입니다")
    elif not any(
        weekday == day.weekday() and start <= wanted.starts_at.time() and wanted.ends_at.time() <= end
        for weekday, start, end in teacher.hours
    ):
        found.append("가능하다고 적은 시간이 아닙니다")
    found.extend(_clashes(teacher.engagements, wanted))
    return found


def _clashes(engagements: Iterable[Engagement], wanted: Wanted) -> list[str]:
    """As the database refuses them: teaching at one time, or too little time for the way."""
    for one in engagements:
        if one.starts_at < wanted.ends_at and wanted.starts_at < one.ends_at:
            return [f"그 시간에 다른 수업이 있습니다({one.starts_at:%H:%M}~{one.ends_at:%H:%M})"]
        both_ways = timedelta(minutes=one.way + wanted.way)
        if one.place != wanted.place and (
            one.starts_at < wanted.ends_at + both_ways and wanted.starts_at < one.ends_at + both_ways
        ):
            return [f"앞뒤 수업({one.starts_at:%H:%M}~{one.ends_at:%H:%M})에서 오갈 시간이 모자랍니다"]
    return []
