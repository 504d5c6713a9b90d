"""Broadcasts as lines of a list: what, by whom, how far. Three queries, however many."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from people.models import User

from ..models import Broadcast, Delivery
from ..progress import Progress
from ..senders import senders


@dataclass(frozen=True)
class Line:
    broadcast: Broadcast
    sender: str
    progress: Progress


def lines(user: User, broadcasts: Iterable[Broadcast]) -> list[Line]:
    """In the order given; the counts are of the deliveries that `user` may see."""
    rows = list(broadcasts)
    counts: dict[object, dict[str, int]] = defaultdict(dict)
    seen = Delivery.objects.for_user(user).filter(broadcast__in=[row.pk for row in rows])
    for broadcast, state, n in seen.values_list("broadcast", "state").annotate(n=Count("pk")).order_by():
        counts[broadcast][state] = n
    who = senders({row.author_id for row in rows})
    return [Line(row, who[row.author_id], Progress(counts[row.pk])) for row in rows]
