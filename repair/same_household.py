"""Whoever hears that an address has a live case has learned something about a neighbour: it leaves a trace, and is told
only so often to one phone."""

from django.http import HttpRequest

from privacy import tries
from privacy.access import Action, Result, record

from .models import Case

#: Refusals to one phone within a day.
MOST, WITHIN = 5, 24 * 3600
WHAT = "same-household"


class TooMany(ValueError):
    """Its text says in Korean what to do instead."""


def refuse_if_too_many(phone_index: str) -> None:
    """TooMany once the day's refusals are used up, whatever is asked then."""
    if tries.counted(WHAT, phone_index, WITHIN) >= MOST:
        raise TooMany("오늘은 여기에서 더 하실 수 없습니다. 아래 번호로 전화하시면 도와드립니다.")


def note(request: HttpRequest, phone_index: str, live: Case | None) -> None:
    """Counts one, and writes down whose case it was about."""
    tries.count(WHAT, phone_index, WITHIN)
    about = [live] if live else []
    words = "무상수리: 같은 가구의 신청이 있다고 알림"
    record(request, Action.VIEW, about, words, result=Result.REFUSED)
