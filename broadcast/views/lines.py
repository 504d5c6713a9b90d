"""Broadcasts as lines of a list: what, by whom, how far. Three queries, however many."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet

from people.models import User

from ..models import Broadcast, Delivery
from ..progress import Progress
from ..senders import in_words, senders


@dataclass(frozen=True)
class Line:
    """`was_corrected`: a later one says so."""

    broadcast: Broadcast
    sender: str
    progress: Progress
    was_corrected: bool


def lines(user: User, broadcasts: "QuerySet[Broadcast]") -> list[Line]:
    """In the order given; the counts are of the deliveries that `user` may see."""
    correction = Broadcast.objects.filter(corrects=OuterRef("pk"), published_at__isnull=False)
    rows = list(broadcasts.select_related("on_behalf_of__village").annotate(was_corrected=Exists(correction)))
    counts: dict[object, dict[str, int]] = defaultdict(dict)
    seen = Delivery.objects.for_user(user).filter(broadcast__in=[row.pk for row in rows])
    for broadcast, state, n in seen.values_list("broadcast", "state").annotate(n=Count("pk")).order_by():
        counts[broadcast][state] = n
    who = senders({row.author_id for row in rows})
    return [Line(row, in_words(row, who), Progress(counts[row.pk]), row.was_corrected) for row in rows]
