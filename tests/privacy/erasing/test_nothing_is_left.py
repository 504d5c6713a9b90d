"""Erasing somebody leaves no byte of them: in rows, sealed or not, files, sessions, queue, a dump, and a backup from
before that is restored. A control finds them everywhere first. Every proof still verifies."""

import logging
import os
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings as portal
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from learning import visits_planning
from learning.actors import SYSTEM
from learning.models import Booking, VisitClass, VisitRequest
from people.models import Message, Resident, RoleGrant, User
from privacy import erasing, erasure_register, verify_ledger
from privacy.ledger import checkpoints
from privacy.ledger.proofs import proof_of
from privacy.ledger.sequence import sequence
from privacy.models import AccessRecord, Destruction, ErasurePlan, KeptApart
from repair.models import Draft
from tests import make, make_learning, make_repair
from tests.privacy.ledger import things

from . import scan
from .somebody import PERSON, PHONE, SPELLINGS, everywhere
from .somebody import WORDS as STORED

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = [*STORED, *SPELLINGS]


@pytest.fixture(autouse=True)
def register(tmp_path: Path, settings) -> Path:
    settings.ERASURE_REGISTER = str(tmp_path / "erasures.jsonl")
    return tmp_path / "erasures.jsonl"


def officer() -> User:
    user = make.user()
    RoleGrant.objects.create(user=user, role=RoleGrant.Role.PRIVACY_OFFICER, reason="시험")
    return user


class Asked:
    """A request as the deeds take it."""

    def __init__(self, user: User) -> None:
        self.user, self.META = user, {"REMOTE_ADDR": "192.0.2.9"}


def erased() -> ErasurePlan:
    plan = erasing.propose(Asked(officer()), PERSON, "정보주체의 삭제 요구")
    return erasing.approve(Asked(officer()), plan.pk)


def media() -> list[str]:
    folder = Path(portal.MEDIA_ROOT)
    return sorted(str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file())


def test_nothing_is_left_also_in_a_backup_from_before(tmp_path: Path, register: Path) -> None:
    files_before = media()
    everywhere()
    papers = [one for one in media() if one not in files_before]
    assert len(papers) >= 2
    sequence()
    checkpoints.make(timezone.now())
    old, new = tmp_path / "old.sql", tmp_path / "new.sql"
    scan.dump(old)

    # The control: they are found wherever somebody looks.
    before = scan.in_rows(WORDS)
    for word in STORED:
        assert any(line.endswith(f": {word}") for line in before), f"the scan does not find {word}"
    in_old = [word for word in WORDS if word in old.read_text(encoding="utf-8")]
    assert {PERSON.index, PERSON.index[:12]} <= set(in_old)

    erased()
    assert scan.in_rows(WORDS) == []
    scan.dump(new)
    assert scan.in_files(WORDS, tmp_path / "media", Path(portal.MEDIA_ROOT)) == []
    text = new.read_text(encoding="utf-8")
    assert [word for word in WORDS if word in text] == []
    assert [one for one in media() if one in papers] == []
    assert scan.in_queue(WORDS) == []
    assert [word for word in WORDS if word in register.read_text(encoding="utf-8")] == []

    # What happened is still proved, and nobody is accused.
    sequence()
    made = checkpoints.make(timezone.now())
    entry = AccessRecord.objects.filter(identifier="demo-call").latest("pk")
    assert verify_ledger.check_proof(proof_of(entry), things.keys())[0] == "good"
    assert things.found(things.notes([made])) == []

    # Somebody restores the dump from before, and starts the portal: `migrate` erases them again.
    with restored(old):
        assert scan.in_rows([PERSON.index]) != []
        call_command("migrate", verbosity=0)
        assert scan.in_rows(WORDS) == []
        assert erasing.missing() == []
        again = tmp_path / "again.sql"
        scan.dump(again)
        assert [word for word in WORDS if word in again.read_text(encoding="utf-8")] == []


class restored:
    """The portal's connection leads to a database made from that dump."""

    def __init__(self, dumped: Path) -> None:
        self.dumped, self.ours = dumped, connection.settings_dict["NAME"]
        self.name = f"{self.ours}_restored"

    def __enter__(self) -> None:
        scan.restore(self.dumped, self.name)
        connection.close()
        connection.settings_dict["NAME"] = self.name

    def __exit__(self, *error: object) -> None:
        connection.close()
        connection.settings_dict["NAME"] = self.ours
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{self.name}" WITH (FORCE)')


