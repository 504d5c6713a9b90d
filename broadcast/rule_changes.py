"""The city changes its rules. Each change is on record: who, what it was about, and how the rule reads now."""

from typing import TypeVar

from django.db import transaction
from django.http import HttpRequest

from people.models import User
from privacy.access import Action, record

from .default_rules import POLICE_STOP, SENDING_RULES
from .models import Sender, SendingRule, SoundRule

Rule = TypeVar("Rule", SendingRule, SoundRule)
#: Between two rules, so that a new one has room.
STEP = 10


@transaction.atomic
def save(rule: Rule, by: User, request: HttpRequest | None = None) -> Rule:
    """A new or changed rule. A new sending rule comes last."""
    new = rule.pk is None
    if isinstance(rule, SendingRule) and new:
        last = SendingRule.objects.order_by("order").last()
        rule.order = (last.order if last else 0) + STEP
    rule.changed_by = by
    rule.save()
    _noted(rule, "더함" if new else "고침", by, request)
    return rule


@transaction.atomic
def move(rule_id: int, by: User, *, up: bool, request: HttpRequest | None = None) -> None:
    """One place earlier or later; at the end nothing changes. The one that stops the police stays first.

    Raises SendingRule.DoesNotExist.
    """
    rules = list(SendingRule.objects.exclude(name=POLICE_STOP).select_for_update(of=("self",)))
    here = next((n for n, rule in enumerate(rules) if rule.pk == rule_id), None)
    if here is None:
        raise SendingRule.DoesNotExist
    there = here - 1 if up else here + 1
    if not 0 <= there < len(rules):
        return
    rules[here], rules[there] = rules[there], rules[here]
    for n, rule in enumerate(rules, 1):
        rule.order = n * STEP
    rules[there].changed_by = by
    SendingRule.objects.bulk_update(rules, ["order", "changed_by"])
    _noted(rules[there], f"{there + 1}번째로 옮김", by, request)


@transaction.atomic
def stop_police(by: User, *, stop: bool, request: HttpRequest | None = None) -> None:
    """The one button: the police send nothing (nor is what waits let go), or may again. Twice changes nothing."""
    first = next(row for row in SENDING_RULES if row["name"] == POLICE_STOP)
    rule, _ = SendingRule.objects.select_for_update(of=("self",)).get_or_create(
        name=POLICE_STOP, defaults=first
    )
    if rule.is_active != stop:
        rule.is_active, rule.changed_by = stop, by
        rule.save(update_fields=["is_active", "changed_by", "changed_at"])
        _noted(rule, "켬" if stop else "끔", by, request)


def police_are_stopped() -> bool:
    return SendingRule.objects.stopping(Sender.POLICE).exists()


def _noted(rule: SendingRule | SoundRule, deed: str, by: User, request: HttpRequest | None) -> None:
    if isinstance(rule, SendingRule):
        reads = f"{rule.get_outcome_display()}, {'사용' if rule.is_active else '쓰지 않음'}"
    else:
        quiet = "조용히" if rule.is_quiet else f"소리 {rule.volume}%"
        reads = f"{rule.hour_from:%H:%M}~{rule.hour_until:%H:%M} {quiet}"
    detail = f"{rule._meta.verbose_name} {deed}: {rule.name} ({reads})"
    record(request, Action.CHANGE, [rule], detail, who=by.get_username())
