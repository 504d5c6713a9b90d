"""Whoever hears that an address has a live case has learned something about a neighbour: it leaves a trace, and is told
only so often to one phone."""

import time

from django.core.cache import cache
from django.http import HttpRequest

from privacy.access import Action, Result, record

from .models import Case

#: Refusals to one phone within a day.
MOST, WITHIN = 5, 24 * 3600


class TooMany(ValueError):
    """Its text says in Korean what to do instead."""


def _counter(phone_index: str) -> str:
    return f"repair-same-household:{int(time.time()) // WITHIN}:{phone_index[:40]}"


def refuse_if_too_many(phone_index: str) -> None:
    """TooMany once the day's refusals are used up, whatever is asked then."""
    if cache.get(_counter(phone_index), 0) >= MOST:
        raise TooMany("오늘은 여기에서 더 하실 수 없습니다. 아래 번호로 전화하시면 도와드립니다.")


def note(request: HttpRequest, phone_index: str, live: Case | None) -> None:
    """Counts one, and writes down whose case it was about."""
    counter = _counter(phone_index)
    cache.add(counter, 0, WITHIN)
    cache.incr(counter)
    cache.touch(counter, WITHIN)
    about = [live] if live else []
    words = "무상수리: 같은 가구의 신청이 있다고 알림"
    record(request, Action.VIEW, about, words, result=Result.REFUSED)
