"""What is forgotten is gone, and everything else can still be proved."""

from datetime import timedelta

import pytest
from django.utils import timezone

from privacy import verify_ledger
from privacy.access import Action
from privacy.ledger import checkpoints, expiry
from privacy.ledger.proofs import NoProof, proof_of
from privacy.models import AccessRecord, Leaf

from . import things

pytestmark = pytest.mark.django_db
YEARS = timedelta(days=732)


@pytest.fixture
def old_and_new() -> list[AccessRecord]:
    """Four from more than two years ago, signed then; three of today."""
    then = timezone.now() - YEARS
    old = things.written(4, then)
    checkpoints.make(then + timedelta(minutes=5))
    new = things.written(3)
    checkpoints.make()
    return old + new


def good(row: AccessRecord) -> bool:
    return (
        verify_ledger.check_proof(proof_of(AccessRecord.objects.get(pk=row.pk)), things.keys())[0] == "good"
    )


def test_after_two_years_record_and_salt_go_and_the_tree_stays(old_and_new) -> None:
    assert expiry.forget() == {"access": 4}
    assert AccessRecord.objects.count() == 3
    assert Leaf.objects.count() == 7
    assert things.found() == []
    assert all(good(row) for row in old_and_new[4:])
    things.written(1)
    checkpoints.make()
    assert things.found() == []


def test_nothing_goes_before_its_time(old_and_new) -> None:
    assert expiry.forget(timezone.now() - timedelta(days=2)) == {"access": 0}
    things.as_superuser("DELETE FROM privacy_accessrecord WHERE id = %s", old_and_new[5].pk)
    assert things.places(things.found()) == {("deleted", 5, 5)}


def test_a_person_is_erased_from_an_entry(old_and_new) -> None:
    row = old_and_new[5]
    expiry.erase(row, "개인정보 보호법 제36조", who="kim", subjects=row.subjects[1:], detail="")
    checkpoints.make()
    again = AccessRecord.objects.get(pk=row.pk)
    assert (again.subjects, again.detail, again.salt) == (row.subjects[1:], "", None)
    assert bytes(again.commitment) == bytes(row.commitment)
    assert things.found() == []
    with pytest.raises(NoProof):
        proof_of(again)
    assert good(old_and_new[4])
    with pytest.raises(ValueError, match="no salt"):
        expiry.erase(again, "두 번")


def test_erasing_without_saying_so_is_found(old_and_new) -> None:
    AccessRecord.objects.filter(pk=old_and_new[5].pk).update(salt=None, detail="")
    assert things.places(things.found()) == {("changed", 5, 5)}


def test_an_erasure_that_was_made_up_covers_nothing(old_and_new) -> None:
    row = old_and_new[5]
    expiry.erase(row, "근거", detail="")
    checkpoints.make()
    things.as_superuser("UPDATE privacy_erasure SET erased = %s", bytes(old_and_new[6].commitment))
    things.as_superuser("DELETE FROM privacy_accessrecord WHERE id = %s", old_and_new[6].pk)
    assert things.places(things.found()) == {("changed", 5, 5), ("deleted", 6, 6), ("changed", 7, 7)}


def test_a_proof_shows_one_person_and_nobody_else() -> None:
    things.past(1, 5)
    row = AccessRecord.objects.order_by("pk")[2]
    proof = proof_of(row, subjects=["people.resident:3"], hide=["address"])
    assert "people.resident:2" not in str(proof)
    assert "192.0.2.7" not in str(proof)
    assert '["subject","people.resident:3"]' in [item["item"] for item in proof["items"]]
    assert verify_ledger.check_proof(proof, things.keys())[0] == "good"
    proof["items"][-1]["item"] = '["subject","people.resident:4"]'
    assert verify_ledger.check_proof(proof, things.keys())[0] == "record"


def test_there_is_no_proof_before_a_checkpoint() -> None:
    (row,) = things.written(1, action=Action.VIEW)
    with pytest.raises(NoProof):
        proof_of(row)
    checkpoints.make()
    assert proof_of(row)["position"] == 0
