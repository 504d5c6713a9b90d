"""What is on whose list at an office: tabs, how urgent each case is, and the order in which they stand."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case as When
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value
from django.db.models import When as If
from django.utils import timezone

from people.holidays import overrides_between
from people.models import User

from . import calendar, deadlines
from .models import Case, CaseQuerySet, Pause
from .states import OFFICE, RUNNING, State

#: Somebody still has something to do.
OPEN = sorted(OFFICE | RUNNING)
#: A visit is owed, and time runs.
OWED = Q(state__in=RUNNING, arrived_at=None, paused=False)


@dataclass(frozen=True)
class Days:
    """Today, and the working day after it: the last on which a warning helps."""

    today: date
    next_working: date

    @classmethod
    def now(cls) -> "Days":
        today = timezone.localdate()
        overrides = overrides_between(today, today + deadlines.FARTHEST)
        return cls(today, calendar.deadline(today, 1, deadlines.closed(overrides)))


@dataclass(frozen=True)
class Badge:
    """Words for a deadline, and how they look (static/css/marks.css)."""

    words: str
    look: str


def with_pauses(cases: CaseQuerySet) -> QuerySet[Any]:
    """Each with `paused`: whether its deadline stands still now. A pause that began too late excuses nothing."""
    open_pause = Pause.objects.filter(case=OuterRef("pk"), until_on=None)
    return cases.annotate(paused=Exists(open_pause.filter(from_on__lte=OuterRef("deadline_on"))))


def tabs(user: User, days: Days) -> dict[str, tuple[str, Q]]:
    """Key → (its words, which cases). "" is what the list opens with."""
    is_open = Q(state__in=OPEN)
    return {
        "": ("진행 중", is_open),
        "late": ("기한 지남", OWED & Q(deadline_on__lt=days.today)),
        "today": ("오늘까지", OWED & Q(deadline_on=days.today)),
        "mine": ("내 담당", is_open & Q(officer=user)),
        "free": ("담당 없음", is_open & Q(officer=None)),
        "papers": ("보완 요청 중", Q(state=State.PAPERS)),
        "refusal": ("불가·이의 검토", Q(state__in=[State.REFUSAL, State.OBJECTED])),
        "waiting": ("예산 대기", Q(state=State.WAITING)),
        "all": ("모두", Q()),
    }


def counts(mine: CaseQuerySet, user: User, days: Days) -> dict[str, int]:
    """Tab → how many, and "soon": due today or on the next working day. As `tabs` says, in two queries: open cases are
    counted by all that tells the tabs apart, and added up here."""
    found = dict.fromkeys((*tabs(user, days), "soon"), 0)
    alike = with_pauses(mine.filter(state__in=OPEN)).order_by()
    columns = ("state", "officer", "deadline_on", "came", "paused")
    for state, officer, deadline, came, paused, number in (
        alike.annotate(came=Q(arrived_at__isnull=False)).values_list(*columns).annotate(Count("pk"))
    ):
        owed = state in RUNNING and not came and not paused and deadline is not None
        for tab, is_in in (
            ("", True),
            ("late", owed and deadline < days.today),
            ("today", owed and deadline == days.today),
            ("soon", owed and days.today <= deadline <= days.next_working),
            ("mine", officer == user.pk),
            ("free", officer is None),
            ("papers", state == State.PAPERS),
            ("refusal", state in (State.REFUSAL, State.OBJECTED)),
            ("waiting", state == State.WAITING),
        ):
            if is_in:
                found[tab] += number
    return found | {"all": mine.count()}


def in_order(cases: QuerySet[Any], days: Days) -> QuerySet[Any]:
    """Late ones first, then by deadline; those without in the order of filing. Takes cases `with_pauses`."""
    urgent = When(
        If(OWED & Q(deadline_on__lt=days.today), then=Value(0)),
        If(OWED, then=Value(1)),
        If(state__in=OFFICE, then=Value(2)),
        If(state__in=RUNNING, then=Value(3)),
        default=Value(4),
        output_field=IntegerField(),
    )
    return cases.order_by(urgent, F("deadline_on").asc(nulls_last=True), "filed_at")


def badge(case: Case, days: Days, *, paused: bool) -> Badge | None:
    """How urgent the visit is; None: no visit is owed (any more)."""
    if case.state not in RUNNING or case.deadline_on is None:
        return None
    if case.arrived_at:
        return Badge("늦게 방문함", "warn") if case.is_late else Badge("방문함", "good")
    if paused:
        return Badge("멈춤", "wait")
    over = (days.today - case.deadline_on).days
    if over > 0:
        return Badge("하루 지남" if over == 1 else f"{over}일 지남", "bad")
    if over == 0:
        return Badge("오늘까지", "warn")
    if over == -1:
        return Badge("내일까지", "warn")
    words = f"{case.deadline_on.month}월 {case.deadline_on.day}일까지"
    return Badge(words, "warn" if case.deadline_on <= days.next_working else "info")


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
