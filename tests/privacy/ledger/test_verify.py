"""verify_ledger.py: alone, from a file, it says what is wrong and where; and of a ledger that is whole, nothing.

10,000 random attacks: `make attack-ledger` (tests/attacks/ledger.py). Here is one of each kind.
"""

import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from people.demo_clock import clock_at
from privacy import verify_ledger
from privacy.ledger import checkpoints
from privacy.models import AccessRecord
from tests import make
from tests.privacy.mine.test_requests import officer

from . import things

pytestmark = pytest.mark.django_db
RECORD, LEAF = "privacy_accessrecord", "privacy_leaf"


@pytest.fixture
def city() -> verify_ledger.Witness:
    """Places 0 to 29 in checkpoints of 10, 20 and 30."""
    return things.notes(things.past(3, 10))


def pk(place: int) -> int:
    return AccessRecord.objects.order_by("pk").values_list("pk", flat=True)[place]


def test_nothing_is_wrong(city) -> None:
    things.written(2)
    assert things.found(city) == []
    checkpoints.make()
    assert things.found(city) == []


def test_one_record_changed(city) -> None:
    things.as_superuser(f"UPDATE {RECORD} SET detail = '딴 일' WHERE id = %s", pk(14))
    assert things.places(things.found(city)) == {("changed", 14, 14)}


def test_one_record_deleted(city) -> None:
    things.as_superuser(f"DELETE FROM {RECORD} WHERE id = %s", pk(14))
    assert things.places(things.found(city)) == {("deleted", 14, 14)}


def test_record_and_leaf_deleted(city) -> None:
    row = AccessRecord.objects.get(pk=pk(14))
    things.as_superuser(f"DELETE FROM {RECORD} WHERE id = %s", row.pk)
    things.as_superuser(f"DELETE FROM {LEAF} WHERE commitment = %s", bytes(row.commitment))
    assert things.places(things.found(city)) == {("leaf deleted", 14, 14)}


def test_record_and_leaf_deleted_and_the_gap_closed(city) -> None:
    test_record_and_leaf_deleted(city)
    things.as_superuser(f"UPDATE {LEAF} SET position = position + 99 WHERE position > 14")
    things.as_superuser(f"UPDATE {LEAF} SET position = position - 100 WHERE position > 14")
    places = things.places(things.found(city))
    assert ("rewritten", 10, 19) in places
    assert ("fewer", None, None) in places


def test_with_an_earlier_export_it_is_that_very_place(city) -> None:
    earlier = verify_ledger.Witness("감사", [], things.exported().own_hashes())
    test_record_and_leaf_deleted_and_the_gap_closed(city)
    assert ("leaf deleted", 14, 14) in things.places(things.found(city, earlier))
    assert not {f for f in things.found(city, earlier) if f.what == "rewritten"}


def test_one_record_put_in(city) -> None:
    things.as_superuser(
        f"INSERT INTO {RECORD} (at, identifier, subjects, action, detail, result, salt, commitment)"
        f" SELECT at, identifier, subjects, action, 'x', result, salt, sha256('x') FROM {RECORD} WHERE id = %s",
        pk(14),
    )
    assert [f.what for f in things.found(city)] == ["inserted"]


def test_one_copied(city) -> None:
    things.as_superuser(
        f"INSERT INTO {RECORD} (at, identifier, subjects, action, detail, result, salt, commitment)"
        f" SELECT at, identifier, subjects, action, detail, result, salt, commitment FROM {RECORD} WHERE id = %s",
        pk(14),
    )
    assert things.places(things.found(city)) == {("inserted", 14, 14)}


def test_one_dated_back(city) -> None:
    """By the regular way, with all triggers on: only its time is a lie."""
    things.written(1, timezone.now() - timedelta(days=30))
    checkpoints.make()
    assert things.places(things.found(city)) == {("dated back", 30, 30)}


