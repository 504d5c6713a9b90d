"""What is on whose list at an office: tabs, how urgent each case is, and the order in which they stand."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils import timezone

from people.holidays import overrides_between
from people.models import User
from privacy.one_query import planned

from . import calendar, deadlines
from .models import Case, office_districts
from .states import OFFICE, RUNNING, State

#: Somebody still has something to do.
OPEN = sorted(OFFICE | RUNNING)
#: Somebody must come, come again, or judge an objection.
OWING = [State.SELECTED, State.OBJECTED]


@dataclass(frozen=True)
class Days:
    """Today, and the working day after it: the last on which a warning helps."""

    today: date

    @classmethod
    def now(cls) -> "Days":
        return cls(timezone.localdate())

    @cached_property
    def next_working(self) -> date:
        overrides = overrides_between(self.today, self.today + deadlines.FARTHEST)
        return calendar.deadline(self.today, 1, deadlines.closed(overrides))


@dataclass(frozen=True)
class Badge:
    """Words for a deadline, and how they look (static/css/marks.css)."""

    words: str
    look: str


#: Tab → its words. "" is what the list opens with.
TABS = {
    "": "진행 중",
    "late": "기한 지남",
    "today": "오늘까지",
    "untaken": "맡은 기사 없음",
    "mine": "내 담당",
    "free": "담당 없음",
    "papers": "보완 요청 중",
    "refusal": "불가·이의 검토",
    "waiting": "예산 대기",
    "all": "모두",
}


def _among(states: Iterable[str]) -> str:
    return f"state IN ({', '.join(repr(str(state)) for state in sorted(states))})"


# In SQL, put together once: to put a list together through models takes longer than to find and to count it. Whatever
# is asked of each of thousands of cases is found once, as a list.
#: The deadline stands still now. A pause that began too late excuses nothing.
_STANDS_STILL = """id IN (SELECT one.id FROM repair_pause JOIN repair_case AS one ON one.id = case_id
    WHERE until_on IS NULL AND from_on <= due_on)"""
#: A technician has taken the visit that is owed.
_TAKEN = "id IN (SELECT case_id FROM repair_visit WHERE ended_at IS NULL)"
_IS_OPEN = _among(OPEN)
_IS_OWED = f"({_among(OWING)} AND NOT {_STANDS_STILL})"


def _which(tab: str, user: User, days: Days) -> tuple[str, list[Any]]:
    """SQL, and its parameters, for the cases on a tab."""
    found: dict[str, tuple[str, list[Any]]] = {
        "late": (f"{_IS_OWED} AND due_on < %s", [days.today]),
        "today": (f"{_IS_OWED} AND due_on = %s", [days.today]),
        "untaken": (f"state = 'selected' AND NOT {_TAKEN}", []),
        "mine": (f"{_IS_OPEN} AND officer_id = %s", [user.pk]),
        "free": (f"{_IS_OPEN} AND officer_id IS NULL", []),
        "papers": (_among([State.PAPERS]), []),
        "refusal": (_among([State.REFUSAL, State.OBJECTED]), []),
        "waiting": (_among([State.WAITING]), []),
        "all": ("TRUE", []),
    }
    return found.get(tab, (_IS_OPEN, []))


#: What is owed by its day, so that late ones come first; then what has none, in the order of filing.
_IN_ORDER = f"""CASE WHEN {_IS_OWED} THEN 1 WHEN {_among(OFFICE)} THEN 2 WHEN {_among(RUNNING)} THEN 3 ELSE 4 END,
    due_on, filed_at"""


class Listed:
    """Keys of the cases on a tab, of those on which this person decides; for a Paginator. `number`, part of one, is
    looked for on all tabs; `state` and `district` narrow."""

    def __init__(
        self, user: User, tab: str, days: Days, *, number: str = "", state: str = "", district: str = ""
    ) -> None:
        where, self.params = _which("all" if number else tab, user, days)
        self.order = "filed_at DESC" if tab == "all" else _IN_ORDER
        districts = office_districts(user)
        for words, value, is_asked in (
            ("district_id = ANY(%s)", districts, districts is not None),
            ("position(%s::text IN number) > 0", number, bool(number)),
            ("state = %s", state, bool(state)),
            ("district_id = %s", district, bool(district)),
        ):
            if is_asked:
                where, self.params = f"{where} AND {words}", [*self.params, value]
        self.found = f"FROM repair_case WHERE {where}"

    def count(self) -> int:
        [[number]] = planned(f"SELECT count(*) {self.found}", self.params)
        return int(number)

    def __getitem__(self, asked: slice) -> list[uuid.UUID]:
        """A page of them: from and to are given."""
        page = f"SELECT id {self.found} ORDER BY {self.order} LIMIT %s OFFSET %s"
        return [key for [key] in planned(page, [*self.params, asked.stop - asked.start, asked.start])]


#: Open cases by all that tells the tabs apart.
_COUNTED = f"""
SELECT state, officer_id, due_on, paused, taken, count(*) FROM (
    SELECT state, officer_id, due_on, {_STANDS_STILL} AS paused, state <> 'selected' OR {_TAKEN} AS taken
    FROM repair_case WHERE {_IS_OPEN} AND {{theirs}}
) AS open GROUP BY state, officer_id, due_on, paused, taken
"""  # noqa: S608 - as all SQL here: of words of this module
_OF_THE_CITY = _COUNTED.format(theirs="TRUE")
_OF_AN_OFFICE = _COUNTED.format(theirs="district_id = ANY(%s)")


def counts(user: User, days: Days) -> dict[str, int]:
    """Tab → how many, but for "all": nobody needs to know it, and there are more each year. "soon": due today or on
    the next working day; "soon_untaken": due by then or late, and no technician has taken it. Of those on which they
    decide, as `Listed` says. One query."""
    found = dict.fromkeys((*TABS, "soon", "soon_untaken"), 0)
    del found["all"]
    districts = office_districts(user)
    rows = planned(_OF_THE_CITY, []) if districts is None else planned(_OF_AN_OFFICE, [districts])
    for state, officer, due, paused, has_technician, number in rows:
        owed = state in OWING and not paused
        for tab, is_in in (
            ("", True),
            ("late", owed and due < days.today),
            ("today", owed and due == days.today),
            ("soon", owed and days.today <= due <= days.next_working),
            ("soon_untaken", owed and not has_technician and due <= days.next_working),
            ("untaken", not has_technician),
            ("mine", officer == user.pk),
            ("free", officer is None),
            ("papers", state == State.PAPERS),
            ("refusal", state in (State.REFUSAL, State.OBJECTED)),
            ("waiting", state == State.WAITING),
        ):
            if is_in:
                found[tab] += number
    return found


def badge(case: Case, days: Days, *, paused: bool) -> Badge | None:
    """How urgent it is; None: nothing is owed by a day (any more)."""
    if case.due_on is None or case.state not in OWING:
        if case.state not in RUNNING:
            return None
        return Badge("늦게 방문함", "warn") if case.is_late else Badge("방문함", "good")
    what = "판단 " if case.state == State.OBJECTED else "다시 방문 " if case.arrived_at else ""
    if paused:
        return Badge(f"{what}멈춤", "wait")
    over = (days.today - case.due_on).days
    if over > 0:
        return Badge(f"{what}하루 지남" if over == 1 else f"{what}{over}일 지남", "bad")
    if over == 0:
        return Badge(f"{what}오늘까지", "warn")
    if over == -1:
        return Badge(f"{what}내일까지", "warn")
    words = f"{what}{case.due_on.month}월 {case.due_on.day}일까지"
    return Badge(words, "warn" if case.due_on <= days.next_working else "info")


#: State → how it looks.
LOOKS = {
    State.RECEIVED: "info",
    State.PAPERS: "warn",
    State.CONFIRMED: "info",
    State.WAITING: "wait",
    State.REFUSAL: "warn",
    State.REFUSED: "bad",
    State.OBJECTED: "warn",
    State.SELECTED: "good",
    State.REPAIRING: "good",
    State.CONSENT: "warn",
    State.DONE: "good",
    State.SETTLED: "good",
    State.WITHDRAWN: "wait",
}


def look(case: Case) -> str:
    return LOOKS[State(case.state)]
