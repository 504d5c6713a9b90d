"""What is signed, by whom, and what is never signed."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings as configured
from django.test import Client
from django.utils import timezone

from jinju_portal.schedule import SCHEDULE
from privacy.ledger import checkpoints, merkle, notes, signing
from privacy.ledger.proofs import proof_of
from privacy.ledger.tree import Tree, TreeBroken
from privacy.ledger.witnesses.handing import hand_out
from privacy.models import Checkpoint
from privacy.tasks import keep_ledger

from . import things

pytestmark = pytest.mark.django_db


def test_it_says_what_the_tree_was() -> None:
    first, second = things.past(2, 300)
    said = notes.verified(second.note, *signing.public_keys())
    assert (said.origin, said.size, said.root) == (configured.LEDGER_ORIGIN, 600, Tree(600).root())
    assert (first.size, second.size) == (300, 600)
    proof = merkle.consistency_proof(300, 600, Tree(600).node)
    assert merkle.consistent(300, bytes(first.root), 600, bytes(second.root), proof)


def test_every_ten_minutes_at_least() -> None:
    turn = timedelta(seconds=SCHEDULE["place entries in the ledger, and sign it"]["schedule"])
    assert checkpoints.EVERY + 10 * turn <= timedelta(minutes=10)
    keep_ledger()
    keep_ledger()
    (made,) = Checkpoint.objects.all()
    assert not checkpoints.due(made.at + timedelta(minutes=4))
    assert checkpoints.due(made.at + timedelta(minutes=5))
    again = checkpoints.make(made.at + timedelta(minutes=5))
    assert again and (made.size, bytes(made.root)) == (again.size, again.root)


def test_a_clock_that_was_ahead_stops_nothing(settings, tmp_path) -> None:
    """One checkpoint from years ahead stays for ever; whatever comes after it is signed, shown and proved again."""
    settings.LEDGER_WITNESSES = [f"보관함=file://{tmp_path / 'witness.txt'}"]
    city = [*things.past(2, 5)]
    hand_out()
    things.written(1)
    city.append(checkpoints.make(timezone.now() + timedelta(days=1500)))
    assert checkpoints.health() == (
        False,
        "장부: 마지막 확인표의 시각이 지금보다 뒤입니다. 서버의 시계를 봐 주세요.",
    )
    assert checkpoints.due()
    (last,) = things.written(1)
    city.append(checkpoints.make())
    assert not checkpoints.due() and checkpoints.health()[0]
    assert hand_out() == 1
    assert proof_of(last)["position"] == 11
    assert things.found(things.notes(city)) == []
    things.written(1, timezone.now() - timedelta(days=2))
    city.append(checkpoints.make())
    assert things.places(things.found(things.notes(city))) == {("dated back", 12, 12)}


@pytest.mark.parametrize("change", ["text", "signature", "origin", "size", "nothing"])
def test_a_note_that_was_touched_is_refused(change: str) -> None:
    (made,) = things.past(1, 3)
    touched = {
        "text": made.note.replace("time 2", "time 1"),
        "signature": made.note[:-6] + "AAAA=\n",
        "origin": made.note.replace("/ledger\n", "/other\n", 1),
        "size": made.note.replace("\n3\n", "\n03\n"),
        "nothing": made.note,
    }[change]
    if change == "nothing":
        assert notes.verified(touched, *signing.public_keys()).size == 3
    else:
        with pytest.raises(notes.BadNote):
            notes.verified(touched, *signing.public_keys())


def test_another_key_is_not_ours() -> None:
    (made,) = things.past(1, 3)
    said = notes.read(made.note)[0]
    with pytest.raises(notes.BadNote):
        notes.verified(notes.sign(said, Ed25519PrivateKey.generate()), *signing.public_keys())


def test_a_new_key_knows_the_old_one(settings) -> None:
    (old,) = things.past(1, 3)
    settings.LEDGER_OLD_KEYS = things.keys()
    settings.LEDGER_KEY = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="
    new = checkpoints.make()
    assert new and new.key != old.key
    assert notes.verified(old.note, *signing.public_keys()).size == 3
    assert things.found() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE privacy_leaf SET commitment = sha256('x') WHERE position = 1",
        "DELETE FROM privacy_leaf WHERE position = 2",
        "UPDATE privacy_checkpoint SET note = replace(note, 'time 2', 'time 1')",
    ],
)
def test_a_tree_that_was_rewritten_is_never_signed(statement: str) -> None:
    things.past(1, 3)
    things.as_superuser(statement)
    things.written(2)
    with pytest.raises(TreeBroken):
        checkpoints.make()
    assert Checkpoint.objects.count() == 1


def test_who_is_on_duty_hears_of_it(client: Client) -> None:
    assert checkpoints.health()[0] is True
    things.written(1, timezone.now() - timedelta(minutes=30))
    assert checkpoints.health()[0] is False
    made = checkpoints.make()
    assert made and checkpoints.health() == (True, "장부: 확인표가 제때 나옵니다.")
    ok, words = checkpoints.health(timezone.now() + timedelta(minutes=25))
    assert (ok, "25분째" in words) == (False, True)
    assert client.get("/readyz/").json()["parts"]["ledger"]["ok"] is True
