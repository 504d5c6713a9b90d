"""Looking through files that were taken in. Nobody waits for it; until it has been done, staff open none."""

import logging
from datetime import timedelta
from time import monotonic

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from privacy.sealing import SealBroken

from . import papers
from .models import Paper
from .scanners import ScannerAway, scanner

log = logging.getLogger(__name__)

#: Waits before the next try, by how often it was tried; the last one for ever.
BACK_OFF = [timedelta(seconds=s) for s in (10, 30, 60, 120, 300)]
#: Counted no further: the column is small, and by then somebody was called long ago.
MOST_TRIES = 1000
#: What one run does before it lets other tasks have the worker.
AT_ONCE, BUDGET = 100, 20.0
LOCK = "repair scan_papers"


def scan_waiting() -> int:
    """Looks through those that are due; returns how many. One run at a time, whoever asks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        try:
            return _scan_due()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [LOCK])


def _scan_due() -> int:
    looked, until = 0, monotonic() + BUDGET
    while looked < AT_ONCE and monotonic() < until and (paper := claim()):
        if not scan(paper):
            break
        looked += 1
    return looked


def claim() -> Paper | None:
    """The next that is due. Its try is written first: a worker that dies over it leaves it for later, not for ever.

    Those never tried go first, so that one that no scanner can stand keeps none waiting.
    """
    now, due = timezone.now(), Q(scanned_at=None)
    for tries, wait in enumerate(BACK_OFF, 1):
        last = tries == len(BACK_OFF)
        due |= Q(scanned_at__lte=now - wait, **{"scan_tries__gte" if last else "scan_tries": tries})
    with transaction.atomic():
        waiting = Paper.objects.filter(due, scan=Paper.Scan.WAITING).order_by("scan_tries", "at")
        paper = waiting.select_for_update(of=("self",), skip_locked=True).first()
        if paper is not None:
            paper.scan_tries, paper.scanned_at = min(paper.scan_tries + 1, MOST_TRIES), now
            paper.save(update_fields=["scan_tries", "scanned_at"])
    return paper


def scan(paper: Paper) -> bool:
    """Looks through one and writes what was found. False: the scanner is away, and the others can wait, too."""
    try:
        data = papers.open_bytes(paper)
    except (papers.NoBytes, OSError, SealBroken) as error:
        log.error("paper %s cannot be opened: %s", paper.pk, error)
        return True
    try:
        verdict = scanner().scan(data)
    except ScannerAway as error:
        log.warning("paper %s waits, tried %s times: %s", paper.pk, paper.scan_tries, error)
        return False
    if verdict.clean:
        waiting = Paper.objects.filter(pk=paper.pk, scan=Paper.Scan.WAITING)
        waiting.update(scan=Paper.Scan.CLEAN, scanned_at=timezone.now())
    else:
        log.warning("paper %s: %s", paper.pk, verdict.name)
        papers.destroy(paper.pk, verdict.name)
    return True
