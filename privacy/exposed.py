"""Who may have been exposed: of millions of access records those of an account, an address or a time, by person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, cast

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast

from .fields import EncryptedTextField
from .holdings import Holding, holdings
from .models import Breach

_SQL = """
SELECT subject, bool_or(copied)
FROM (
    SELECT action IN ('download', 'print') AS copied, unnest(subjects) AS subject
    FROM privacy_accessrecord WHERE {where} AND result = 'done'
) AS shown
GROUP BY subject ORDER BY bool_or(copied) DESC, subject
"""
_LOOKS = """
SELECT subject, count(*), min(at), max(at)
FROM (
    SELECT at, unnest(subjects) AS subject
    FROM privacy_accessrecord WHERE {where} AND result = 'done' AND subjects && %s::varchar[]
) AS shown
WHERE subject = ANY(%s) GROUP BY subject
"""
#: Of a whole city's people: with the usual 4 MB it would be counted on disk.
_ROOM = "SET LOCAL work_mem = '128MB'"


class Exposed(NamedTuple):
    """One row that was shown. `copied`: a file or a print was made. `holding` None: kept nowhere any more."""

    subject: str
    copied: bool
    holding: Holding | None


@dataclass(frozen=True)
class Looks:
    """How often one of them was shown, and when first and last."""

    count: int
    first: datetime
    last: datetime


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
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_ROOM)
        cursor.execute(_SQL.format(where=where), params)
        return [
            Exposed(subject, copied, by_model.get(subject.partition(":")[0])) for subject, copied in cursor
        ]


def looks(breach: Breach, some: Iterable[Exposed]) -> dict[str, Looks]:
    """Of a page of them. One query."""
    where, params = _where(breach)
    wanted = [one.subject for one in some]
    with connection.cursor() as cursor:
        cursor.execute(_LOOKS.format(where=where), [*params, wanted, wanted])
        return {subject: Looks(*told) for subject, *told in cursor.fetchall()}


def plan(breach: Breach, *, analyse: bool = False) -> list[str]:
    """How the database finds them."""
    where, params = _where(breach)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_ROOM)
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
    """Adds the phones of these rows; returns of how many rows one is known. Reads and opens nothing else of them."""
    model = apps.get_model(holding.model)
    columns = [_column(model, path) for path in holding.phones]
    if not columns:
        return 0
    # As one array: a parameter for each of a hundred thousand keys takes longer than finding them.
    kind = model._meta.pk.rel_db_type(connection)
    wanted = RawSQL(f"SELECT unnest(%s::{kind}[])", [keys])  # noqa: S611 - a type of PostgreSQL's, and a parameter
    rows = model._base_manager.filter(pk__in=wanted)
    # The rows as the driver gives them: for a whole city Django's own way takes longer than opening them.
    sql, params = rows.values_list(
        *(each for owner, path, _ in columns for each in (Cast(owner, models.TextField()), path))
    ).query.sql_with_params()
    known = 0
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        for row in cursor:  # one after another: a hundred thousand at once keep the garbage collector busy
            pairs = zip(row[::2], row[1::2], columns, strict=True)
            reached = [
                field.open_read(bytes(data), owner)
                for owner, data, (_, _, field) in pairs
                if data is not None
            ]
            reached = [phone for phone in reached if phone.startswith("+")]  # texts also go to mail addresses
            known += bool(reached)
            for phone in reached:
                phones.setdefault(phone, set()).add(holding.label)
    return known


def _column(model: type[models.Model], path: str) -> tuple[str, str, EncryptedTextField]:
    """(path to the key of the row that has it, `path`, the sealed column)."""
    *ways, name = path.split("__")
    for way in ways:
        model = model._meta.get_field(way).related_model  # type: ignore[assignment]
    return "__".join([*ways, "pk"]), path, cast(EncryptedTextField, model._meta.get_field(name))