def test_no_log_ever_had_them(caplog: pytest.LogCaptureFixture) -> None:
    """Neither of the portal, nor of the servers, also when something goes wrong with their data."""
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    browser = everywhere()
    word = f"탐침{uuid4().hex}"  # stands in no other test
    browser.post("/privacy/mine/requests/", {"kind": "nonsense", "words": word})
    browser.post("/learning/visits/ask/", {"contact_name": word, "contact_phone": "010-9999-7001"})
    bad = {"key": f"twice {word}", "template": word, "to": PHONE, "text": word, "due_at": timezone.now()}
    Message.objects.create(**bad)
    with pytest.raises(DatabaseError), transaction.atomic():
        Message.objects.create(**bad)
    erased()
    logs = scan.server_logs()
    assert logs or "DATABASE_URL" in os.environ
    assert scan.in_files([*WORDS, word], *logs) == []
    said = "\n".join(
        f"{one.getMessage()} {one.exc_text or ''} {one.args}"
        for one in caplog.records
        if one.name != "django.db.backends"
    )
    # SQL of the DEBUG level is the tests' own; nobody runs the portal so.
    assert [one for one in [*WORDS, word] if one in said] == []
    # The control: the same failure is there for a session that asks for statements, and the scan finds it.
    with connection.cursor() as cursor:
        cursor.execute("SET log_min_error_statement = error; SET log_error_verbosity = default")
        Message.objects.create(**bad)
        with pytest.raises(DatabaseError), transaction.atomic():
            Message.objects.create(**bad)
        cursor.execute("RESET log_min_error_statement; RESET log_error_verbosity")
    assert not logs or any(word in line for line in scan.in_files([word], *logs))


def test_what_a_law_keeps_is_held_apart_and_goes_when_its_time_is_over() -> None:
    everywhere(case_is_running=True)
    plan = ErasurePlan.objects.get(pk=erased().pk)
    apart = {one.row.split("/")[0] for one in plan.kept.all()}
    assert {"repair.Case", "repair.Device", "people.Resident"} <= apart
    assert all(one.ground for one in plan.kept.all())
    left = {
        line.split(":")[0].split(".")[-2]
        for line in scan.in_rows(WORDS)
        if line.startswith("people.Resident")
    }
    assert left == {"Resident"}  # the case's own, and nothing of learning or broadcast
    assert not [line for line in scan.in_rows(WORDS) if line.startswith(("learning", "broadcast", "privacy"))]
    assert Resident.objects.get(phone_index=PERSON.index).name == "카나리아"
    KeptApart.objects.update(until=timezone.localdate() - timedelta(days=1))
    assert erasing.erase_what_was_kept() > 0
    assert scan.in_rows(["카나리아", "비밀로 77", PHONE]) == []
    assert erasing.erase_what_was_kept() == 0


def test_never_by_the_one_who_proposed_it() -> None:
    everywhere()
    first, second = officer(), officer()
    plan = erasing.propose(Asked(first), PERSON, "요구")
    assert erasing.propose(Asked(second), PERSON, "또") == plan
    with pytest.raises(erasing.NotPossible, match="올린 사람"):
        erasing.approve(Asked(first), plan.pk)
    with pytest.raises(DatabaseError, match="erasure_by_a_second_person"), transaction.atomic():
        ErasurePlan.objects.filter(pk=plan.pk).update(decided_by=first)
    erasing.refuse(Asked(second), plan.pk)
    with pytest.raises(erasing.NotPossible, match="이미 끝난"):
        erasing.approve(Asked(second), plan.pk)
    assert scan.in_rows(["카나리아"]) != []


def test_all_or_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The register outside cannot be written: nothing is erased, for it would come back with a backup."""
    everywhere()
    plan = erasing.propose(Asked(officer()), PERSON, "요구")
    monkeypatch.setattr(erasure_register, "_append", lambda *given: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        erasing.approve(Asked(officer()), plan.pk)
    assert scan.in_rows(["카나리아"]) != []
    assert not Destruction.objects.exists()


def test_a_refused_plan_keeps_no_phone() -> None:
    everywhere()
    plan = erasing.propose(Asked(officer()), PERSON, "요구")
    erasing.refuse(Asked(officer()), plan.pk)
    plan.refresh_from_db()
    assert (plan.phone, plan.phone_index) == (None, "")


def test_nobody_waits_in_vain_for_whoever_was_erased() -> None:
    """Their seat is free again; a class at their place is called off, also for a group that would have come there."""
    everywhere()
    seat = Booking.objects.get(learner__phone_index=PERSON.index, session__starts_at__gt=timezone.now())
    visit = VisitClass.objects.get(state="proposed", requests__phone_index=PERSON.index)
    guest = make_learning.visit_request(state="planned", visit_class=visit, contact_phone="+821012340000")
    erased()
    seat.refresh_from_db()
    visit.refresh_from_db()
    guest.refresh_from_db()
    assert seat.state == "cancelled"
    assert (visit.state, visit.place_name, visit.address) == ("called_off", "", None)
    assert guest.state == "open" and guest.contact_name and guest.visit_class is None
    assert scan.in_rows(WORDS) == []


def test_the_place_of_another_group_stays() -> None:
    everywhere()
    host = make_learning.visit_request(people=4, place_name="남의 회관", address="경상남도 진주시 남의로 1")
    theirs = VisitRequest.objects.filter(phone_index=PERSON.index, state="open").first()
    day = timezone.now() + timedelta(days=20)
    visit = visits_planning.propose(
        [host.pk, theirs.pk], visits_planning.Plan(day, day + timedelta(hours=2), host.pk), SYSTEM
    )
    plan = erased()
    visit.refresh_from_db()
    assert (visit.state, visit.place_name) == ("proposed", "남의 회관")
    assert not Destruction.objects.filter(plan=plan.pk, rows__contains=[f"learning.VisitClass//{visit.pk}"])
    assert scan.in_rows(WORDS) == []


def test_what_was_never_committed_is_not_done_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line outside is there, then the commit fails; the second officer refuses after all."""
    everywhere()
    plan = erasing.propose(Asked(officer()), PERSON, "요구")
    begin = erasure_register.begin

    def begin_and_fail(*given: str) -> None:
        begin(*given)
        raise DatabaseError("connection lost")

    monkeypatch.setattr(erasure_register, "begin", begin_and_fail)
    with pytest.raises(DatabaseError):
        erasing.approve(Asked(officer()), plan.pk)
    assert erasing.doubtful() == 1
    erasing.refuse(Asked(officer()), plan.pk)
    assert (erasing.replay(), erasing.missing(), erasing.doubtful()) == (0, [], 0)
    assert scan.in_rows(["카나리아"]) != []


