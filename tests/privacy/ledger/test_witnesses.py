"""Each way of handing a checkpoint out, with somebody real at the other end; and what happens when they are away."""

import base64
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.utils import timezone

from privacy import verify_ledger
from privacy.ledger import checkpoints, signing
from privacy.ledger.proofs import proof_of
from privacy.ledger.witnesses.handing import hand_out, standing
from privacy.models import AccessRecord, WitnessReceipt

from . import outside, things

pytestmark = pytest.mark.django_db


def receipts() -> list[tuple[int, str]]:
    rows = WitnessReceipt.objects.order_by("checkpoint__size").select_related("checkpoint")
    return [(row.checkpoint.size, row.state) for row in rows]


def due() -> None:
    WitnessReceipt.objects.update(due_at=timezone.now())


def test_a_file_that_only_grows(settings, tmp_path: Path) -> None:
    file = tmp_path / "밖" / "witness.txt"
    settings.LEDGER_WITNESSES = [f"보관함=file://{file}"]
    for size in (3, 6):
        things.written(3)
        made = checkpoints.make(timezone.now() + timedelta(minutes=size))
        assert made and made.size == size
        assert (hand_out(), hand_out()) == (1, 0)
    kept = verify_ledger.read_witness("보관함", file.read_bytes())
    assert [note.size for note in kept.notes] == [3, 6]
    assert things.found(kept) == []
    proof = proof_of(AccessRecord.objects.first())
    assert [(w["name"], w["checkpoint"]) for w in proof["witnesses"]] == [("보관함", made.note)]


def test_a_file_that_is_gone_or_shorter_is_no_witness_any_more(settings, tmp_path: Path) -> None:
    """A disk that is not there after a restart must not become a file on our own."""
    file = tmp_path / "밖" / "witness.txt"
    settings.LEDGER_WITNESSES = [f"보관함=file://{file}"]
    start = timezone.now()

    def handed(minutes: int) -> int:
        checkpoints.make(start + timedelta(minutes=minutes))
        due()
        return hand_out()

    assert (handed(0), handed(5)) == (1, 1)
    whole = file.read_bytes()
    file.unlink()
    assert handed(10) == 0 and not file.exists()
    file.write_bytes(whole[:-50])
    assert handed(15) == 0 and file.read_bytes() == whole[:-50]
    assert "짧아졌습니다" in WitnessReceipt.objects.filter(state="waiting").latest("checkpoint_id").trouble
    file.write_bytes(whole + b"half a line")
    assert handed(20) == 1
    read = verify_ledger.read_witness("보관함", file.read_bytes())
    assert [note.at.minute for note in read.notes] == [
        (start + timedelta(minutes=m)).minute for m in (0, 5, 20)
    ]


def test_a_mailbox_gets_one_a_day(settings) -> None:
    settings.LEDGER_WITNESSES = ["감사실=mailto:audit@example.kr#every=1440"]
    start = timezone.now()
    for minutes in (0, 10, 1430, 1445):
        checkpoints.make(start + timedelta(minutes=minutes))
        hand_out()
    assert len(mail.outbox) == 2
    assert mail.outbox[0].to == ["audit@example.kr"]
    read = verify_ledger.read_witness("메일", mail.outbox[1].message().as_bytes())
    assert read.notes[0].signed_by(things.keys())


def test_another_office_checks_that_we_grew_and_cosigns(settings) -> None:
    office = outside.OtherOffice(signing.public_keys()[0])
    with outside.served(office.answer) as url:
        settings.LEDGER_WITNESSES = [f"이웃 시청={url}#key={office.key}"]
        things.past(1, 300)
        assert hand_out() == 1
        things.past(1, 5)
        assert hand_out() == 1
        assert (office.size, office.asked) == (305, [0, 300])
        # A receipt of ours was lost: it tells where it stands.
        WitnessReceipt.objects.all().delete()
        things.past(1, 5)
        assert hand_out() == 1
        assert office.asked[2:] == [0, 305]
        receipt = WitnessReceipt.objects.get()
        assert receipt.receipt.startswith("— office.example/w ")


