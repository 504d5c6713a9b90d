"""예약: a plan made from a draft, its airings written ahead, and what a person changes of it. Airing is airings.py.

A plan's row is the lock of its airings: whoever changes them holds it.
"""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from people.holidays import holidays_between
from people.models import User

from .categories import Lane, lane_of
from .clearance import decide_for, submit
from .compose import AlreadySent
from .models import Airing, Broadcast, Plan, Village
from .plan_times import PlanTimes, Times, last_day, occurrences
from .sending_rules import Outcome

#: Airings are written this far ahead: what the calendar shows.
AHEAD = timedelta(days=35)
#: Later than this it is not aired any more: a wrong time is worse than none.
LATE = timedelta(minutes=10)
#: Nobody plans further than this.
FURTHEST = timedelta(days=366)
#: Plans whose airings are written in one transaction.
AT_ONCE = 200

URGENT = "긴급 방송은 예약할 수 없습니다. 바로 보내거나, 종류를 바꿔 주세요."
CORRECTS = "바로잡는 방송은 예약할 수 없습니다. 지금 바로 보내 주세요."
FOREIGN = "보낼 수 없는 마을이 들어 있습니다. 맡은 마을만 골라 다시 만들어 주세요."
PAST = "이미 지난 때입니다. 지금보다 뒤로 정해 주세요."
TOO_FAR = "1년 안의 날짜로 정해 주세요."
NEVER = "정하신 대로면 한 번도 방송하지 않습니다. 날짜와 요일을 다시 봐 주세요."
STOPPED = "예약을 그만두었습니다."
LEFT_OUT = "이번만 쉬기로 했습니다."
RESTS = "공휴일이라 쉽니다"


class CannotPlan(ValueError):
    """Its text says in Korean why not."""


def make_plan(draft_id: uuid.UUID, by: User, times: PlanTimes) -> Plan:
    """From now on the draft is the plan's. A second call (a double tap) returns the plan that is there.

    If the city's rules want a second person, it waits for them: until then nothing is aired (publish.air_planned).
    Raises Broadcast.DoesNotExist if it is not their own, AlreadySent, CannotPlan.
    """
    now = timezone.now()
    with transaction.atomic():
        draft = Broadcast.objects.select_for_update(of=("self",)).get(pk=draft_id, author=by)
        if plan := Plan.objects.filter(original=draft).first():
            return plan
        if draft.published_at or draft.submitted_at:
            raise AlreadySent
        if why := why_not(draft, by, times, now):
            raise CannotPlan(why)
        decided = decide_for(draft, first_times(times, now, 1)[0])
        if decided.outcome == Outcome.REFUSE:
            raise CannotPlan(decided.reason)
        plan = Plan.objects.create(
            original=draft,
            first_on=times.first_on,
            at=times.at,
            repeat=times.repeat,
            weekdays=times.weekdays if times.repeat == Plan.Repeat.WEEKLY else 0,
            until=times.until if times.repeat != Plan.Repeat.ONCE else None,
            skip_holidays=times.skip_holidays,
        )
        write_ahead([plan], now)
        if decided.outcome == Outcome.SECOND_PERSON:
            submit(draft)
    return plan


def why_not(draft: Broadcast, by: User, times: Times, now: datetime) -> str:
    """Why this cannot be planned, in Korean, or ""."""
    today = timezone.localdate(now)
    if lane_of(draft.category, draft.severity) == Lane.URGENT:
        return URGENT
    if draft.corrects_id:
        return CORRECTS
    if draft.villages.exclude(pk__in=Village.objects.for_user(by).values("pk")).exists():
        return FOREIGN
    if max(times.first_on, times.until or times.first_on) > today + FURTHEST:
        return TOO_FAR
    if (last_day(times) or today) < today:
        return PAST
    if not first_times(times, now, 1):
        return PAST if times.repeat == Plan.Repeat.ONCE and times.first_on == today else NEVER
    return ""


