"""체험존: what is open when, and what those who work there do. Nobody is named anywhere; nothing is booked."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone

from people.holidays import holidays_between
from people.models import User

from .booking_states import NotPossible
from .models import WalkIn, Zone, ZoneClosure, ZoneDevice, ZoneHours
from .opening import AHEAD, Hours, Opening, opening, week_words, words

#: Closed days that are told on the page, so many days ahead.
TOLD_AHEAD = timedelta(days=45)
#: Taps that can be taken back, of today: the last so many are shown.
LAST_TAPS = 5


@dataclass(frozen=True)
class ZonePage:
    """A zone as everybody sees it. `closed_days`: those on which it would be open otherwise, soon."""

    zone: Zone
    state: Opening
    words: str
    week: Sequence[tuple[str, str]]
    closed_days: Sequence[tuple[date, str]]
    devices: Sequence[ZoneDevice]


def pages(now: datetime | None = None) -> list[ZonePage]:
    """Every zone that is in use, in five queries."""
    zones = (
        Zone.objects.filter(is_active=True).select_related("district", "centre").defer("district__boundary")
    )
    when = _days(now)
    return [_page(zone, *when) for zone in zones.prefetch_related("hours", "closures", "devices")]


def page(zone: Zone, now: datetime | None = None) -> ZonePage:
    return _page(zone, *_days(now))


def _days(now: datetime | None) -> tuple[datetime, dict[date, str]]:
    now = timezone.localtime(now)
    return now, holidays_between(now.date(), now.date() + timedelta(days=AHEAD))


def _page(zone: Zone, now: datetime, holidays: dict[date, str]) -> ZonePage:
    hours = [Hours(one.weekday, one.opens, one.closes) for one in zone.hours.all()]
    closed = {**holidays, **{one.on: one.reason for one in zone.closures.all()}}
    state = opening(hours, closed, now)
    weekdays = {one.weekday for one in hours}
    today = now.date()
    told = sorted(
        (day, why)
        for day, why in closed.items()
        if today <= day <= today + TOLD_AHEAD and day.weekday() in weekdays
    )
    devices = [one for one in zone.devices.all() if one.is_active]
    return ZonePage(zone, state, words(state, now), week_words(hours), told, devices)


# ---- counting


@dataclass(frozen=True)
class Today:
    """How many came today, how many used each device (its pk), and the taps that can be taken back."""

    people: int
    devices: dict[int, int]
    last: Sequence[WalkIn]


def _of_today() -> Q:
    return Q(at__gte=timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0))


def today(zone: Zone) -> Today:
    """Two queries."""
    taps = zone.walk_ins.filter(_of_today())
    sums: dict[int | None, int] = dict(taps.order_by().values_list("device").annotate(Sum("people")))
    last = list(taps.select_related("device")[:LAST_TAPS])
    used = {device: n for device, n in sums.items() if device is not None}
    return Today(sums.get(None, 0), used, last)


def tap(zone: Zone, once: uuid.UUID, people: int, device: ZoneDevice | None, by: User) -> WalkIn:
    """`people` came, or used the device. The same `once` again counts nothing more. NotPossible: too few or many."""
    if not 1 <= people <= 100:
        raise NotPossible("한 번에 1명에서 100명까지 셀 수 있습니다.")
    counted = {"zone": zone, "device": device, "people": people, "by": by}
    return WalkIn.objects.get_or_create(once=once, defaults=counted)[0]


def undo(zone: Zone, pk: int) -> WalkIn | None:
    """Takes a tap of today back; None if it is gone already, or of another day: the day is told by then."""
    with transaction.atomic():
        found = zone.walk_ins.select_for_update(of=("self",)).filter(_of_today(), pk=pk).first()
        if found is not None:
            WalkIn.objects.filter(pk=found.pk).delete()
        return found


# ---- days, hours, devices


def close_on(zone: Zone, day: date, reason: str, by: User) -> ZoneClosure:
    """Closed that day; said again, with the new reason. NotPossible for a day that is over."""
    if day < timezone.localdate():
        raise NotPossible("지난 날은 쉬는 날로 할 수 없습니다. 오늘이나 앞으로의 날짜를 적어 주세요.")
    said = {"reason": reason, "made_by": by}
    return ZoneClosure.objects.update_or_create(zone=zone, on=day, defaults=said)[0]


def open_after_all(zone: Zone, pk: int) -> None:
    zone.closures.filter(pk=pk).delete()


@transaction.atomic
def set_hours(zone: Zone, week: Iterable[tuple[int, time, time]], rest: tuple[time, time] | None) -> None:
    """`week`: (weekday, opens, closes) of each day on which it is open; `rest`: shut at noon, on all of them."""
    Zone.objects.select_for_update(of=("self",)).get(pk=zone.pk)
    zone.hours.all().delete()
    rows = []
    for weekday, opens, closes in week:
        spans = [(opens, closes)]
        if rest and opens < rest[0] < rest[1] < closes:
            spans = [(opens, rest[0]), (rest[1], closes)]
        rows += [ZoneHours(zone=zone, weekday=weekday, opens=a, closes=b) for a, b in spans]
    ZoneHours.objects.bulk_create(rows)


def out_of_order(device: ZoneDevice, trouble: str) -> None:
    """It stands on the page from now on. Said again: since when stays."""
    device.out_of_order_since = device.out_of_order_since or timezone.now()
    device.trouble = trouble
    device.save(update_fields=["out_of_order_since", "trouble"])


def works_again(device: ZoneDevice) -> None:
    device.out_of_order_since, device.trouble = None, ""
    device.save(update_fields=["out_of_order_since", "trouble"])


def coming_closures(zone: Zone) -> list[ZoneClosure]:
    return list(zone.closures.filter(on__gte=timezone.localdate()))


def hours_as_typed(zone: Zone) -> dict[str, time]:
    """For the form: each day from its first opening to its last closing; the rest is that of the first day that has
    one."""
    typed: dict[str, time] = {}
    for one in zone.hours.all():
        closed = typed.get(f"closes_{one.weekday}")
        if closed is not None:
            typed.setdefault("rest_from", closed)
            typed.setdefault("rest_until", one.opens)
        typed.setdefault(f"opens_{one.weekday}", one.opens)
        typed[f"closes_{one.weekday}"] = one.closes
    return typed
