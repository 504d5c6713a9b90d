"""The three working days: set when a case is selected, moved by pauses and by holidays, told of in time. A visit that
was broken off owes another within as many working days, counted from then.

The rule is pure (calendar.py); the days on which nobody works are those of people/holidays.py. The first promise
stays on the case, and the applicant is told of a day that moved.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from people.holidays import Overrides, holiday_name, is_working_day, overrides_between
from people.models import RoleGrant, User
from people.outbox import tell

from . import calendar
from .models import Case, DeadlineChange, Pause, Rule, Visit
from .notices import notify, tell_contractor
from .states import State

OFFICE_CLERK, REPAIR_OFFICER = RoleGrant.Role.OFFICE_CLERK, RoleGrant.Role.REPAIR_OFFICER
#: Farther ahead no deadline lies: 60 working days, with every holiday there is.
FARTHEST = timedelta(days=400)


def closed(overrides: Overrides) -> Callable[[date], bool]:
    return lambda day: not is_working_day(day, overrides)


def of(rule: Rule, selected_on: date, pauses: Iterable[Pause], overrides: Overrides) -> list[date]:
    """The working days that count, the deadline being the last. [] while an open pause lets nobody know."""
    spans = [(pause.from_on, pause.until_on) for pause in pauses]
    if any(until is None for _, until in spans):
        return []
    return calendar.counted_days(
        selected_on,
        rule.working_days,
        closed(overrides),
        counts_first_day=rule.counts_first_day,
        pauses=spans,
    )


def first(rule: Rule, selected_on: date, overrides: Overrides | None = None) -> date:
    """The deadline that is promised on the day of selection. `overrides` of the days from then to FARTHEST, if they are
    known."""
    if overrides is None:
        overrides = overrides_between(selected_on, selected_on + FARTHEST)
    return of(rule, selected_on, [], overrides)[-1]


def counts_from(case: Case) -> date | None:
    """The day of selection; once somebody was there and must come again, the day on which that was broken off."""
    if case.arrived_at is None:
        return case.selected_on
    ended = (
        case.visits.filter(end=Visit.End.BROKEN_OFF).order_by("ended_at").values_list("ended_at", flat=True)
    )
    last = ended.last()
    return timezone.localdate(last) if last else case.selected_on


def again(case: Case) -> date:
    """By when somebody must come again, now that the visit was broken off. In the caller's transaction, to be saved."""
    case.due_on = first(case.rule, timezone.localdate())
    return case.due_on


def counted(case: Case) -> list[tuple[date, str]]:
    """(day, "1일째" or why it does not count) from the day after selection to the deadline, for the case's page. Of a
    visit that is owed again, from the day on which the last one was broken off."""
    again = bool(case.arrived_at and case.due_on)
    since = counts_from(case) if again else case.selected_on
    if since is None:
        return []
    overrides = overrides_between(since, since + FARTHEST)
    days = of(case.rule, since, case.pauses.all(), overrides)
    if not days:
        return []
    counts = {day: f"{n}일째" for n, day in enumerate(days, 1)}
    shown = [since + timedelta(days=n) for n in range((days[-1] - since).days + 1)]
    paused = [(p.from_on, p.until_on) for p in case.pauses.all()]

    def why(day: date) -> str:
        if day in counts:
            return counts[day]
        if any(start <= day and (end is None or day < end) for start, end in paused):
            return "기한을 멈춘 날"
        if name := holiday_name(day, overrides):
            return f"공휴일({name})"
        if day.weekday() >= 5:
            return "주말"
        return "마치지 못한 날(세지 않음)" if again else "선정한 날(세지 않음)"

    return [(day, why(day)) for day in shown]


