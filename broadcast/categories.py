"""What a broadcast is about. The category decides how urgent it is: nobody ticks a box."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import models


class Lane(models.TextChoices):
    """Each lane has its queue and its worker, so that no backlog of one delays the other."""

    URGENT = "urgent", "긴급"
    ROUTINE = "routine", "일반"


@dataclass(frozen=True)
class Category:
    """`lasts`: how long after publishing a gateway may still start it; a wildfire warning is news for an hour."""

    key: str
    label: str
    lane: Lane
    lasts: timedelta


CATEGORIES = {
    c.key: c
    for c in (
        Category("life", "생활정보", Lane.ROUTINE, timedelta(hours=2)),
        Category("event", "행사·모임", Lane.ROUTINE, timedelta(hours=2)),
        Category("farming", "농사·영농", Lane.ROUTINE, timedelta(hours=2)),
        Category("crime", "범죄예방", Lane.ROUTINE, timedelta(hours=6)),
        Category("heat", "폭염", Lane.ROUTINE, timedelta(hours=2)),
        Category("missing", "실종", Lane.URGENT, timedelta(hours=6)),
        Category("rain", "호우·홍수", Lane.URGENT, timedelta(hours=1)),
        Category("wildfire", "산불", Lane.URGENT, timedelta(hours=1)),
        Category("crisis", "국가위기", Lane.URGENT, timedelta(hours=1)),
    )
}
CATEGORY_CHOICES = [(c.key, c.label) for c in CATEGORIES.values()]
