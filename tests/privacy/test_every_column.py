"""Every sealed column of every model, found by the test itself: nothing that was moved or changed opens. And every
blind index: a look-up of one among ten thousand reads an index, not the table."""

import uuid
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection, models

from privacy.fields import EncryptedTextField, SealBroken
from privacy.reseal import sealed_fields

pytestmark = pytest.mark.django_db

SEALED = list(sealed_fields())
WORDS = "예시 주민 010-0000-0000"


def names(fields: list) -> list[str]:
    return [f"{field.model._meta.label}.{field.name}" for field in fields]


def read(field: EncryptedTextField, pk: uuid.UUID, stored: bytes) -> str:
    """What a page gets if the database answers that this is stored in that column of the row `pk`."""
    model = field.model
    key, column = model._meta.pk.column, field.column
    query = f'SELECT %s::uuid AS "{key}", %s::bytea AS "{column}"'
    [row] = model._base_manager.raw(query, [pk, stored])
    return getattr(row, field.attname)


def test_there_are_columns() -> None:
    assert len(SEALED) > 40
    assert len({field.model for field in SEALED}) > 15


@pytest.mark.parametrize("field", SEALED, ids=names(SEALED))
def test_four_attacks(field: EncryptedTextField) -> None:
    here, elsewhere = uuid.uuid4(), uuid.uuid4()
    right = field.seal(WORDS, here).data
    assert read(field, here, right) == WORDS
    refused = {"row swap": field.seal(WORDS, elsewhere).data}
    for other in SEALED:
        if other is not field:
            refused[f"column swap with {other}"] = other.seal(WORDS, here).data
    for at in range(len(right)):
        refused[f"byte {at} flipped"] = right[:at] + bytes([right[at] ^ 1]) + right[at + 1 :]
    for n, plain in enumerate((WORDS.encode(), b"", b"\x01", right[:-1], right + b"\0", WORDS.encode() * 9)):
        refused[f"plaintext or cut {n}"] = plain
    for attack, stored in refused.items():
        with pytest.raises(SealBroken):
            pytest.fail(f"{attack}: opened as {read(field, here, stored)!r}")


def blind_indexes() -> Iterator[models.Field]:
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, models.CharField) and field.name.endswith("_index"):
                yield field


INDEXES = list(blind_indexes())
ROWS = 10_000
#: Kind of a column → SQL of a value for the n-th row.
VALUE = {
    "uuid": "gen_random_uuid()",
    "character varying": "left(md5(n::text) || md5(n::text), {length})",
    "text": "md5(n::text)",
    "smallint": "n % 30000",
    "integer": "n",
    "bigint": "n",
    "boolean": "false",
    "bytea": "decode(md5(n::text), 'hex')",
    "date": "date '2026-01-01' + n % 300",
    "timestamp with time zone": "now() - n * interval '1 minute'",
    "jsonb": "'{{}}'",
    "inet": "'127.0.0.1'",
    "ARRAY": "'{{}}'",
    "numeric": "n",
    "double precision": "n",
}


def fill(model: type[models.Model]) -> None:
    """Ten thousand rows of it, in this test's transaction: what they mean is of no matter, only how many there are."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no triggers, no foreign keys
        # What they must mean is not asked either.
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('c', 'x')",
            [table],
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
        cursor.execute(
            """SELECT column_name, data_type, coalesce(character_maximum_length, 64) FROM information_schema.columns
            WHERE table_name = %s AND is_identity = 'NO' AND is_generated = 'NEVER' AND column_default IS NULL""",
            [table],
        )
        given = {name: VALUE[kind].format(length=length) for name, kind, length in cursor.fetchall()}
        columns = ", ".join(f'"{name}"' for name in given)
        cursor.execute(
            f'INSERT INTO "{table}" ({columns}) SELECT {", ".join(given.values())} FROM generate_series(1, {ROWS}) AS n'
        )
        cursor.execute(f'ANALYZE "{table}"')


def test_there_are_blind_indexes() -> None:
    assert len(INDEXES) > 8


@pytest.mark.parametrize("field", INDEXES, ids=names(INDEXES))
def test_a_look_up_by_blind_index_reads_an_index(field: models.Field) -> None:
    fill(field.model)
    rows = field.model._base_manager
    assert rows.count() >= ROWS
    some = rows.values_list(field.name, flat=True)[5000]
    plan = rows.filter(**{field.name: some}).explain()
    assert "Index" in plan, plan
    assert "Seq Scan" not in plan, plan