def test_one_dated_back_as_if_older_than_the_ledger(city) -> None:
    """Put in without a commitment: the portal itself would take it in, as what was there before."""
    with clock_at(timezone.now() + timedelta(days=3)):
        things.written(1)
        checkpoints.make()
        things.as_superuser(f"ALTER TABLE {RECORD} DROP CONSTRAINT {RECORD}_committed")
        things.as_superuser(
            f"INSERT INTO {RECORD} (at, identifier, subjects, action, detail, result)"
            f" SELECT at - interval '400 days', identifier, subjects, action, 'x', result FROM {RECORD} LIMIT 1"
        )
        assert [one.what for one in things.found(city)] == ["inserted"]
        checkpoints.make()
        assert things.places(things.found(city)) == {("dated back", 31, 31)}


def test_a_tail_that_nobody_signed(city) -> None:
    things.as_superuser("DELETE FROM privacy_checkpoint WHERE size > 10")
    with clock_at(timezone.now() + timedelta(hours=2)):
        assert ("unsigned", 10, 29) in things.places(things.found())
        things.as_superuser("DELETE FROM privacy_checkpoint")
        assert ("unsigned", 0, 29) in things.places(things.found())


def test_checkpoints_that_ended_long_before_the_export(city) -> None:
    with clock_at(timezone.now() + timedelta(hours=2)):
        assert things.places(things.found(city)) == {("unsigned", None, None)}
        checkpoints.make()
        assert things.found(city) == []


@pytest.mark.parametrize("places", [[0, 10**15], [*range(20_000), 5, 5], [-3, 0]])
def test_places_out_of_this_world_are_said_at_once(city, places: list[int]) -> None:
    whole = things.exported()
    leaf = {"kind": "access", "at": whole.leaves[0]["at"], "commitment": "00" * 32}
    odd = verify_ledger.Export(whole.manifest, [{**leaf, "n": n} for n in places], [], [], whole.notes)
    found = verify_ledger.check(odd, [city], things.keys())
    assert any(one.what in ("leaf deleted", "leaf inserted") for one in found)


def test_two_leaves_swapped(city) -> None:
    things.as_superuser(f"UPDATE {LEAF} SET position = -1 WHERE position = 12")
    things.as_superuser(f"UPDATE {LEAF} SET position = 12 WHERE position = 17")
    things.as_superuser(f"UPDATE {LEAF} SET position = 17 WHERE position = -1")
    assert things.places(things.found(city)) == {("rewritten", 10, 19)}


def test_the_one_between_two_that_were_swapped_is_not_accused(city) -> None:
    earlier = verify_ledger.Witness("감사", [], things.exported().own_hashes())
    for begin, end in ((12, -1), (14, 12), (-1, 14)):
        things.as_superuser(f"UPDATE {LEAF} SET position = %s WHERE position = %s", end, begin)
    assert things.places(things.found(city, earlier)) == {("moved", 12, 12), ("moved", 14, 14)}


def test_the_tail_cut(city) -> None:
    gone = [bytes(c) for c in AccessRecord.objects.order_by("pk").values_list("commitment", flat=True)[25:]]
    things.as_superuser(f"DELETE FROM {RECORD} WHERE commitment = ANY(%s)", gone)
    things.as_superuser(f"DELETE FROM {LEAF} WHERE commitment = ANY(%s)", gone)
    assert things.places(things.found()) == {("tail cut", 20, 29)}
    things.as_superuser("DELETE FROM privacy_checkpoint WHERE size > 25")
    assert things.found() == []  # nobody outside: nobody knows
    assert things.places(things.found(city)) == {("tail cut", 20, 29), ("checkpoint gone", None, None)}


def test_everything_rewritten_with_the_right_key(city) -> None:
    things.forget_everything()
    things.past(3, 10)
    assert things.found() == []
    assert ("rewritten", 0, 9) in things.places(things.found(city))


