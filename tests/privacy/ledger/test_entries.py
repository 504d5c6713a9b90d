"""Commitments: made with the record, by the same INSERT, over what the record says; nothing gets past them."""

import json
from datetime import timedelta

import pytest
from django.db import Error, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from privacy.access import Action, record
from privacy.ledger import entries
from privacy.ledger.sequence import sequence
from privacy.models import AccessRecord, Erasure, Leaf

from . import things

pytestmark = pytest.mark.django_db


def recomputed(row: AccessRecord, kind: str = "access") -> bytes:
    return entries.commitment(kind, entries.digests(bytes(row.salt), row.ledger_items()))


def test_the_same_insert_puts_it_into_the_ledger(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        row = record(None, Action.VIEW, ["people.resident:1"], "목록")
    leaf = Leaf.objects.get()
    assert (leaf.kind, leaf.at, bytes(leaf.commitment)) == ("access", row.at, bytes(row.commitment))
    assert leaf.position is None


def test_many_at_once_are_one_statement_too(django_assert_num_queries) -> None:
    with django_assert_num_queries(3):  # and the transaction's begin and end
        things.written(50)
    assert Leaf.objects.count() == 50


@pytest.mark.parametrize(
    "address", ["192.0.2.7", "2001:db8::1", "2001:0DB8:0:0:0:0:0:1", "::ffff:192.0.2.7", "::1", None]
)
def test_read_back_it_says_the_same(address: str | None) -> None:
    """However PostgreSQL and Python spell an address or a time, and whatever letters stand in it."""
    (row,) = things.written(
        1, address=address, detail='"가\\나" \u2028\t\U0001f512 é', subjects=["b", "a", "b"]
    )
    again = AccessRecord.objects.get(pk=row.pk)
    assert recomputed(again) == bytes(again.commitment) == bytes(row.commitment)


@given(st.one_of(st.none(), st.integers(), st.text()))
def test_one_spelling(value: str | int | None) -> None:
    assert entries.item("detail", value) == json.dumps(
        ["detail", value], ensure_ascii=False, separators=(",", ":")
    )


@pytest.mark.parametrize("value", [1.0, True, ["a"]])
def test_what_has_several_spellings_is_refused(value) -> None:
    with pytest.raises(TypeError):
        entries.item("detail", value)


def test_each_has_its_own_salt() -> None:
    one, other = things.written(2, at=timezone.now(), detail="", identifier="kim", subjects=[])
    assert one.ledger_items() == other.ledger_items()
    assert len(one.salt) == 32
    assert one.commitment != other.commitment


@pytest.mark.parametrize("field", ["at", "identifier", "address", "subjects", "action", "detail", "result"])
def test_whatever_is_changed_does_not_fit_any_more(field: str) -> None:
    (row,) = things.written(1)
    other = {
        "at": row.at + timedelta(microseconds=1),
        "address": "192.0.2.8",
        "subjects": row.subjects[:-1],
        "action": Action.PRINT,
        "result": "refused",
    }
    setattr(row, field, other.get(field, "다른 말"))
    assert recomputed(row) != row.commitment


def test_two_items_are_not_one() -> None:
    (row,) = things.written(1, detail="", subjects=["a", "b"])
    assert recomputed(row) == row.commitment
    for changed in (["b", "a"], ["ab"], ["a", "b", ""], ["a,b"]):
        row.subjects = changed
        assert recomputed(row) != row.commitment


@pytest.mark.parametrize("commitment", ["NULL", "'\\x00'::bytea"])
def test_a_record_without_a_commitment_is_refused(commitment: str) -> None:
    with (
        pytest.raises(Error, match=r"committed|null value"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO privacy_accessrecord (at, identifier, subjects, action, detail, result, commitment)"
            f" VALUES (now(), 'x', '{{}}', 'view', '', 'done', {commitment})"
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE privacy_accessrecord SET commitment = salt, salt = commitment",
        "UPDATE privacy_accessrecord SET commitment = NULL, salt = NULL",
        "UPDATE privacy_accessrecord SET detail = 'x'",
        "UPDATE privacy_accessrecord SET salt = NULL, result = 'refused'",
        "UPDATE privacy_leaf SET position = 7",
        "UPDATE privacy_leaf SET commitment = 'x'",
        "DELETE FROM privacy_leaf",
        "UPDATE privacy_tile SET root = 'x'",
        "DELETE FROM privacy_tile",
        "UPDATE privacy_checkpoint SET note = 'x'",
        "DELETE FROM privacy_checkpoint",
        "UPDATE privacy_erasure SET ground = 'x'",
        "DELETE FROM privacy_erasure",
    ],
)
def test_the_database_refuses(statement: str) -> None:
    things.past(1, 257)
    erasure = Erasure(identifier="kim", erased=b"x" * 32, ground="시험")
    erasure.seal()
    erasure.save()
    with pytest.raises(Error, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def older_than_the_ledger(count: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE privacy_accessrecord DROP CONSTRAINT privacy_accessrecord_committed")
        cursor.execute("ALTER TABLE privacy_accessrecord DISABLE TRIGGER ledger_entry")
        cursor.execute(
            "INSERT INTO privacy_accessrecord (at, identifier, subjects, action, detail, result)"
            " SELECT now() - interval '1 year', 'kim', '{people.resident:1}', 'view', n::text, 'done'"
            " FROM generate_series(1, %s) AS n",
            [count],
        )
        cursor.execute("ALTER TABLE privacy_accessrecord ENABLE TRIGGER ledger_entry")


def test_what_is_older_than_the_ledger_comes_in_marked() -> None:
    older_than_the_ledger(5)
    things.written(1)
    assert sequence() == 6
    assert sorted(Leaf.objects.values_list("kind", flat=True)) == ["access"] + ["access.before"] * 5
    for row in AccessRecord.objects.filter(identifier="kim"):
        assert recomputed(row, "access.before") == bytes(row.commitment)
    assert sequence() == 0
    things.past(1, 1)
    assert things.found() == []
