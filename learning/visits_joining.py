"""Which requests can become one class: same topic and level, nearby, and a time that suits all. Pure.

Source: three or more are visited (LEAST_PEOPLE); fewer are kept and joined with others nearby who ask for the same.
"""

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from .visit_states import LEAST_PEOPLE

#: How long a visiting class is, unless somebody says otherwise.
LESSON = timedelta(hours=2)
#: A lead and an assistant can look after so many.
MOST_PEOPLE = 20

Times = tuple[datetime, datetime]


@dataclass(frozen=True)
class Ask:
    """A request that waits. `district`: its code; `wishes`: the best first; `has_place`: others can come there."""

    pk: uuid.UUID
    topic: str
    level: int
    district: str
    people: int
    wishes: tuple[Times, ...]
    has_place: bool
    joins_others: bool
    asked_at: datetime


@dataclass(frozen=True)
class Join:
    """Requests that fit together, and the first time that suits all of them."""

    asks: tuple[Ask, ...]
    starts_at: datetime
    ends_at: datetime

    @property
    def people(self) -> int:
        return sum(ask.people for ask in self.asks)

    @property
    def in_one_district(self) -> bool:
        return len({ask.district for ask in self.asks}) == 1

    @property
    def host(self) -> Ask:
        """To whose place all come: the largest of those that have one, then whoever asked first."""
        return min((ask for ask in self.asks if ask.has_place), key=lambda ask: (-ask.people, ask.asked_at))


def common_time(asks: Sequence[Ask], length: timedelta = LESSON) -> Times | None:
    """The first `length` that lies within a wish of each; None if there is none."""
    windows: list[Times] = list(asks[0].wishes)
    for ask in asks[1:]:
        windows = [
            (max(a[0], b[0]), min(a[1], b[1]))
            for a in windows
            for b in ask.wishes
            if a[0] < b[1] and b[0] < a[1]
        ]
    fits = sorted(start for start, end in windows if end - start >= length)
    return (fits[0], fits[0] + length) if fits else None


def joins(asks: Iterable[Ask], neighbours: Mapping[str, Collection[str]]) -> Iterator[Join]:
    """Each request in one join at most, who waits longest first; neighbours of the own district before others.

    `neighbours`: code of a district → codes of those that touch it. Every join has somebody who is too few alone.
    """
    left = sorted((ask for ask in asks if ask.joins_others and ask.wishes), key=lambda ask: ask.asked_at)
    while left:
        first = left.pop(0)
        group = [first]
        for other in sorted(left, key=lambda ask: (ask.district != first.district, ask.asked_at)):
            if _fits(group, other, neighbours):
                group.append(other)
        times = common_time(group)
        together = sum(ask.people for ask in group)
        useful = len(group) > 1 and together >= LEAST_PEOPLE and any(ask.has_place for ask in group)
        if useful and times and any(ask.people < LEAST_PEOPLE for ask in group):
            left = [ask for ask in left if ask not in group]
            yield Join(tuple(group), *times)


def _fits(group: Sequence[Ask], other: Ask, neighbours: Mapping[str, Collection[str]]) -> bool:
    if sum(ask.people for ask in group) + other.people > MOST_PEOPLE:
        return False
    if all(ask.people >= LEAST_PEOPLE for ask in (*group, other)):
        return False  # each of them has enough alone
    return (
        all(
            (ask.topic, ask.level) == (other.topic, other.level)
            and (ask.district == other.district or other.district in neighbours.get(ask.district, ()))
            for ask in group
        )
        and common_time([*group, other]) is not None
    )
