"""The access records of one month, read once, as the detectors look at them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone

from .. import clocks, whose
from ..models import AccessRecord
from . import facts

#: Actions by which somebody saw or took something.
LOOKS = frozenset({"view", "change", "download", "print", "create", "delete"})
#: Of a page about one person; more are a list, which says little about whom somebody meant.
FEW = 3


@dataclass(frozen=True, slots=True)
class Look:
    """`at`: local. `subjects`: as access.subject says them."""

    pk: int
    at: datetime
    identifier: str
    address: str
    subjects: tuple[str, ...]
    action: str
    detail: str
    done: bool

    @property
    def is_of_one(self) -> bool:
        return self.done and self.action in LOOKS and 0 < len(self.subjects) <= FEW


@dataclass
class Month:
    """`looks`: in the order of time. Of staff only: citizens look at their own."""

    first: date
    looks: Sequence[Look]
    staff: dict[str, facts.Known]
    subjects: dict[str, facts.Known]
    posts: list[whose.Post]
    closed: frozenset[date]
    by_staff: dict[str, list[Look]] = field(init=False)

    def __post_init__(self) -> None:
        self.by_staff = defaultdict(list)
        for look in self.looks:
            self.by_staff[look.identifier].append(look)
        self._posts: dict[str, list[whose.Post]] = defaultdict(list)
        for post in self.posts:
            self._posts[post.identifier].append(post)

    def posts_of(self, identifier: str) -> list[whose.Post]:
        return self._posts.get(identifier, [])


def read(first: date) -> Month:
    """The month that begins on `first`. Four questions, and one a kind of row."""
    start = timezone.make_aware(datetime(first.year, first.month, 1))
    end_on = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    end = timezone.make_aware(datetime(end_on.year, end_on.month, 1))
    rows = AccessRecord.objects.filter(at__gte=start, at__lt=end).order_by("at", "pk")
    names = set(rows.order_by().values_list("identifier", flat=True).distinct())
    staff = facts.of_staff(names)
    looks = [
        Look(
            pk, timezone.localtime(at), who, address or "", tuple(subjects), action, detail, result == "done"
        )
        for pk, at, who, address, subjects, action, detail, result in rows.filter(
            identifier__in=staff
        ).values_list("pk", "at", "identifier", "address", "subjects", "action", "detail", "result")
    ]
    return Month(
        first,
        looks,
        staff,
        facts.of_subjects(of_one(looks)),
        whose.posts(staff),
        clocks.holidays(first, end_on - timedelta(days=1)),
    )


def of_one(looks: Iterable[Look]) -> set[str]:
    return {subject for look in looks if look.is_of_one for subject in look.subjects}