def move(case: Case, pauses: list[Pause], overrides: Overrides, why: str, *, tells: bool = True) -> bool:
    """Writes the deadline that holds now, and that it moved. In the caller's transaction, the case locked. That of the
    first visit was met or missed once somebody came.

    `tells` the applicant: not of a day that moved because somebody is there.
    """
    since = counts_from(case)
    if since is None or case.due_on is None:
        return False
    days = of(case.rule, since, pauses, overrides)
    if not days or days[-1] == case.due_on:
        return False
    change = DeadlineChange.objects.create(case=case, was_on=case.due_on, is_on=days[-1], why=why)
    case.due_on = days[-1]
    if case.arrived_at is None:
        case.deadline_on = case.due_on
    case.save(update_fields=["due_on", "deadline_on"])
    if tells:
        notify(case, "repair_moved", change.pk, day=case.due_on)
    return True


def count_again(case: Case, on: date, why: str, *, tells: bool = True) -> bool:
    """Ends the pause: from `on` every day counts again. False if there is none. In the caller's transaction, the case
    locked. Of a visit that has begun the deadline was met or missed: it stays."""
    pause = case.pauses.filter(until_on=None).first()
    if pause is None:
        return False
    pause.until_on = max(
        on, pause.from_on
    )  # a phone may send in late that somebody came before it was paused
    pause.save(update_fields=["until_on"])
    if case.due_on is not None:
        overrides = overrides_between(case.selected_on or on, timezone.localdate() + FARTHEST)
        move(case, list(case.pauses.all()), overrides, why, tells=tells)
    return True


def follow_holidays() -> int:
    """Moves the deadlines of running cases to what the holidays say now. Returns how many moved."""
    running = Case.objects.filter(state=State.SELECTED)
    if (earliest := running.order_by("selected_on").values_list("selected_on", flat=True).first()) is None:
        return 0
    overrides = overrides_between(earliest, timezone.localdate() + FARTHEST)
    moved = 0
    for pk in list(running.values_list("pk", flat=True)):
        with transaction.atomic():
            case = (
                Case.objects.select_for_update(of=("self",))
                .select_related("rule", "resident")
                .filter(pk=pk, state=State.SELECTED)
                .first()
            )
            if case is not None:
                moved += move(case, list(case.pauses.all()), overrides, "공휴일이 바뀜")
    return moved


def warn() -> int:
    """Tells whoever is responsible of the visits that are due by the next working day and have not begun: once each.

    Not of a paused one. If no technician has taken it, the contractor is told and the city's officers, and where nobody
    is in charge all clerks of the district. Returns how many were told of. Asked by beat; the message's key keeps it
    from being told twice.
    """
    today = timezone.localdate()
    overrides = overrides_between(today, today + FARTHEST)
    tomorrow = calendar.deadline(today, 1, closed(overrides))
    due = Case.objects.filter(state=State.SELECTED, due_on__range=(today, tomorrow))
    due = due.exclude(Exists(Pause.objects.filter(case=OuterRef("pk"), until_on=None)))
    told = 0
    for case in due.select_related("officer", "contractor").prefetch_related("visits__technician"):
        visit = next((v for v in case.visits.all() if v.ended_at is None), None)
        people = {case.officer, visit.technician} if visit else {*_in_charge(case), *_holding(REPAIR_OFFICER)}
        template = "repair_due" if visit else "repair_untaken"
        for user in {u for u in people if u and u.phone}:
            key = f"repair-due:{case.pk}:{case.due_on}:{user.pk}"
            tell(user.phone, template, {"number": case.number, "day": case.due_on}, key=key)
            told += 1
        if visit is None and case.contractor:
            told += tell_contractor(case.contractor, case, template, case.due_on, day=case.due_on)
    return told


def _in_charge(case: Case) -> list[User]:
    return [case.officer] if case.officer else _holding(OFFICE_CLERK, district=case.district_id)


def _holding(role: str, **of: object) -> list[User]:
    """Whoever has that role now."""
    held = RoleGrant.objects.in_force().filter(role=role, **of)
    return list(User.objects.filter(pk__in=held.values("user"), is_active=True))