def first_times(times: Times, now: datetime, most: int) -> list[datetime]:
    """The next times at which it is aired, holidays left out; at most `most`. One query."""
    first = max(timezone.localdate(now), times.first_on)
    last = min(last_day(times) or first + FURTHEST, first + FURTHEST)
    found = []
    for one in occurrences(times, first, last, holidays_between(first, last)):
        if one.due_at > now and not one.rests_for:
            found.append(one.due_at)
            if len(found) == most:
                break
    return found


def make_ahead(now: datetime | None = None) -> int:
    """Writes the airings of the next weeks, and moves them where a holiday came or went. Returns how many changed."""
    now = now or timezone.now()
    keys = list(Plan.objects.going().order_by("pk").values_list("pk", flat=True))
    count = 0
    for start in range(0, len(keys), AT_ONCE):
        with transaction.atomic():
            some = Plan.objects.filter(pk__in=keys[start : start + AT_ONCE], stopped_at=None)
            count += write_ahead(list(some.select_for_update(of=("self",)).order_by("pk")), now)
    return count


def write_ahead(plans: Sequence[Plan], now: datetime) -> int:
    """The airings of `plans`, whose rows are locked. Three queries, and one for each 100 rows that change."""
    since = now - LATE
    first, horizon = timezone.localdate(since), timezone.localdate(now) + AHEAD
    ends = {plan.pk: _end(plan, horizon) for plan in plans}
    holidays = holidays_between(first, max(ends.values(), default=horizon))
    written = Airing.objects.filter(plan__in=[plan.pk for plan in plans], due_at__gte=since)
    there = {(airing.plan_id, airing.due_at): airing for airing in written}
    new, moved = [], []
    for plan in plans:
        for one in occurrences(plan, first, ends[plan.pk], holidays):
            if one.due_at < max(since, plan.made_at):
                continue
            state = Airing.State.SKIPPED if one.rests_for else Airing.State.DUE
            why = f"{RESTS}: {one.rests_for}" if one.rests_for else ""
            airing = there.get((plan.pk, one.due_at))
            if airing is None:
                new.append(Airing(plan=plan, due_at=one.due_at, state=state, why=why))
            elif airing.state != state and (airing.state == Airing.State.DUE or airing.why.startswith(RESTS)):
                airing.state, airing.why = state, why
                moved.append(airing)
    Airing.objects.bulk_create(new, batch_size=500)
    Airing.objects.bulk_update(moved, ["state", "why"], batch_size=100)
    return len(new) + len(moved)


def _end(plan: Plan, horizon: date) -> date:
    """A single time is written however far it is, so that the calendar shows it."""
    return max(horizon, plan.first_on) if plan.repeat == Plan.Repeat.ONCE else horizon


def stop_plan(plan_id: uuid.UUID, by: User) -> Plan:
    """Nothing more is aired. Twice does nothing more. Raises Plan.DoesNotExist."""
    with transaction.atomic():
        plan = Plan.objects.stoppable_by(by).select_for_update(of=("self",)).get(pk=plan_id)
        if plan.stopped_at is None:
            plan.stopped_at, plan.stopped_by = timezone.now(), by
            plan.save(update_fields=["stopped_at", "stopped_by"])
            plan.airings.filter(state=Airing.State.DUE).update(state=Airing.State.SKIPPED, why=STOPPED)
    return plan


def leave_out(airing_id: int, by: User, *, leave: bool) -> Airing:
    """This one time is left out, or (`leave` False) takes place after all. Raises Airing.DoesNotExist."""
    with transaction.atomic():
        plans = Plan.objects.stoppable_by(by).filter(stopped_at=None)
        plan = plans.select_for_update(of=("self",)).filter(airings=airing_id).first()
        airing = Airing.objects.get(pk=airing_id, plan=plan)
        if leave and airing.state == Airing.State.DUE:
            airing.state, airing.why = Airing.State.SKIPPED, LEFT_OUT
        elif not leave and airing.why == LEFT_OUT and airing.due_at > timezone.now():
            airing.state, airing.why = Airing.State.DUE, ""
        airing.save(update_fields=["state", "why"])
    return airing
