"""Nobody waits for the scanner, and staff open nothing before it has looked. With a real one, too."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from jinju_portal.celery import app
from jinju_portal.schedule import SCHEDULE
from privacy.models import AccessRecord
from repair import paper_scanning, paper_store, papers, tasks
from repair.models import Paper
from tests import make, make_repair

from . import applicant
from . import clamd as real
from .paper_things import (
    INFECTED_PDF,
    TROUBLE,
    a_case,
    citizen_of,
    draft,
    files,
    opens,
    photo,
    saying,
    sent,
    signed_in,
    take,
    until_committed,
)
from .test_paper_content import A_PDF, picture

pytestmark = pytest.mark.django_db


def test_a_clean_one_opens_for_staff_and_only_then() -> None:
    case = a_case()
    office = saying(signed_in(make.clerk()), case)
    [paper] = take(case, sent())
    answer = office.get(f"/repair/papers/{paper.pk}/")
    assert answer.status_code == 409
    assert "아직 안전한지 검사하지 못했습니다" in answer.content.decode()
    assert b"%PDF" not in answer.content
    tasks.scan_papers()
    answer = office.get(f"/repair/papers/{paper.pk}/")
    assert (answer.status_code, answer.content) == (200, A_PDF)


def test_nobody_gets_a_byte_of_an_infected_one() -> None:
    case = a_case()
    [paper] = take(case, sent(INFECTED_PDF))
    until_committed()
    tasks.scan_papers()
    until_committed()
    paper.refresh_from_db()
    assert (paper.scan, paper.found, paper.file) == ("infected", "Eicar-Test-Signature", "")
    assert files() == []
    for client in (signed_in(make.clerk()), signed_in(make_repair.repair_officer()), citizen_of()):
        for method in (client.get, client.head):
            answer = method(f"/repair/papers/{paper.pk}/")
            assert answer.status_code == 410
            assert real.EICAR not in answer.content
    assert "해로운 것" in citizen_of().get(f"/repair/papers/{paper.pk}/").content.decode()
    with pytest.raises(papers.NoBytes):
        papers.open_bytes(paper)
    assert AccessRecord.objects.filter(
        action="delete", subjects__contains=[f"repair.case:{case.pk}"]
    ).exists()


def test_what_is_hidden_behind_a_picture_is_gone_before_the_scanner_looks() -> None:
    [paper] = take(draft(), sent(picture() + real.EICAR, "그림.png"))
    assert real.EICAR not in papers.open_bytes(paper)
    tasks.scan_papers()
    paper.refresh_from_db()
    assert paper.scan == Paper.Scan.CLEAN


def test_scanner_away_saved_locked_and_looked_through_later(settings) -> None:
    settings.PAPER_SCANNER, settings.CLAMD_ADDRESS = "clamd", "unix:/nowhere/clamd"
    case, office = a_case(), signed_in(make.clerk())
    bad, good = take(case, sent(INFECTED_PDF), sent())
    for _ in range(3):
        tasks.scan_papers()
        assert opens(office, bad) == opens(office, good) == 409
    assert sorted(Paper.objects.values_list("scan_tries", flat=True)) == [1, 1]  # and no more: they back off
    settings.PAPER_SCANNER = "example"
    tasks.scan_papers()
    assert opens(office, good) == 409
    Paper.objects.update(scanned_at=timezone.now() - paper_scanning.BACK_OFF[0])
    tasks.scan_papers()
    assert (opens(office, bad), opens(office, good)) == (410, 200)


def test_it_is_tried_for_ever_but_ever_more_seldom(settings) -> None:
    settings.PAPER_SCANNER, settings.CLAMD_ADDRESS = "clamd", "unix:/nowhere/clamd"
    [paper] = take(draft(), sent())
    waits = [*paper_scanning.BACK_OFF, paper_scanning.BACK_OFF[-1], paper_scanning.BACK_OFF[-1]]
    assert paper_scanning.scan_waiting() == 0
    for tries, wait in enumerate(waits, 1):
        for early, expected in ((5, tries), (-1, tries + 1)):
            Paper.objects.update(scanned_at=timezone.now() - wait + timedelta(seconds=early))
            paper_scanning.scan_waiting()
            paper.refresh_from_db()
            assert paper.scan_tries == expected
    Paper.objects.update(scan_tries=32_000, scanned_at=timezone.now() - waits[-1])
    paper_scanning.scan_waiting()
    paper.refresh_from_db()
    assert paper.scan_tries == paper_scanning.MOST_TRIES


def test_a_file_that_the_disk_lost_keeps_nobody_else_waiting() -> None:
    of = draft()
    [lost] = take(of, sent())
    [other] = take(of, photo())
    (paper_store.folder() / lost.file).unlink()
    tasks.scan_papers()
    lost.refresh_from_db()
    other.refresh_from_db()
    assert (lost.scan, other.scan) == ("waiting", "clean")


@pytest.mark.django_db(transaction=True)
def test_one_run_at_a_time() -> None:
    take(draft(), sent())
    seen: list[int] = []

    def another() -> None:
        seen.append(paper_scanning.scan_waiting())
        connection.close()

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [paper_scanning.LOCK])
        thread = threading.Thread(target=another)
        thread.start()
        thread.join()
        cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [paper_scanning.LOCK])
    assert seen == [0]
    assert paper_scanning.scan_waiting() == 1


@pytest.mark.clamd
def test_with_a_real_scanner_that_was_down(tmp_path: Path, settings) -> None:
    daemon = real.Clamd(tmp_path / "clamd")
    settings.PAPER_SCANNER, settings.CLAMD_ADDRESS = "clamd", daemon.address
    case, office = a_case(), signed_in(make.clerk())
    bad, good = take(case, sent(INFECTED_PDF), sent())
    [image] = take(case, photo(), kind=TROUBLE)
    tasks.scan_papers()
    assert [opens(office, each) for each in (bad, good, image)] == [409] * 3
    assert [opens(citizen_of(), each) for each in (bad, good, image)] == [409, 409, 200]
    daemon.start()
    try:
        Paper.objects.update(scanned_at=None)
        tasks.scan_papers()
    finally:
        daemon.stop()
    until_committed()
    bad.refresh_from_db()
    assert (bad.found, bad.file) == (real.FOUND, "")
    assert [opens(office, each) for each in (bad, good, image)] == [410, 200, 200]
    assert not any(real.EICAR in office.get(f"/repair/papers/{p.pk}/").content for p in (bad, good, image))
    assert len(files()) == 2


def test_a_citizen_on_the_web_is_never_held_up_by_the_scanner(client: Client, settings) -> None:
    """Through the pages: sent while the scanner is down, filed, locked for the office, and found out later."""
    settings.PAPER_SCANNER, settings.CLAMD_ADDRESS = "clamd", "unix:/nowhere/clamd"
    make_repair.programme()
    case = applicant.filed(
        client, papers={"evidence": [sent(INFECTED_PDF, "증명서.pdf"), sent()], "trouble": [photo()]}
    )
    taken = case.papers.all()
    assert len(taken) == 3
    tasks.scan_papers()
    office = signed_in(make.clerk())
    assert [opens(office, paper) for paper in taken] == [409] * 3
    settings.PAPER_SCANNER = "example"
    Paper.objects.update(scanned_at=None)
    tasks.scan_papers()
    until_committed()
    found = {paper.size: opens(office, paper) for paper in taken}
    assert sorted(found.values()) == [200, 200, 410]
    assert found[len(INFECTED_PDF)] == 410
    for who in (office, client, signed_in(make_repair.repair_officer())):
        for paper in taken:
            assert real.EICAR not in who.get(f"/repair/papers/{paper.pk}/").content
    assert len(files()) == 2


def test_beat_knows_the_tasks() -> None:
    app.loader.import_default_modules()
    asked = {entry["task"] for entry in SCHEDULE.values() if entry["task"].startswith("repair.")}
    assert asked == {
        f"repair.tasks.{name}" for name in ("scan_papers", "follow_holidays", "warn_of_deadlines", "forget")
    }
    assert asked <= set(app.tasks)
    for task in asked:
        app.tasks[task]()
