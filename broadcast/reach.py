"""Whom a broadcast reaches: villages, speakers, homes. Shown before it is sent, because it cannot be taken back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, Q, QuerySet

from people.models import District

from .models import Village


@dataclass(frozen=True)
class Reach:
    """`homes` counts the villages of which it is known; `unknown`: how many are not."""

    villages: int
    speakers: int
    homes: int
    unknown: int


@dataclass(frozen=True)
class DistrictOfVillages:
    district: District
    villages: Sequence[Village]
    reach: Reach


def with_speakers(villages: "QuerySet[Village]") -> list[Village]:
    """The villages with `speakers` (active gateways), by district and name. One query."""
    rows = villages.select_related("district").defer("district__boundary")
    counted = rows.annotate(speakers=Count("gateways", filter=Q(gateways__is_active=True)))
    return list(counted.order_by("district_id", "name"))


def reach_of(villages: Iterable[Village]) -> Reach:
    """`villages` as with_speakers() gives them."""
    rows = list(villages)
    return Reach(
        villages=len(rows),
        speakers=sum(row.speakers for row in rows),  # type: ignore[attr-defined]
        homes=sum(row.homes or 0 for row in rows),
        unknown=sum(row.homes is None for row in rows),
    )


def by_district(villages: Iterable[Village]) -> list[DistrictOfVillages]:
    """`villages` as with_speakers() gives them, in its order."""
    groups = []
    for _, group in groupby(villages, key=lambda village: village.district_id):
        rows = list(group)
        groups.append(DistrictOfVillages(rows[0].district, rows, reach_of(rows)))
    return groups