def test_a_power_cut_after_the_commit_is_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    everywhere()
    monkeypatch.setattr(erasure_register, "end", lambda plan: None)
    plan = erased()
    monkeypatch.undo()
    assert erasure_register.read().done == set()
    call_command("migrate", verbosity=0)
    assert erasure_register.read().done == {str(plan.pk)}


def test_a_torn_line_stops_nothing(register: Path, client: Client) -> None:
    everywhere()
    register.write_bytes(b'{"plan": "11111111-1111')
    plan = erased()
    told = erasure_register.read()
    assert (set(told.begun), told.done, told.unreadable) == ({str(plan.pk)}, {str(plan.pk)}, 1)
    call_command("migrate", verbosity=0)
    make.signed_in(client, officer())
    assert "멈춘 것이 1건" in client.get("/privacy/erasures/").content.decode()


def test_a_backup_from_before_their_rows_had_these_keys(tmp_path: Path) -> None:
    """What they had begun in writing then was filed and erased since: it is another row, of the same person."""
    make_repair.programme()
    draft = Draft.objects.create(phone_index=PERSON.index, answers='{"who": {"name": "초안카나리"}}')
    waiting = erasing.propose(Asked(officer()), PERSON, "요구")
    old = tmp_path / "old.sql"
    scan.dump(old)
    draft.delete()
    make_repair.case(name="카나리아", phone="010-9999-7001")
    erasing.approve(Asked(officer()), waiting.pk)
    with restored(old):
        assert Draft.objects.count() == 1 and ErasurePlan.objects.get().state == "waiting"
        call_command("migrate", verbosity=0)
        assert scan.in_rows([*WORDS, "초안카나리"]) == []
        assert not ErasurePlan.objects.exists()
        assert erasing.missing() == []


def test_what_a_law_keeps_is_apart_in_a_backup_too(tmp_path: Path) -> None:
    everywhere(case_is_running=True)
    old = tmp_path / "old.sql"
    scan.dump(old)
    erased()
    apart = set(KeptApart.objects.values_list("row", "ground", "until"))
    assert apart
    with restored(old):
        call_command("migrate", verbosity=0)
        assert set(KeptApart.objects.values_list("row", "ground", "until")) == apart


def test_migrating_back_asks_for_no_table_that_is_gone(tmp_path: Path) -> None:
    scan.dump(tmp_path / "old.sql")
    with restored(tmp_path / "old.sql"):
        call_command("migrate", "privacy", "0007", verbosity=0)
        assert "privacy_destruction" not in scan.tables()


def test_the_register_only_grows() -> None:
    everywhere()
    erased()
    row = Destruction.objects.first()
    assert row
    for wrong in (lambda: row.delete(), lambda: Destruction.objects.update(count=1)):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            wrong()
    assert sum(one.count for one in Destruction.objects.all()) > 15


def test_pages(client: Client) -> None:
    everywhere()
    first, second = officer(), officer()
    plan = erasing.propose(Asked(first), PERSON, "요구")
    make.signed_in(client, first)
    page = client.get(f"/privacy/erasures/{plan.pk}/").content.decode()
    assert "수업 신청" in page and "올린 사람은 정할 수 없습니다" in page and "카나리아" not in page
    make.signed_in(client, second)
    assert "010-****-7001" in client.get("/privacy/erasures/").content.decode()
    client.post(f"/privacy/erasures/{plan.pk}/decide/", {"do": "approve"})
    done = client.get(f"/privacy/erasures/{plan.pk}/").content.decode()
    assert "파기 대장에 적힌 것" in done and "010-" not in done
    assert client.get("/privacy/erasures/").status_code == 200
