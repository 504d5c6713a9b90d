"""Before the form: whether applications are taken today, and what the rule says of whoever asks (eligibility.py).

It advises. Nothing that is asked here is kept, and nobody is turned away by it.
"""

from dataclasses import dataclass
from datetime import date

from . import advice, eligibility
from .filing import NotOpen, programme_of
from .models import Programme, Rule

#: Said while the money is spent and the year lets people wait.
WAITS = "올해 예산을 모두 썼습니다. 신청해 두시면 예산이 남는 대로 접수한 순서에 따라 도와드립니다."


@dataclass(frozen=True)
class Standing:
    """How it stands on a day. `rule`: the one in force, or of the nearest year; None if the city has set up none.
    `words`: why no applications are taken, or that one has to wait; "" if nothing need be said."""

    programme: Programme | None
    rule: Rule | None
    is_open: bool
    words: str


def standing(on: date) -> Standing:
    try:
        programme, rule = programme_of(on)
    except NotOpen as error:
        nearest = _nearest(on)
        return Standing(nearest, _rule(nearest, on), False, str(error))
    return Standing(programme, rule, True, WAITS if programme.left_won < rule.cap_won else "")


def _nearest(on: date) -> Programme | None:
    """That runs, or the next that opens, or the last there was."""
    years = Programme.objects.all()
    return (
        years.filter(closes_on__gte=on).order_by("opens_on").first() or years.order_by("-closes_on").first()
    )


def _rule(programme: Programme | None, on: date) -> Rule | None:
    if programme is None:
        return None
    return Rule.objects.in_force(programme, max(on, programme.opens_on)).first()


def judged(asked: eligibility.Asked, now: Standing, on: date) -> eligibility.Answer | None:
    """What the rule says; None while the city has no rule."""
    if now.programme is None or now.rule is None:
        return None
    return eligibility.judge(asked, advice.terms(now.programme, now.rule), on)
