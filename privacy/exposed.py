"""Who may have been exposed: of millions of access records those of an account, an address or a time, by person."""

from collections.abc import Iterable, Sequence
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
    """`rows`: by what they are: (holding, how many, of which copied). `sensitive`: 민감정보 among them."""

    rows: list[tuple[Holding, int, int]]
    people: int
    sensitive: bool
    unknown: int

    @property
    def fields(self) -> str:
        """The items of the notices (제34조 제1항 제1호)."""
        return ", ".join(f"{holding.label}({holding.items})" for holding, _, _ in self.rows)


def summary(found: Sequence[Exposed]) -> Summary:
    """`people`: those whom one row stands for each; a person with several rows counts once a kind at most, so this is
    the number of the largest kinds of persons, not the sum of all rows."""
    counted: dict[str, tuple[Holding, int, int]] = {}
    for one in found:
        if one.holding:
            _, many, copied = counted.get(one.holding.model, (one.holding, 0, 0))
            counted[one.holding.model] = (one.holding, many + 1, copied + one.copied)
    rows = sorted(counted.values(), key=lambda each: -each[1])
    persons = [n for holding, n, _ in rows if holding.model in PERSONS]
    return Summary(
        rows,
        sum(persons) or (rows[0][1] if rows else 0),
        any(holding.is_sensitive for holding, _, _ in rows),
        sum(one.holding is None for one in found),
    )


#: Models of which one row is one person.
PERSONS = ("people.Resident", "people.User", "learning.Learner")


def contacts(found: Iterable[Exposed]) -> tuple[dict[str, set[str]], int]:
    """Phone → what of theirs was shown (labels); and how many rows nobody can be told of. A query a kind."""
    by_kind: dict[str, list[str]] = {}
    held = {one.model: one for one in holdings() if not one.part}
    for one in found:
        if one.holding:
            by_kind.setdefault(one.holding.model, []).append(one.subject.partition(":")[2])
    phones: dict[str, set[str]] = {}
    nobody = 0
    for model, keys in by_kind.items():
        holding, known = held[model], 0
        rows = apps.get_model(model)._base_manager.filter(pk__in=keys)
        for row in rows.select_related(*holding.near) if holding.near else rows:
            phone = holding.contact(row)
            if phone:
                known += 1
                phones.setdefault(phone, set()).add(holding.label)
        nobody += len(keys) - known
    return phones, nobody
