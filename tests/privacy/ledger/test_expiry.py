"""What is forgotten is gone, and everything else can still be proved."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from privacy import verify_ledger
from privacy.access import Action
from privacy.ledger import checkpoints, expiry
from privacy.ledger.proofs import NoProof, proof_of
from privacy.models import AccessRecord, Destruction, Leaf

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
    assert Leaf.objects.count() == 7 + 1
    [line] = Destruction.objects.all()
    assert (line.label, line.count, line.ground) == ("접속기록 (access)", 4, expiry.GROUND)
    checkpoints.make()
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
    left = ["(지움)", *row.subjects[1:]]
    expiry.erase(row, "개인정보 보호법 제36조", who="kim", subjects=left, detail="(지움)", address=None)
    checkpoints.make()
    again = AccessRecord.objects.get(pk=row.pk)
    assert (again.subjects, again.detail, again.salt) == (left, "(지움)", None)
    assert bytes(again.commitment) == bytes(row.commitment)
    assert things.found() == []
    with pytest.raises(NoProof):
        proof_of(again)
    assert good(old_and_new[4])
    with pytest.raises(ValueError, match="no salt"):
        expiry.erase(again, "두 번")


def test_erasing_without_saying_so_is_refused_and_found(old_and_new) -> None:
    row = old_and_new[5]
    with pytest.raises(DatabaseError, match="nothing says why"), transaction.atomic():
        AccessRecord.objects.filter(pk=row.pk).update(salt=None, detail="(지움)")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    things.as_superuser(
        "UPDATE privacy_accessrecord SET salt = NULL, detail = '(지움)' WHERE id = %s", row.pk
    )
    assert things.places(things.found()) == {("changed", 5, 5)}


@pytest.mark.parametrize(
    "left",
    [
        {"identifier": "lee"},
        {"detail": "다른 까닭"},
        {"subjects": []},
        {"subjects": ["(지움)", "people.resident:9", "(지움)"]},
        {"action": "create"},
        {"at": timezone.now()},
    ],
)
def test_nothing_but_blanks_stands_for_what_was_erased(old_and_new, left) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        expiry.erase(old_and_new[5], "근거", **left)


@pytest.mark.parametrize(
    "spoiled",
    [
        "identifier = 'lee'",
        "detail = '다른 까닭'",
        "action = 'create'",
        "subjects = subjects[2:3]",
        "subjects = ARRAY['people.resident:9', '(지움)', '(지움)']",
        "at = at - interval '1 day'",
    ],
)
def test_nothing_is_changed_under_the_name_of_an_erasure(old_and_new, spoiled: str) -> None:
    """By whoever owns the database, with an erasure that stands rightly in the ledger."""
    row = old_and_new[5]
    expiry.erase(row, "근거", identifier="(지움)")
    checkpoints.make()
    assert things.found() == []
    things.as_superuser(f"UPDATE privacy_accessrecord SET {spoiled} WHERE id = %s", row.pk)
    assert things.places(things.found()) == {("changed", 5, 5)}
    things.as_superuser("UPDATE privacy_erasure SET \"left\" = '{}'")
    assert things.places(things.found()) == {("changed", 5, 5)}
    things.as_superuser("DELETE FROM privacy_accessrecord WHERE id = %s", row.pk)
    assert things.places(things.found()) == {("deleted", 5, 5)}


def test_an_erasure_that_was_made_up_covers_nothing(old_and_new) -> None:
    row = old_and_new[5]
    expiry.erase(row, "근거", detail="(지움)")
    checkpoints.make()
    things.as_superuser("UPDATE privacy_erasure SET erased = %s", bytes(old_and_new[6].commitment))
    things.as_superuser("DELETE FROM privacy_accessrecord WHERE id = %s", old_and_new[6].pk)
    assert things.places(things.found()) == {("changed", 5, 5), ("deleted", 6, 6), ("changed", 7, 7)}


def test_the_verifier_says_how_many_were_erased_on_which_ground(old_and_new, capsys) -> None:
    for row in old_and_new[4:6]:
        expiry.erase(row, "제36조 삭제 요구", identifier="(지움)")
    checkpoints.make()
    assert verify_ledger.report(things.exported(), [], [], own_keys=True) == 0
    assert "기한 전에 누구인지를 지운 기록 2건: 제36조 삭제 요구" in capsys.readouterr().out


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
