"""Places in the tree: for ever, without gaps, by one at a time; and the stored tree is the one of the definition."""

import threading

import pytest
from django.db import connection, transaction

from privacy.access import Action, record
from privacy.ledger import merkle, tree
from privacy.ledger.sequence import place_waiting, sequence
from privacy.models import AccessRecord, Leaf, Tile

from . import things


def order() -> list[bytes]:
    placed = Leaf.objects.filter(position__isnull=False).order_by("position")
    return [bytes(commitment) for commitment in placed.values_list("commitment", flat=True)]


@pytest.mark.django_db
def test_the_order_stays() -> None:
    things.written(5)
    assert sequence() == 5
    first = order()
    things.written(3)
    assert (sequence(), sequence()) == (3, 0)
    assert order()[:5] == first
    assert list(Leaf.objects.order_by("position").values_list("position", flat=True)) == list(range(8))


@pytest.mark.django_db(transaction=True)
def test_one_that_is_committed_late_is_not_lost() -> None:
    """Its id is lower than those that were placed while its transaction was still open."""
    wrote, may_end = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            record(None, Action.VIEW, detail="late")
            wrote.set()
            may_end.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    wrote.wait(10)
    record(None, Action.VIEW, detail="quick")
    assert sequence() == 1
    may_end.set()
    thread.join()
    assert sequence() == 1
    late, quick = AccessRecord.objects.order_by("pk")
    assert (late.detail, quick.detail) == ("late", "quick")
    assert order() == [bytes(quick.commitment), bytes(late.commitment)]


@pytest.mark.django_db(transaction=True)
def test_only_one_places_at_a_time() -> None:
    """Many sequencers and many writers at once: each entry has one place."""

    def work() -> None:
        for n in range(10):
            record(None, Action.VIEW, detail=str(n))
            place_waiting(3)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sequence()
    assert sorted(Leaf.objects.values_list("position", flat=True)) == list(range(60))
    whole = tree.Tree(60)
    assert whole.root() == merkle.root(60, merkle.over(hashes()))


def hashes() -> list[bytes]:
    rows = Leaf.objects.order_by("position").values_list("kind", "at", "commitment")
    return tree.hashes_of(list(rows))


@pytest.mark.django_db
def test_the_stored_tree_is_the_defined_one(monkeypatch) -> None:
    """Over the edges of tiles of three levels (8, 64 and 512 leaves when a tile is 8 wide), grown in uneven steps."""
    monkeypatch.setattr(tree, "WIDTH_BITS", 3)
    monkeypatch.setattr(tree, "WIDTH", 8)
    things.written(600)
    assert sum(place_waiting(step) for step in [1, 6, 1, 1, 30, 100, 373, 600]) == 600
    node = merkle.over(hashes())
    counts = [Tile.objects.filter(level=level).count() for level in range(4)]
    assert counts == [75, 9, 1, 0]
    for size in (1, 7, 8, 9, 63, 64, 65, 139, 511, 512, 513, 599, 600):
        stored = tree.Tree(size)
        assert stored.root() == merkle.root(size, node)
        for index in {0, size // 2, size - 1}:
            proof = merkle.inclusion_proof(index, size, stored.node)
            assert proof == merkle.inclusion_proof(index, size, node)
        for old in (1, size // 3, size - 1):
            assert merkle.consistency_proof(old, size, stored.node) == merkle.consistency_proof(
                old, size, node
            )


@pytest.mark.django_db
def test_a_proof_reads_a_handful_of_rows(django_assert_max_num_queries) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO privacy_leaf (kind, at, commitment)"
            " SELECT 'access', now(), sha256(n::text::bytea) FROM generate_series(1, 3000) AS n"
        )
    sequence()
    with django_assert_max_num_queries(5):
        stored = tree.Tree(tree.size())
        merkle.inclusion_proof(1234, stored.size, stored.node)


@pytest.mark.django_db
def test_missing_rows_are_said() -> None:
    things.written(600)
    sequence()
    things.as_superuser("DELETE FROM privacy_tile WHERE index = 1")
    with pytest.raises(tree.TreeBroken):
        tree.Tree(600).root()
