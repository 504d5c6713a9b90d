"""Giving entries their place in the tree, in bulk and for ever.

An entry waits with an empty position from the moment in which its transaction is committed. Whatever waits is placed;
so one that is committed late, with an earlier id, comes after those that were placed meanwhile, and none is skipped.
"""

from time import monotonic

from django.db import connection, transaction

from ..models import Committed
from . import entries
from .kinds import kinds
from .tree import grow, hashes_of, size

LOCK = "privacy ledger"
#: Entries a transaction; seconds a run.
BATCH, BUDGET = 10_000, 20.0

#: Whatever is known of the table's size, not each waiting row with each: by the index of those that wait, and hashed.
NO_LOOPS = "SET LOCAL enable_nestloop = off"
PLACE = """
WITH first AS MATERIALIZED (SELECT id FROM privacy_leaf WHERE position IS NULL ORDER BY id LIMIT %s),
waiting AS (SELECT id, %s + row_number() OVER (ORDER BY id) - 1 AS place FROM first)
UPDATE privacy_leaf SET position = place FROM waiting
WHERE waiting.id = privacy_leaf.id AND position IS NULL AND privacy_leaf.id <= (SELECT max(id) FROM first)
RETURNING position, kind, at, commitment
"""


def alone() -> bool:
    """Whether nobody else is at the tree; holds until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [LOCK])
        return cursor.fetchone()[0]


def place_waiting(at_most: int = BATCH) -> int:
    """Places entries that wait; returns how many. 0 too while somebody else is doing it."""
    with transaction.atomic():
        if not alone():
            return 0
        start = size()
        with connection.cursor() as cursor:
            cursor.execute(NO_LOOPS)
            cursor.execute(PLACE, [at_most, start])
            placed = sorted(cursor.fetchall())
            cursor.execute("SET LOCAL enable_nestloop = on")
        grow(start, hashes_of([leaf[1:] for leaf in placed]))
    return len(placed)


def commit_older(model: type[Committed], at_most: int = 2000) -> int:
    """Commits to rows that were written before the ledger, marked as such; returns how many."""
    with transaction.atomic():
        waiting = model._default_manager.filter(commitment__isnull=True).order_by("pk")
        rows = list(waiting.select_for_update(skip_locked=True)[:at_most])
        if not rows:
            return 0
        for row in rows:
            row.seal(model.ledger_kind + entries.BEFORE)
        with connection.cursor() as cursor:
            cursor.execute(NO_LOOPS)
            cursor.execute(
                f"UPDATE {model._meta.db_table} AS row SET salt = new.salt, commitment = new.commitment"  # noqa: S608
                " FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[]) AS new(id, salt, commitment)"
                " WHERE row.id = new.id AND row.commitment IS NULL",
                [
                    [row.pk for row in rows],
                    [row.salt for row in rows],
                    [row.commitment for row in rows],
                ],
            )
    return len(rows)


def sequence(budget: float = BUDGET) -> int:
    """Places all that waits, what is older than the ledger too, within `budget` seconds; returns how many."""
    until, placed = monotonic() + budget, 0
    for model in kinds().values():
        while monotonic() < until and commit_older(model):
            pass
    while monotonic() < until and (count := place_waiting()):
        placed += count
    return placed
