"""What is on whose list at an office: tabs, how urgent each case is, and the order in which they stand."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BooleanField, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value
from django.db.models import Case as When
from django.db.models import When as If
from django.utils import timezone

from people.holidays import overrides_between
from people.models import User

from . import calendar, deadlines
from .models import Case, CaseQuerySet, Pause, Visit
from .states import OFFICE, RUNNING, State

#: Somebody still has something to do.
OPEN = sorted(OFFICE | RUNNING)
#: Somebody must come, come again, or judge an objection, and time runs.
OWED = Q(state__in=[State.SELECTED, State.OBJECTED], paused=False)


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
    return cases.annotate(paused=Exists(open_pause.filter(from_on__lte=OuterRef("due_on"))))


def tabs(user: User, days: Days) -> dict[str, tuple[str, Q]]:
    """Key → (its words, which cases). "" is what the list opens with."""
    is_open = Q(state__in=OPEN)
    return {
        "": ("진행 중", is_open),
        "late": ("기한 지남", OWED & Q(due_on__lt=days.today)),
        "today": ("오늘까지", OWED & Q(due_on=days.today)),
        "untaken": ("맡은 기사 없음", Q(state=State.SELECTED) & ~Q(taken())),
        "mine": ("내 담당", is_open & Q(officer=user)),
        "free": ("담당 없음", is_open & Q(officer=None)),
        "papers": ("보완 요청 중", Q(state=State.PAPERS)),
        "refusal": ("불가·이의 검토", Q(state__in=[State.REFUSAL, State.OBJECTED])),
        "waiting": ("예산 대기", Q(state=State.WAITING)),
        "all": ("모두", Q()),
    }


def taken() -> Exists:
    """Whether a technician has taken the visit that is owed."""
    return Exists(Visit.objects.filter(case=OuterRef("pk"), ended_at=None))


def counts(mine: CaseQuerySet, user: User, days: Days) -> dict[str, int]:
    """Tab → how many; "soon": due today or on the next working day; "soon_untaken": due by then or late, and no
    technician has taken it. As `tabs` says, in two queries: open cases are counted by all that tells the tabs apart,
    and added up here."""
    found = dict.fromkeys((*tabs(user, days), "soon", "soon_untaken"), 0)
    of_visits = When(If(state=State.SELECTED, then=taken()), default=Value(True), output_field=BooleanField())
    alike = with_pauses(mine.filter(state__in=OPEN)).annotate(taken=of_visits).order_by()
    columns = ("state", "officer", "due_on", "paused", "taken")
    for state, officer, due, paused, has_technician, number in alike.values_list(*columns).annotate(
        Count("pk")
    ):
        owed = state in (State.SELECTED, State.OBJECTED) and not paused
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
    return found | {"all": mine.count()}


def in_order(cases: QuerySet[Any], days: Days) -> QuerySet[Any]:
    """Late ones first, then by deadline; those without in the order of filing. Takes cases `with_pauses`."""
    urgent = When(
        If(OWED & Q(due_on__lt=days.today), then=Value(0)),
        If(OWED, then=Value(1)),
        If(state__in=OFFICE, then=Value(2)),
        If(state__in=RUNNING, then=Value(3)),
        default=Value(4),
        output_field=IntegerField(),
    )
    return cases.order_by(urgent, F("due_on").asc(nulls_last=True), "filed_at")


def badge(case: Case, days: Days, *, paused: bool) -> Badge | None:
    """How urgent it is; None: nothing is owed by a day (any more)."""
    if case.due_on is None or case.state not in (State.SELECTED, State.OBJECTED):
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
