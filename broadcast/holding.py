"""Quiet hours and volume for a whole broadcast: quiet.py asked once a place that has a rule, never once a village."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count
from django.utils import timezone

from .categories import CATEGORIES
from .models import Broadcast, Delivery, SoundRule, Village
from .quiet import Place, held_until, volume_of
from .states import State

#: Longer than any pause between tries: what is due later waits for the end of quiet hours.
LONGEST_PAUSE = timedelta(minutes=5)
#: Joins what each village has been given; `v.village_id` and `own.district_id` are there. Parameters: Sounding.params.
JOIN = """
LEFT JOIN unnest(%(sv)s::bigint[], %(sv_due)s::timestamptz[], %(sv_volume)s::int[]) AS sv(village, due, volume)
    ON sv.village = own.id
LEFT JOIN unnest(%(sd)s::text[], %(sd_due)s::timestamptz[], %(sd_volume)s::int[]) AS sd(district, due, volume)
    ON sd.district = own.district_id
"""
_MORE = "CASE WHEN sv.village IS NOT NULL THEN sv.{0} WHEN sd.district IS NOT NULL THEN sd.{0} ELSE %(city_{0})s END"
HELD_UNTIL = f"{_MORE.format('due')}::timestamptz"
VOLUME = f"{_MORE.format('volume')}::int"
#: Rows that are tried again wait for the end of quiet hours as the first ones do.
HOLD = f"""
UPDATE broadcast_delivery d SET due_at = greatest(d.due_at, {HELD_UNTIL}), volume = {VOLUME}
FROM broadcast_gateway g
JOIN broadcast_village own ON own.id = g.village_id
{JOIN}
WHERE g.id = d.gateway_id AND d.broadcast_id = %(broadcast)s AND d.state = 'waiting'
"""  # noqa: S608  our own words only


@dataclass(frozen=True)
class Sounding:
    """`latest`: when the last village that is held may hear it; None: none is held."""

    params: dict[str, Any]
    latest: datetime | None


def sounding(category: str, lane: str, at: datetime) -> Sounding:
    """When and how loud a broadcast of that kind sounds where. One query, however many villages."""
    at = timezone.localtime(at)
    rules = list(SoundRule.objects.filter(is_active=True).select_related("village"))
    places = {Place()}
    places |= {Place(None, rule.district_id) for rule in rules if rule.district_id}
    places |= {Place(rule.village_id, rule.village.district_id) for rule in rules if rule.village}
    params: dict[str, Any] = {name: [] for name in ("sv", "sv_due", "sv_volume", "sd", "sd_due", "sd_volume")}
    latest = None
    for place in places:
        due = held_until(rules, place, category, lane, at)
        volume = volume_of(rules, place, category, lane, (due or at).time())
        latest = max(filter(None, (due, latest)), default=None)
        if place == Place():
            params |= {"city_due": due, "city_volume": volume}
        else:
            kind, name = ("sv", place.village) if place.village else ("sd", place.district)
            for key, value in ((kind, name), (f"{kind}_due", due), (f"{kind}_volume", volume)):
                params[key].append(value)
    return Sounding(params, latest)


def hold(broadcast: Broadcast, now: datetime) -> datetime | None:
    """Rows that wait to be tried again: not while it is quiet. Returns when the last that is held may be heard."""
    found = sounding(broadcast.category, broadcast.lane, now)
    with connection.cursor() as cursor:
        cursor.execute(HOLD, {"broadcast": broadcast.pk, **found.params})
    return found.latest


def still_held(broadcast: Broadcast) -> list[tuple[datetime, int]]:
    """When quiet hours end, and how many speakers then hear it. One query, none if nothing was held."""
    if not broadcast.expires_at or not broadcast.published_at:
        return []
    if broadcast.expires_at - broadcast.published_at <= CATEGORIES[broadcast.category].lasts:
        return []
    rows = Delivery.objects.filter(
        broadcast=broadcast, state=State.WAITING, due_at__gt=timezone.now() + LONGEST_PAUSE
    )
    return list(rows.values_list("due_at").annotate(n=Count("pk")).order_by("due_at"))


def held_villages(villages: Iterable[Village], category: str, lane: str, at: datetime) -> dict[datetime, int]:
    """When quiet hours end → in how many of these villages. One query."""
    at = timezone.localtime(at)
    rules = list(SoundRule.objects.filter(is_active=True))
    own = {rule.village_id for rule in rules}
    places = Counter(Place(v.pk if v.pk in own else None, v.district_id) for v in villages)
    counts: Counter[datetime] = Counter()
    for place, count in places.items():
        if until := held_until(rules, place, category, lane, at):
            counts[until] += count
    return dict(counts)
