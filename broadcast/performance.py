"""How well broadcasts arrive, for everybody to read: rows of the view broadcast_performance, added up.

The figures have one definition, in the view (see its comment in the database); nothing is counted here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

SUMS = """count(*) AS villages, coalesce(sum(p.broadcasts), 0), coalesce(sum(p.deliveries), 0),
    coalesce(sum(p.in_time), 0), coalesce(sum(p.delivered), 0), coalesce(sum(p.unknown), 0), coalesce(sum(p.lost), 0)"""
# No word of these comes from outside.
MONTHS = f"""SELECT p.month::text, p.month::text, {SUMS} FROM broadcast_performance p
    WHERE p.month >= %s GROUP BY p.month ORDER BY p.month DESC"""  # noqa: S608
BY_DISTRICT = f"""SELECT d.code, d.name, {SUMS} FROM broadcast_performance p
    JOIN broadcast_village v ON v.id = p.village_id JOIN people_district d ON d.code = v.district_id
    WHERE p.month = %s GROUP BY d.code, d.name ORDER BY d.code"""  # noqa: S608
BY_VILLAGE = f"""SELECT d.name, v.name, {SUMS} FROM broadcast_performance p
    JOIN broadcast_village v ON v.id = p.village_id JOIN people_district d ON d.code = v.district_id
    WHERE p.month = %s AND (%s = '' OR d.code = %s)
    GROUP BY d.code, d.name, v.name ORDER BY d.code, v.name"""  # noqa: S608


@dataclass(frozen=True)
class Figures:
    """`key` and `name` say of what: a month, a district or a village. `broadcasts` counts one that went to three
    villages three times."""

    key: str
    name: str
    villages: int
    broadcasts: int
    deliveries: int
    in_time: int
    delivered: int
    unknown: int
    lost: int

    @property
    def going(self) -> int:
        return self.deliveries - self.delivered - self.unknown - self.lost

    def share(self, count: int) -> str:
        """ "99.5 %", never rounded up to 100 and never down to 0: one that failed is seen."""
        if not self.deliveries:
            return "–"
        tenths = round(1000 * count / self.deliveries)
        if count < self.deliveries:
            tenths = min(tenths, 999)
        if count:
            tenths = max(tenths, 1)
        return f"{tenths / 10:.1f}%"

    @property
    def in_time_share(self) -> str:
        return self.share(self.in_time)

    @property
    def delivered_share(self) -> str:
        return self.share(self.delivered)


def months(since: date) -> list[Figures]:
    """Of the whole city, a row a month from that of `since` on, newest first. One query."""
    return _figures(MONTHS, [since.replace(day=1)])


def districts(month: date) -> list[Figures]:
    return _figures(BY_DISTRICT, [month])


def villages(month: date, district: str = "") -> list[Figures]:
    """Of one district (its code) or, with "", of all; `key` is the district's name. One query."""
    return _figures(BY_VILLAGE, [month, district, district])


def _figures(query: str, arguments: Iterable[Any]) -> list[Figures]:
    with connection.cursor() as cursor:
        cursor.execute(query, list(arguments))
        return [Figures(*row[:2], *map(int, row[2:])) for row in cursor.fetchall()]