def test_another_office_refuses_another_history(settings) -> None:
    office = outside.OtherOffice(signing.public_keys()[0])
    with outside.served(office.answer) as url:
        settings.LEDGER_WITNESSES = [f"이웃 시청={url}#key={office.key}"]
        things.past(1, 10)
        hand_out()
        WitnessReceipt.objects.all().delete()
        things.forget_everything()
        things.past(1, 12)
        assert hand_out() == 0
        assert office.size == 10
        assert WitnessReceipt.objects.get().trouble == "status 422"


def test_a_cosignature_of_somebody_else_is_none(settings) -> None:
    office, stranger = (outside.OtherOffice(signing.public_keys()[0]) for _ in range(2))
    with outside.served(office.answer) as url:
        settings.LEDGER_WITNESSES = [f"이웃 시청={url}#key={stranger.key}"]
        things.past(1, 3)
        assert hand_out() == 0
        assert "not signed by this witness" in WitnessReceipt.objects.get().trouble


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> outside.TimestampAuthority:
    return outside.TimestampAuthority(tmp_path_factory.mktemp("tsa"))


def test_a_real_timestamp(settings, authority) -> None:
    with outside.served(authority.answer) as url:
        settings.LEDGER_WITNESSES = [f"시각 도장=tsa+{url}/#ca={authority.folder / 'ca.pem'}"]
        (made,) = things.past(1, 3)
        assert hand_out() == 1
    receipt = WitnessReceipt.objects.get()
    assert "Verification: OK" in authority.verify(base64.b64decode(receipt.receipt), made.note.encode())


def test_a_timestamp_of_something_else_or_of_nobody_known(settings, authority, tmp_path: Path) -> None:
    first: list[bytes] = []

    def again(path: str, body: bytes) -> tuple[int, bytes]:
        first.append(authority.answer(path, body)[1])
        return 200, first[0]

    stranger = tmp_path / "stranger"
    stranger.mkdir()
    outside.TimestampAuthority(stranger)
    things.past(1, 3)
    with outside.served(again) as url:
        settings.LEDGER_WITNESSES = [f"시각 도장=tsa+{url}/#ca={authority.folder / 'ca.pem'}"]
        things.past(1, 1)
        assert hand_out() == 1
        things.past(1, 1)
        assert hand_out() == 0  # the answer to an earlier question
        settings.LEDGER_WITNESSES = [f"시각 도장=tsa+{url}/#ca={stranger / 'ca.pem'}"]
        first.clear()
        due()
        assert hand_out() == 0
    assert "VerificationError" in WitnessReceipt.objects.get(state="waiting").trouble


def test_who_is_away_stops_nobody(settings, tmp_path: Path, client) -> None:
    settings.LEDGER_WITNESSES = [
        "이웃 시청=http://127.0.0.1:9#key=x+00000000+AA==",
        "없는 방법=tsa+http://127.0.0.1:9#ca=/nowhere",
        f"보관함=file://{tmp_path / 'witness.txt'}",
    ]
    past = timezone.now() - timedelta(hours=2)
    things.written(3, past)
    checkpoints.make(past)
    assert (hand_out(), hand_out()) == (1, 0)
    assert [w["ok"] for w in standing()] == [False, False, True]
    waiting = WitnessReceipt.objects.filter(state="waiting")
    assert {receipt.tries for receipt in waiting} == {1}
    assert all(receipt.trouble and receipt.due_at > timezone.now() for receipt in waiting)
    assert checkpoints.make() is not None
    assert "1시간 넘게 받지 못했습니다" in client.get("/privacy/checkpoints/").content.decode()


def test_the_newest_covers_what_waited(settings, tmp_path: Path) -> None:
    settings.LEDGER_WITNESSES = [f"보관함=file://{tmp_path}"]  # a folder: cannot be written
    things.past(3, 2)
    assert hand_out() == 0
    settings.LEDGER_WITNESSES = [f"보관함=file://{tmp_path / 'witness.txt'}"]
    due()
    assert hand_out() == 1
    assert receipts() == [(2, "covered"), (4, "covered"), (6, "seen")]


@pytest.mark.parametrize("text", ["이름만", "이름=ftp://example.kr", "=file:///x"])
def test_a_setting_that_is_none(settings, text: str) -> None:
    from django.core.exceptions import ImproperlyConfigured

    from privacy.ledger.witnesses import witnesses

    settings.LEDGER_WITNESSES = [text]
    with pytest.raises(ImproperlyConfigured):
        witnesses()
