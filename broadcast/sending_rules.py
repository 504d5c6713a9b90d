"""보내기 규칙: may this go at once, does it need a second person, or not at all. Pure: no database, no clock.

The city edits the table (models.SendingRule). Its first active rule that fits decides; where none fits it is sent.
Before the table stands one rule that is not the city's to change: the police speak of police matters.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time

from .categories import CATEGORIES
from .models.rules import Sender, SendingRule

Outcome = SendingRule.Outcome

#: What the police speak of; the last one urgent (docs/sending-rules.md).
POLICE_CATEGORIES = ("phishing", "theft", "traffic", "crime", "missing")
NOT_POLICE = "경찰 계정으로는 보이스피싱, 절도, 교통사고, 범죄예방, 실종만 방송합니다. 종류를 바꿔 주세요."


@dataclass(frozen=True)
class Sending:
    """What is to be decided on. `villages`: how many it reaches; `at`: the clock in Seoul when it would go."""

    sender: str
    category: str
    lane: str
    villages: int
    at: time
    with_template: bool


@dataclass(frozen=True)
class Decided:
    """`reason`: a Korean sentence for whoever sends, "" where no rule fits."""

    outcome: str
    reason: str = ""


def choices_for(sender: str) -> list[str]:
    """Keys of the categories that such a sender may choose."""
    if sender == Sender.POLICE:
        return list(POLICE_CATEGORIES)
    return [c.key for c in CATEGORIES.values() if c.by_hand]


def decide(rules: Iterable[SendingRule], what: Sending) -> Decided:
    """`rules`: those of the table, in any order, active or not."""
    if what.sender == Sender.POLICE and what.category not in POLICE_CATEGORIES:
        return Decided(Outcome.REFUSE, NOT_POLICE)
    for rule in sorted(rules, key=lambda rule: (rule.order, rule.pk or 0)):
        if rule.is_active and fits(rule, what):
            return Decided(rule.outcome, rule.reason)
    return Decided(Outcome.SEND)


def fits(rule: SendingRule, what: Sending) -> bool:
    """Whether every condition of the rule holds; an empty one always does."""
    return (
        rule.sender in ("", what.sender)
        and rule.category in ("", what.category)
        and rule.lane in ("", what.lane)
        and what.villages >= rule.villages_from
        and rule.with_template in (None, what.with_template)
        and within(rule.hour_from, rule.hour_until, what.at)
    )


def within(start: time | None, end: time | None, at: time) -> bool:
    """Whether `at` is in the hours from `start` until before `end`, over midnight if `end` is not later.

    Equal ones, or none, are the whole day.
    """
    if start is None or end is None or start == end:
        return True
    return start <= at < end if start < end else at >= start or at < end
