"""참여 조건: whether somebody may take part in a session. Pure; gives each reason in words.

Source: the dated rules of the course (CourseRule), made by the coordinator from the year's plan.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .topics import Level


@dataclass(frozen=True)
class Terms:
    """One dated condition. None: not asked. `reason` is read by whoever does not fit."""

    from_on: date
    until_on: date | None
    age_from: int | None
    age_until: int | None
    needs_level: int | None
    reason: str

    def holds(self, on: date) -> bool:
        return self.from_on <= on and (self.until_on is None or on <= self.until_on)


def age(birth_year: int, on: date) -> int:
    """연 나이: the year's difference, so that nobody has to tell a birthday. Whoever turns 65 this year is 65."""
    return on.year - birth_year


def refusals(
    terms: Iterable[Terms], on: date, *, birth_year: int | None, attended: Iterable[int]
) -> tuple[str, ...]:
    """Every reason why not, in Korean; none: they may. `on`: the day of the session.

    `attended`: levels of this topic that they have attended. An age that is not told fits no age condition.
    """
    reached = max(attended, default=0)
    return tuple(
        reason for each in terms if each.holds(on) and (reason := _refusal(each, on, birth_year, reached))
    )


def _refusal(terms: Terms, on: date, birth_year: int | None, reached: int) -> str:
    if terms.age_from is not None or terms.age_until is not None:
        if birth_year is None:
            return f"태어난 해를 적어 주세요. {ages(terms)} 참여하실 수 있습니다. {terms.reason}"
        years = age(birth_year, on)
        if years < (terms.age_from or 0) or (terms.age_until is not None and years > terms.age_until):
            return f"{ages(terms)} 참여하실 수 있습니다. {terms.reason}"
    if terms.needs_level is not None and reached < terms.needs_level:
        return f"같은 주제의 ‘{Level(terms.needs_level).label}’ 수업에 먼저 나오셔야 합니다. {terms.reason}"
    return ""


def ages(terms: Terms) -> str:
    """65세부터 80세까지"""
    parts = []
    if terms.age_from is not None:
        parts.append(f"{terms.age_from}세부터")
    if terms.age_until is not None:
        parts.append(f"{terms.age_until}세까지")
    return " ".join(parts)
