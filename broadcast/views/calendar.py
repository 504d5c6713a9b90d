"""방송 시간표: a week of the air time of one's villages, as a list that a phone and an office PC both show."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from people.holidays import holidays_between

from ..air_time import slots_of, week_of
from ..models import Airing, Village
from ..plan_forms import WeekForm
from ..plan_times import Slot, clashes
from ..senders import senders
from . import works_in_an_office

if TYPE_CHECKING:
    from . import SignedIn

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Entry:
    """One airing. `clashes_with`: in words, ["오전 9:00 문산읍 직원", …]."""

    airing: Airing
    end: datetime
    seconds: int
    where: str
    sender: str
    clashes_with: list[str]


@dataclass(frozen=True)
class Day:
    date: date
    holiday: str
    is_today: bool
    entries: list[Entry] = field(default_factory=list)


@never_cache
@require_GET
def calendar(request: "SignedIn") -> HttpResponse:
    """?week= any day of it, ?village= one of the user's."""
    own = Village.objects.for_user(request.user).select_related("district").defer("district__boundary")
    form = WeekForm(request.GET or None, villages=own)
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    context: dict[str, Any] = {"office": works_in_an_office(request.user), "form": form}
    if not form.errors:
        first = _monday(wanted.get("week") or timezone.localdate())
        context |= _week(request, first, wanted.get("village"), list(own))
    return render(request, "broadcast/calendar.html", context, status=422 if form.errors else 200)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _week(request: "SignedIn", first: date, village: Village | None, own: list[Village]) -> dict[str, Any]:
    start = timezone.make_aware(datetime.combine(first, time.min))
    airings = week_of(request.user, start, start + WEEK, village)
    slots = slots_of(airings, Village.objects.for_user(request.user))
    taken = [slot for slot, airing in zip(slots, airings, strict=True) if airing.state == Airing.State.DUE]
    found = clashes(taken)
    who = senders({airing.plan.original.author_id for airing in airings})
    by_pk = {airing.pk: airing for airing in airings}
    names = {v.pk: v.name for v in own}
    holidays = holidays_between(first, first + WEEK)
    days = [
        Day(day, holidays.get(day, ""), day == timezone.localdate())
        for day in (first + timedelta(days=n) for n in range(7))
    ]
    for slot, airing in zip(slots, airings, strict=True):
        others = [by_pk[other.key] for other in found.get(airing.pk, [])]  # type: ignore[index]
        entry = Entry(
            airing=airing,
            end=slot.end,
            seconds=round(slot.seconds),
            where=_where(slot, names),
            sender=who[airing.plan.original.author_id],
            clashes_with=[_in_words(other, who[other.plan.original.author_id]) for other in others],
        )
        days[(timezone.localdate(airing.due_at) - first).days].entries.append(entry)
    return {
        "days": days,
        "first": first,
        "last": first + WEEK - timedelta(days=1),
        "before": first - WEEK,
        "after": first + WEEK,
        "village": village,
        "only_village": own[0] if len(own) == 1 else None,
        "clashing": len(found),
    }


def _where(slot: Slot, names: dict[int, str]) -> str:
    known = sorted(names[pk] for pk in slot.villages if pk in names)
    return known[0] + (f" 외 {len(known) - 1}개 마을" if len(known) > 1 else "") if known else ""


def _in_words(other: Airing, sender: str) -> str:
    at = timezone.localtime(other.due_at)
    return f"{at:%H:%M} {sender}의 {other.plan.original.get_category_display()}"
