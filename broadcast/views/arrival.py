"""What a status page tells of one broadcast: numbers, what went wrong, a table, a map."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from people.models import User

from ..city_map import Drawing, Mark, drawing
from ..models import Broadcast, Delivery
from ..progress import LOST, Progress
from ..states import ON_AIR, REASONS, RESENDABLE, State
from . import shapes

#: A table of more villages than this is told by district; every single one stands on the receipts page.
VILLAGES_IN_A_TABLE = 60
#: So many places are named under a trouble.
NAMED = 10


@dataclass(frozen=True)
class Trouble:
    """Why, with what to do about it; and where: the first few by name, and how many more."""

    words: str
    places: Sequence[str]
    more: int


@dataclass(frozen=True)
class Arrival:
    """`doubts`: where nobody knows whether it played. `twice`: so many of those would play it a second time.
    `unstoppable`: so many sound, or are about to, and cannot be stopped."""

    progress: Progress
    troubles: Sequence[Trouble]
    doubts: Sequence[Trouble]
    twice: int
    unstoppable: int
    villages: Sequence[Delivery]
    districts: Sequence[tuple[str, Progress]]
    map: Drawing | None


def arrival_of(broadcast: Broadcast, user: User, with_map: bool) -> Arrival:
    """What `user` may know of it. One query, and one more for the map."""
    rows = list(
        Delivery.objects.for_user(user)
        .filter(broadcast=broadcast)
        .select_related("gateway__village__district")
        .defer("gateway__village__district__boundary", "gateway__status")
        .order_by("gateway__village__district_id", "gateway__village__name", "gateway__code")
    )
    for row in rows:
        row.words = REASONS.get(row.reason, "") if row.state in RESENDABLE else ""  # type: ignore[attr-defined]
    unknown = [row for row in rows if row.state == State.UNKNOWN]
    in_detail = len(rows) <= VILLAGES_IN_A_TABLE
    return Arrival(
        progress=_progress(rows),
        troubles=_troubles(row for row in rows if row.state in LOST),
        doubts=_troubles(unknown),
        twice=sum(not row.gateway.remembers_ids for row in unknown),
        unstoppable=sum(row.state in ON_AIR and not row.gateway.can_stop for row in rows),
        villages=rows if in_detail else [],
        districts=[] if in_detail else _by_district(rows),
        map=_map(rows) if with_map and rows else None,
    )


def _progress(rows: Sequence[Delivery]) -> Progress:
    return Progress(Counter(row.state for row in rows))


def _troubles(rows: Iterable[Delivery]) -> list[Trouble]:
    found = []
    for reason, group in groupby(sorted(rows, key=lambda r: r.reason), key=lambda r: r.reason):
        places = [str(row.gateway.village) for row in group]
        words = REASONS.get(reason, "까닭을 알 수 없습니다. 장비 담당자에게 알려 주세요.")
        found.append(Trouble(words, places[:NAMED], max(0, len(places) - NAMED)))
    return found


def _by_district(rows: Sequence[Delivery]) -> list[tuple[str, Progress]]:
    return [
        (name, _progress(list(group)))
        for name, group in groupby(rows, key=lambda r: r.gateway.village.district.name)
    ]


def _map(rows: Sequence[Delivery]) -> Drawing:
    codes = {row.gateway.village.district_id for row in rows}
    only = codes.pop() if len(codes) == 1 else None
    marks = []
    for row in rows:
        village = row.gateway.village
        marks.append(Mark(village.lat, village.lon, village.name if only else str(village), row.state))
    return drawing(shapes(), marks, only)
