"""What a broadcast is about. Category and severity decide how urgent it is: nobody ticks a box."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import models


class Lane(models.TextChoices):
    """Each lane has its queue and its worker, so that no backlog of one delays the other."""

    URGENT = "urgent", "긴급"
    ROUTINE = "routine", "일반"


class Severity(models.TextChoices):
    """CAP 1.2, `severity`. Empty where no alert said one."""

    EXTREME = "Extreme", "매우 심각"
    SEVERE = "Severe", "심각"
    MODERATE = "Moderate", "보통"
    MINOR = "Minor", "가벼움"
    UNKNOWN = "Unknown", "알 수 없음"


#: An alert of these severities is urgent, whatever it is about.
GRAVE = frozenset({Severity.EXTREME, Severity.SEVERE})


@dataclass(frozen=True)
class Category:
    """`lasts`: how long after publishing a gateway may still start it; a wildfire warning is news for an hour.

    `disaster`: may be sent at once by breaking the glass (approval.py). `sensitive`: names somebody; never on the
    residents' pages. `by_hand`: whether a person may choose it.
    """

    key: str
    label: str
    lane: Lane
    lasts: timedelta
    disaster: bool = False
    sensitive: bool = False
    by_hand: bool = True


CATEGORIES = {
    c.key: c
    for c in (
        Category("life", "생활정보", Lane.ROUTINE, timedelta(hours=2)),
        Category("event", "행사·모임", Lane.ROUTINE, timedelta(hours=2)),
        Category("farming", "농사·영농", Lane.ROUTINE, timedelta(hours=2)),
        Category("crime", "범죄예방", Lane.ROUTINE, timedelta(hours=6)),
        Category("phishing", "보이스피싱", Lane.ROUTINE, timedelta(hours=6)),
        Category("theft", "절도", Lane.ROUTINE, timedelta(hours=6)),
        Category("traffic", "교통사고", Lane.ROUTINE, timedelta(hours=2)),
        Category("heat", "폭염", Lane.ROUTINE, timedelta(hours=2)),
        Category("missing", "실종", Lane.URGENT, timedelta(hours=6), sensitive=True),
        Category("rain", "호우·홍수", Lane.URGENT, timedelta(hours=1), disaster=True),
        Category("wildfire", "산불", Lane.URGENT, timedelta(hours=1), disaster=True),
        Category("crisis", "국가위기", Lane.URGENT, timedelta(hours=1), disaster=True),
        # A second of silence that shows whether every speaker can be reached (link_test.py).
        Category("test", "연결 점검", Lane.ROUTINE, timedelta(minutes=10), by_hand=False),
    )
}
SENSITIVE = frozenset(c.key for c in CATEGORIES.values() if c.sensitive)
CATEGORY_CHOICES = [(c.key, c.label) for c in CATEGORIES.values()]


def lane_of(category: str, severity: str = "") -> Lane:
    """How a broadcast travels. Raises KeyError for a category that there is not."""
    return Lane.URGENT if severity in GRAVE else CATEGORIES[category].lane
