"""Moving sealed data to the first key of DATA_KEYS while everybody works: small transactions, each row locked."""

from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from psycopg2.extras import execute_values

from .fields import EncryptedTextField, Sealed
from .keys import sealing_key
from .sealing import key_of

#: Functions that reseal what is not in an EncryptedTextField; each returns how many it moved (people/personal_data.py).
others: list[Callable[[], int]] = []
BATCH = 500


def sealed_fields() -> Iterator[EncryptedTextField]:
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, EncryptedTextField):
                yield field


def is_old(sealed: Sealed | None) -> bool:
    return sealed is not None and key_of(sealed.data) != sealing_key()[0]


def left(field: EncryptedTextField) -> int:
    """How many rows of this column another key than the first has sealed."""
    key = sealing_key()[0]
    head = len(key).to_bytes(1, "big") + key
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT count(*) FROM "{field.model._meta.db_table}"'  # noqa: S608 - names of models
            f' WHERE substring("{field.column}" FROM 2 FOR %s) <> %s',
            [len(head), head],
        )
        return cursor.fetchone()[0]


def reseal_some(field: EncryptedTextField, after: Any, batch: int = BATCH) -> tuple[int, int, Any]:
    """Of the rows that follow the key `after` (None: from the first): (how many were looked at, how many of them were
    sealed with the first key now, the last one's key). In the caller's transaction, which holds them until it ends.
    SealBroken, naming the row, stops it."""
    rows: models.QuerySet = field.model._base_manager.order_by("pk")
    if after:
        rows = rows.filter(pk__gt=after)
    chunk = list(rows.select_for_update(of=("self",)).values_list("pk", field.attname)[:batch])
    again = [(str(pk), field.seal(field.open(sealed, pk), pk).data) for pk, sealed in chunk if is_old(sealed)]
    if again:
        table, key = field.model._meta.db_table, field.model._meta.pk.column
        with connection.cursor() as cursor:
            execute_values(
                cursor.cursor,
                f'UPDATE "{table}" SET "{field.column}" = v.data FROM (VALUES %s) AS v (key, data)'  # noqa: S608 - names of models
                f' WHERE "{table}"."{key}" = v.key',
                again,
                template="(%s::uuid, %s::bytea)",
                page_size=batch,
            )
    return len(chunk), len(again), chunk[-1][0] if chunk else after


def reseal_column(field: EncryptedTextField, batch: int = BATCH) -> int:
    """All of it, now. Returns how many were moved."""
    moved, last = 0, None
    while True:
        with transaction.atomic():
            looked, some, last = reseal_some(field, last, batch)
        moved += some
        if looked < batch:
            return moved