def test_a_stored_tile_changed() -> None:
    city = things.notes(things.past(2, 300))
    things.as_superuser("UPDATE privacy_tile SET root = sha256('x') WHERE index = 1")
    assert things.places(things.found(city)) == {("tile changed", 256, 511)}


def test_the_last_leaf_of_a_tile_deleted_and_the_gap_closed() -> None:
    city = things.notes(things.past(3, 200))
    row = AccessRecord.objects.get(pk=pk(255))
    things.as_superuser(f"DELETE FROM {RECORD} WHERE id = %s", row.pk)
    things.as_superuser(f"DELETE FROM {LEAF} WHERE commitment = %s", bytes(row.commitment))
    things.as_superuser(f"UPDATE {LEAF} SET position = position + 999 WHERE position > 255")
    things.as_superuser(f"UPDATE {LEAF} SET position = position - 1000 WHERE position > 255")
    assert ("leaf deleted", 255, 255) in things.places(things.found(city))
    assert {f.first for f in things.found(city)} <= {255, None}


def test_another_key_is_no_signature(city) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from privacy.ledger import notes

    stranger = str(notes.public_key(things.exported().manifest["origin"], Ed25519PrivateKey.generate()))
    wrong = verify_ledger.check(things.exported(), [city], [stranger])
    assert {f.what for f in wrong} == {"checkpoint forged", "witness doubtful"}


def run(tmp_path: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """The program alone in a folder, as somebody outside has it: no Django, no settings."""
    program = tmp_path / "verify_ledger.py"
    shutil.copy(verify_ledger.__file__, program)
    code = "import sys; sys.modules['django'] = None; sys.argv = sys.argv[1:]; import runpy;"
    code += " runpy.run_path(sys.argv[0], run_name='__main__')"
    command = [sys.executable, "-I", "-c", code, str(program), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env={})


def test_the_program_stands_alone(city, tmp_path: Path) -> None:
    whole, spoiled, kept = tmp_path / "a.zip", tmp_path / "b.zip", tmp_path / "witness.txt"
    kept.write_text("\n".join(checkpoint.note for checkpoint in checkpoints.Checkpoint.objects.all()))
    cpo = officer().username
    for stranger in ("cpo", make.clerk().username):
        with pytest.raises(CommandError, match="개인정보 담당인"):
            call_command("export_ledger", whole, by=stranger, reason="시험")
    call_command("export_ledger", whole, by=cpo, reason="시험", stdout=sys.stderr)
    assert AccessRecord.objects.filter(action="download", identifier=cpo).count() == 1
    with pytest.raises(CommandError):
        call_command("export_ledger", whole, by=cpo, reason="시험")
    good = run(tmp_path, whole, kept, "--key", *things.keys())
    assert (good.returncode, "틀린 곳이 없습니다." in good.stdout) == (0, True), good.stderr
    assert "주의" not in good.stdout
    things.as_superuser(f"UPDATE {RECORD} SET identifier = 'lee' WHERE id = %s", pk(14))
    call_command("export_ledger", spoiled, by=cpo, reason="시험", stdout=sys.stderr)
    bad = run(tmp_path, spoiled, kept, whole)
    assert bad.returncode == 1
    assert "14번 항목: 내용이 바뀌었습니다." in bad.stdout
    assert bad.stdout.count("틀림:") == 1
    assert "주의: --key" in bad.stdout
    nonsense = run(tmp_path, kept)
    assert (nonsense.returncode, "검사하지 못했습니다" in nonsense.stderr) == (2, True)


def test_a_mail_is_a_witness(city, tmp_path: Path) -> None:
    from email.message import EmailMessage

    mail = EmailMessage()
    mail["Subject"], mail["From"] = "장부 확인표", "a@example.kr"
    mail.set_content(f"안내\n\n{checkpoints.latest().note}")
    read = verify_ledger.read_witness("메일", mail.as_bytes())
    assert [note.size for note in read.notes] == [30]
    assert read.notes[0].signed_by(things.keys())
