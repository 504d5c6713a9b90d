"""How long what says who it was is kept. Pure. A promise changes by another one with its day: what ended while an older
one held is kept as that one said (개인정보 보호법 제21조: destroyed without delay once it is over)."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Promise:
    """For what ends from `from_on` on. `years`: whole ones after that in which it ended, as public records are counted
    (공공기록물 관리에 관한 법률 시행령 제26조). `needs_days`: after the class, what was told of health."""

    from_on: date
    years: int
    needs_days: int


#: The oldest first. What is said on the pages: consent_texts.py, personal_data.py.
PROMISES = (Promise(date(2026, 1, 1), years=3, needs_days=30),)


def spans(promises: tuple[Promise, ...] = PROMISES) -> list[tuple[date, date, Promise]]:
    """(from, before, promise): the first holds for everything earlier too, the last for everything later."""
    starts = [date.min, *(one.from_on for one in promises[1:]), date.max]
    return list(zip(starts, starts[1:], promises, strict=False))


def forgotten_before(promise: Promise, today: date) -> date:
    """What ended before this day is forgotten."""
    return date(today.year - promise.years, 1, 1)


def needs_forgotten_before(promise: Promise, today: date) -> date:
    return today - timedelta(days=promise.needs_days)


def windows(
    today: date, promises: tuple[Promise, ...] = PROMISES, *, needs: bool = False
) -> list[tuple[date, date]]:
    """(from, before): what ended in one of these is over its time."""
    until = needs_forgotten_before if needs else forgotten_before
    found = [(first, min(before, until(promise, today))) for first, before, promise in spans(promises)]
    return [(first, before) for first, before in found if first < before]
