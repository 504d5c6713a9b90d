"""조용한 시간과 소리 크기: which rule fits a village at an hour. Pure: no database, no clock.

The most particular one decides: a village's over its district's over the city's; of one place, that of a category
over that of a lane over that of everything. Quiet and volume are two questions: a rule that only sets the volume
says nothing about quiet, and one that neither is quiet nor sets a volume is an exception from quiet.
Quiet never holds what is urgent, nor the test of the line, which makes no sound.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from .categories import CATEGORIES, Lane
from .models.rules import SoundRule
from .sending_rules import within


@dataclass(frozen=True)
class Place:
    """A village as rules see it; None where no rule of its own is meant."""

    village: int | None = None
    district: str | None = None


def held_until(
    rules: Sequence[SoundRule], place: Place, category: str, lane: str, at: datetime
) -> datetime | None:
    """When it may sound, if it is to be quiet at `at` (aware, Seoul); None: at once.

    That is the first moment at which a rule begins or ends and it is not quiet any more. Where rules leave no such
    moment in a day, it is when the one of now ends: nothing is held for ever.
    """
    rule = quiet_rule(rules, place, category, lane, at.time())
    if rule is None:
        return None
    turns = sorted(_next(clock, at) for rule in rules for clock in (rule.hour_from, rule.hour_until))
    for turn in turns:
        if quiet_rule(rules, place, category, lane, turn.time()) is None:
            return turn
    return _next(rule.hour_until, at)


def quiet_rule(
    rules: Iterable[SoundRule], place: Place, category: str, lane: str, at: time
) -> SoundRule | None:
    """The rule by which it is quiet there, if it is."""
    if lane == Lane.URGENT or not CATEGORIES[category].by_hand:
        return None  # what nobody chose by hand is a second of silence at night (link_test.py)
    about = [rule for rule in rules if rule.is_quiet or rule.volume is None]
    rule = most_particular(about, place, category, lane, at)
    return rule if rule and rule.is_quiet else None


def volume_of(rules: Iterable[SoundRule], place: Place, category: str, lane: str, at: time) -> int | None:
    """Percent; None: as the device is set."""
    rule = most_particular([rule for rule in rules if rule.volume is not None], place, category, lane, at)
    return rule.volume if rule else None


def most_particular(
    rules: Iterable[SoundRule], place: Place, category: str, lane: str, at: time
) -> SoundRule | None:
    """Of the active rules that fit, the one that decides; of equals the oldest."""
    fitting = [rule for rule in rules if _fits(rule, place, category, lane, at)]
    return min(fitting, key=_rank, default=None)


def _rank(rule: SoundRule) -> tuple[bool, bool, bool, bool, int]:
    """Low is particular."""
    of_village, of_district = rule.village_id is not None, rule.district_id is not None
    return not of_village, not of_district, not rule.category, not rule.lane, rule.pk or 0


def _fits(rule: SoundRule, place: Place, category: str, lane: str, at: time) -> bool:
    return (
        rule.is_active
        and rule.village_id in (None, place.village)
        and rule.district_id in (None, place.district)
        and rule.category in ("", category)
        and rule.lane in ("", lane)
        and within(rule.hour_from, rule.hour_until, at)
    )


def _next(clock: time, after: datetime) -> datetime:
    """The next moment at which the clock shows that. (Korea has no summer time.)"""
    then = after.replace(hour=clock.hour, minute=clock.minute, second=clock.second, microsecond=0)
    return then if then > after else then + timedelta(days=1)
