"""Rows of several tables in one question to the database.

What a page says of one case stands in a dozen small tables. Asked one by one, most of the time goes into asking: each
question is put together, sent, planned and waited for; joined into one, the planning alone takes longer than the page.
Here each table is one column of a single row, as JSON, and comes back as the models that it is made of. Sealed fields
stay sealed until somebody reads them.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Field, Model

#: Kind of a column → its value from JSON. Others are as they are.
_FROM_JSON: dict[str, Callable[[Any], Any]] = {
    "UUIDField": uuid.UUID,
    "DateTimeField": datetime.fromisoformat,
    "DateField": date.fromisoformat,
    "BinaryField": lambda text: bytes.fromhex(text[2:]),
}
_WHOLE = [f"{size}IntegerField" for size in ("", "Small", "Big", "Positive", "PositiveSmall", "PositiveBig")]
_AS_THEY_ARE = {"CharField", "TextField", "BooleanField", "ArrayField", "AutoField", "BigAutoField", *_WHOLE}
#: Name of a relation → the fields that are read of it, beside the key; of the others all.
Only = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Rows:
    """Of `model`, those for which `where` holds (SQL over its columns, with `params`), in the model's order.

    `only`: names of the fields that are read, beside the key; () reads all. `most`: so many, from the first.
    """

    model: type[Model]
    where: str
    params: Sequence[Any]
    only: tuple[str, ...] = ()
    most: int | None = None


def of_keys(model: type[Model], keys: Iterable[Any], *only: str) -> Rows:
    """Those with these primary keys."""
    return Rows(model, f'"{model._meta.pk.column}" = ANY(%s)', [list(keys)], only)


def of_parents(model: type[Model], parent: str, keys: Iterable[Any], *only: str) -> Rows:
    """Those whose foreign key `parent` is one of these."""
    return _of_parents(model, parent, "ANY(%s)", list(keys), only)


def of_targets(model: type[Model], name: str, keys: Iterable[Any], *only: str) -> Rows:
    """Those at which the foreign key `name` points, of the rows of `model` with these primary keys."""
    return _of_targets(model, name, "ANY(%s)", list(keys), only)


def _of_parents(model: type[Model], parent: str, equal_to: str, given: Any, only: tuple[str, ...]) -> Rows:
    column: Any = model._meta.get_field(parent)
    return Rows(model, f'"{column.column}" = {equal_to}', [given], only)


def _of_targets(model: type[Model], name: str, equal_to: str, given: Any, only: tuple[str, ...]) -> Rows:
    column: Any = model._meta.get_field(name)
    table, key = model._meta.db_table, model._meta.pk.column
    theirs = f'SELECT "{column.column}" FROM "{table}" WHERE "{key}" = {equal_to}'  # noqa: S608 - names of models
    return Rows(column.related_model, f'"{column.target_field.column}" IN ({theirs})', [given], only)


def read(*asked: Rows) -> list[list[Any]]:
    """The rows of each, as models. One query."""
    columns = ", ".join(_sql(rows) for rows in asked)
    [found] = planned(f"SELECT {columns}", [value for rows in asked for value in rows.params])
    return [_models(rows, told or ()) for rows, told in zip(asked, found, strict=True)]


def planned(sql: str, params: Sequence[Any]) -> list[tuple]:
    """The rows of `sql` (a parameter is %s), which the database plans once a connection: such questions take longer to
    plan than to answer. `sql` is a text of the program, one of few: nothing that somebody typed is in it."""
    with connection.cursor() as cursor:
        name = _name_of(sql)
        given = f"({', '.join(['%s'] * len(params))})" if params else ""
        cursor.execute(f"EXECUTE {name} {given}", params)
        return cursor.fetchall()


def add(row: Model) -> None:
    """As row.save() of a new row whose key the database makes, without signals."""
    sql, fields = _insertion(type(row))
    given = [one.get_db_prep_save(one.pre_save(row, add=True), connection) for one in fields]
    [[row.pk]] = planned(sql, given)
    row._state.adding, row._state.db = False, connection.alias


@cache
def _insertion(model: type[Model]) -> tuple[str, list[Any]]:
    meta = model._meta
    fields = [one for one in meta.local_concrete_fields if not one.primary_key]
    columns, values = ", ".join(f'"{one.column}"' for one in fields), ", ".join(["%s"] * len(fields))
    into = f'INSERT INTO "{meta.db_table}" ({columns}) VALUES ({values})'  # noqa: S608 - names of models
    return f'{into} RETURNING "{meta.pk.column}"', fields


def _name_of(sql: str) -> str:
    """Of the plan that this connection has."""
    here: Any = connection
    raw: Any = here.connection
    known: tuple[Any, dict[str, str]] = getattr(here, "planned", (None, {}))
    if known[0] is not raw:  # a new one, which knows none
        known = here.planned = (raw, {})
    names = known[1]
    if sql not in names:
        first, *others = sql.split("%s")
        numbered = first + "".join(f"${n}{words}" for n, words in enumerate(others, 1))
        name = f"planned_{len(names)}"
        with connection.wrap_database_errors, raw.cursor() as cursor:
            cursor.execute(f"PREPARE {name} AS {numbered}")
        names[sql] = name
    return names[sql]


def with_key(
    rows: Rows, key: Any, *names: str, only: Only | None = None, more: Sequence[Rows] = ()
) -> tuple[Any, list[list[Any]]]:
    """(the row with that primary key, if it is one of `rows`, or else None; what `more` found). One query.

    As select_related and prefetch_related of `names`.
    """
    where = f'"{rows.model._meta.pk.column}" = %s AND ({rows.where})'
    this = Rows(rows.model, where, [key, *rows.params], rows.only)
    # One key, not a list of one: of that the database knows that a plan for all keys is as good as one for each.
    related = [_related(rows.model, name, "%s", key, only) for name in names]
    [found, *others] = read(this, *related, *more)
    if found:
        _join(found, names, others)
    return next(iter(found), None), others[len(names) :]


def around(rows: Sequence[Any], *names: str, only: Only | None = None) -> None:
    """As prefetch_related_objects of `names`. One query; none if there are no rows."""
    if rows:
        keys = [row.pk for row in rows]
        _join(rows, names, read(*(_related(type(rows[0]), name, "ANY(%s)", keys, only) for name in names)))


def _related(model: type[Model], name: str, equal_to: str, given: Any, only: Only | None) -> Rows:
    relation: Any = model._meta.get_field(name)
    columns = (only or {}).get(name, ())
    if relation.concrete:
        return _of_targets(model, name, equal_to, given, columns)
    return _of_parents(relation.related_model, relation.field.name, equal_to, given, columns)


def _join(rows: Sequence[Any], names: Iterable[str], found: Iterable[list[Any]]) -> None:
    for name, related in zip(names, found, strict=False):
        (point if rows[0]._meta.get_field(name).concrete else hang)(rows, name, related)


def hang(parents: Sequence[Any], name: str, children: Iterable[Any]) -> None:
    """As if `name`, the many that point back at each of `parents`, had been prefetched with these."""
    if not parents:
        return
    relation: Any = parents[0]._meta.get_field(name)
    owners = {parent.pk: parent for parent in parents}
    hung: dict[Any, list[Any]] = {key: [] for key in owners}
    for child in children:
        back = child._meta.get_field(relation.field.name)
        key = getattr(child, back.attname)
        hung[key].append(child)
        back.set_cached_value(child, owners[key])
    accessor, nothing = relation.get_accessor_name(), _nothing(relation.related_model)
    for parent in parents:
        rows = nothing
        if hung[parent.pk]:
            # The manager's own, so that whoever filters it further still asks about this parent only.
            rows = getattr(parent, accessor).get_queryset()
            rows._result_cache, rows._prefetch_done = hung[parent.pk], True
        parent.__dict__.setdefault("_prefetched_objects_cache", {})[name] = rows


@cache
def _nothing(model: type[Model]) -> Any:
    """No rows, for all who have none: most have few of what they may have, and a queryset each costs time."""
    rows: Any = model._default_manager.none()
    rows._fetch_all()
    return rows


def point(rows: Iterable[Any], name: str, targets: Iterable[Any]) -> None:
    """As if the foreign key `name` of `rows` had been selected with these; one that is not here is asked later."""
    by_key = {target.pk: target for target in targets}
    for row in rows:
        column = row._meta.get_field(name)
        key = getattr(row, column.attname)
        if key is None or key in by_key:
            column.set_cached_value(row, by_key.get(key))


def _sql(rows: Rows) -> str:
    columns, order, _, _ = _shape(rows.model, rows.only)
    source = f'"{rows.model._meta.db_table}" WHERE {rows.where}'
    if rows.most is not None:
        source = f"(SELECT * FROM {source} {order} LIMIT {rows.most:d}) AS first"  # noqa: S608 - as below
    # What is put in here are names of models and words of this program; values are parameters.
    return f"(SELECT json_agg(json_build_array({columns}) {order}) FROM {source})"  # noqa: S608


def _models(rows: Rows, told: Iterable[list[Any]]) -> list[Any]:
    _, _, names, readers = _shape(rows.model, rows.only)
    return [
        rows.model.from_db(
            connection.alias,
            names,
            [
                value if read is None or value is None else read(value)
                for value, read in zip(values, readers, strict=True)
            ],
        )
        for values in told
    ]


Reader = Callable[[Any], Any] | None


@cache
def _shape(model: type[Model], only: tuple[str, ...]) -> tuple[str, str, list[str], list[Reader]]:
    """(columns, ORDER BY, names of the attributes, how each is read)."""
    meta = model._meta
    fields = [one for one in meta.concrete_fields if not only or one.primary_key or one.name in only]
    order = []
    for name in meta.ordering or ():
        plain = str(name).removeprefix("-")
        column = meta.pk if plain == "pk" else meta.get_field(plain)
        order.append(f'"{column.column}"{" DESC" if plain != name else ""}')  # type: ignore[union-attr]
    return (
        ", ".join(f'"{one.column}"' for one in fields),
        f"ORDER BY {', '.join(order)}" if order else "",
        [one.attname for one in fields],
        [_reader(one) for one in fields],
    )


def _reader(column: Field) -> Reader:
    """TypeError for a kind of column that was never read here."""
    target: Any = column
    while target.remote_field:
        target = target.target_field
    kind = target.get_internal_type()
    read = _FROM_JSON.get(kind)
    if read is None and kind not in _AS_THEY_ARE:
        raise TypeError(f"nobody reads {column} ({kind})")
    sealed = getattr(target, "from_db_value", None) if read and kind == "BinaryField" else None
    return read if sealed is None else lambda value: sealed(read(value), None, connection)  # type: ignore[misc]
