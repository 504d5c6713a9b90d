"""Who may have been exposed: of millions of access records those of an account, an address or a time, by person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection

from .holdings import Holding, holdings
from .models import Breach

_SQL = """
SELECT subject, count(*), min(at), max(at), bool_or(action IN ('download', 'print'))
FROM privacy_accessrecord CROSS JOIN LATERAL unnest(subjects) AS subject
WHERE {where} AND result = 'done' GROUP BY subject ORDER BY 5 DESC, subject
"""


@dataclass(frozen=True)
class Exposed:
    """One row that was shown. `copied`: a file or a print was made. `holding` None: kept nowhere any more."""

    subject: str
    looks: int
    first: datetime
    last: datetime
    copied: bool
    holding: Holding | None


def _where(breach: Breach) -> tuple[str, list[Any]]:
    where = "at >= %s AND at <= %s"
    params: list[Any] = [breach.since, breach.until]
    if breach.account:
        where, params = f"identifier = %s AND {where}", [breach.account, *params]
    if breach.address:
        where, params = f"address = %s AND {where}", [breach.address, *params]
    return where, params


def exposed(breach: Breach) -> list[Exposed]:
    """Every row of somebody that was shown or changed then, copied ones first. One query."""
    where, params = _where(breach)
    by_model = {apps.get_model(one.model)._meta.label_lower: one for one in holdings() if not one.part}
    with connection.cursor() as cursor:
        cursor.execute(_SQL.format(where=where), params)
        return [
            Exposed(subject, looks, first, last, copied, by_model.get(subject.partition(":")[0]))
            for subject, looks, first, last, copied in cursor.fetchall()
        ]


def plan(breach: Breach, *, analyse: bool = False) -> list[str]:
    """How the database finds them."""
    where, params = _where(breach)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {'ANALYZE ' if analyse else ''}{_SQL.format(where=where)}", params)
        return [line for (line,) in cursor.fetchall()]


@dataclass(frozen=True)
class Summary:
    """`rows`: by what they are: (holding, how many, of which copied). `phones`: phone → what of theirs (labels).
    `nobody`: rows of which no phone is known. `sensitive`: 민감정보 among them. `unknown`: kept nowhere any more."""

    rows: list[tuple[Holding, int, int]]
    phones: dict[str, set[str]]
    nobody: int
    sensitive: bool
    unknown: int

    @property
    def people(self) -> int:
        """Phones, and rows of somebody without one: rather one too many than one too few (시행령 제40조 제1항)."""
        return len(self.phones) + self.nobody

    @property
    def fields(self) -> str:
        """The items of the notices (제34조 제1항 제1호)."""
        return ", ".join(f"{holding.label}({holding.items})" for holding, _, _ in self.rows)


def summary(found: Sequence[Exposed]) -> Summary:
    """Who it is, and what of theirs. A query a kind of row."""
    by_kind: dict[str, tuple[Holding, list[Exposed]]] = {}
    for one in found:
        if one.holding:
            by_kind.setdefault(one.holding.model, (one.holding, []))[1].append(one)
    rows, phones, nobody = [], dict[str, set[str]](), 0
    for holding, some in by_kind.values():
        rows.append((holding, len(some), sum(one.copied for one in some)))
        nobody += len(some) - _reach(holding, [one.subject.partition(":")[2] for one in some], phones)
    return Summary(
        sorted(rows, key=lambda each: -each[1]),
        phones,
        nobody,
        any(holding.is_sensitive for holding, _, _ in rows),
        sum(one.holding is None for one in found),
    )


def _reach(holding: Holding, keys: list[str], phones: dict[str, set[str]]) -> int:
    """Adds the phones of these rows; returns of how many rows one is known."""
    known = 0
    rows = apps.get_model(holding.model)._base_manager.filter(pk__in=keys)
    for row in rows.select_related(*holding.near) if holding.near else rows:
        reached = [phone for phone in holding.phones(row) if phone]
        known += bool(reached)
        for phone in reached:
            phones.setdefault(phone, set()).add(holding.label)
    return known
