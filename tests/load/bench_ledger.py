"""make bench-ledger: what the ledger costs a page, how fast it places entries, how fast it proves one of a million."""

import os
import statistics
import sys
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jinju_portal.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402

from privacy.access import Action, record  # noqa: E402
from privacy.ledger import checkpoints, merkle, tree  # noqa: E402
from privacy.ledger.sequence import place_waiting  # noqa: E402
from privacy.models import AccessRecord  # noqa: E402

LEAVES = 1_000_000


def seconds(deed: Callable[[], object], times: int) -> list[float]:
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        deed()
        taken.append(time.perf_counter() - begun)
    return taken


def record_costs(subjects: int) -> tuple[float, float]:
    """Median milliseconds of an access record: with the ledger, and of the same row without salt, hashes and leaf."""
    names = [f"people.resident:{n:036d}" for n in range(subjects)]

    def with_ledger() -> None:
        with transaction.atomic():
            record(None, Action.VIEW, names, "목록", who="kim")

    def without() -> None:
        with transaction.atomic():
            AccessRecord.objects.create(identifier="kim", subjects=names, action=Action.VIEW, detail="목록")

    def on(way: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE privacy_accessrecord {way} TRIGGER ledger_entry")

    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE privacy_accessrecord DROP CONSTRAINT IF EXISTS privacy_accessrecord_committed"
        )
    a, b = [], []
    for _ in range(5):  # in turns, so that both meet the same machine
        on("ENABLE")
        a += seconds(with_ledger, 200)
        on("DISABLE")
        b += seconds(without, 200)
    on("ENABLE")
    return statistics.median(a) * 1000, statistics.median(b) * 1000


def main() -> int:
    setup_test_environment()
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        for subjects in (1, 20, 50):
            a, b = record_costs(subjects)
            print(
                f"access record of {subjects:2}: {a:.2f} ms with the ledger, {b:.2f} without: {a - b:+.2f} ms"
            )
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(
                "TRUNCATE privacy_accessrecord, privacy_leaf, privacy_tile, privacy_checkpoint CASCADE"
            )
            cursor.execute("SET session_replication_role = origin")
            cursor.execute(
                "INSERT INTO privacy_leaf (kind, at, commitment)"
                " SELECT 'access', now(), sha256(n::text::bytea) FROM generate_series(1, %s) AS n",
                [LEAVES],
            )
            cursor.execute("ANALYZE privacy_leaf")
        begun = time.perf_counter()
        while place_waiting():
            pass
        taken = time.perf_counter() - begun
        print(f"placing {LEAVES:,} entries: {taken:.0f} s, {LEAVES / taken:,.0f} a second")
        checkpoints.make()
        (signed,) = seconds(checkpoints.make, 1)
        print(f"a checkpoint of {LEAVES:,}: {signed * 1000:.0f} ms")

        def proof(n: int) -> list[bytes]:
            whole = tree.Tree(tree.size())
            return merkle.inclusion_proof(n * 997 % LEAVES, whole.size, whole.node)

        places = iter(range(10_000))
        taken_each = sorted(seconds(lambda: proof(next(places)), 300))
        print(
            f"a proof in {LEAVES:,}: median {taken_each[150] * 1000:.1f} ms, p95 {taken_each[285] * 1000:.1f} ms"
        )
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
