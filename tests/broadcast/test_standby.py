"""Broadcasts go out though nobody reads the queue: no worker, no beat. The standby is a real program here."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from broadcast import cancel
from broadcast.models import Delivery
from broadcast.standby import Standby
from broadcast.states import State
from jinju_portal.launcher.folder import PROJECT
from tests import make
from tests.broadcast import boxes
from tests.broadcast.test_worker import database_url, eventually


@pytest.mark.django_db(transaction=True)
def test_what_nobody_takes_is_pushed(tmp_path: Path) -> None:
    with boxes.running() as server, (tmp_path / "log").open("w") as log:
        sent = make.published([server.address(f"good-{n}") for n in range(5)], "wildfire")
        standby = subprocess.Popen(
            [sys.executable, "-m", "jinju_portal.standby"],
            env={**os.environ, "DATABASE_URL": database_url()},
            cwd=PROJECT,
            stderr=log,
        )
        try:
            eventually(lambda: sent.deliveries.filter(state=State.ACCEPTED).count() == 5)
        finally:
            standby.terminate()
            assert standby.wait(20) == 0, (tmp_path / "log").read_text()


@pytest.mark.django_db(transaction=True)
def test_it_leaves_to_the_workers_what_is_not_overdue() -> None:
    with boxes.running() as server:
        fresh = make.published([server.address("good-fresh")], "wildfire")
        routine = make.published([server.address("good-routine")], "life")
        Delivery.objects.filter(broadcast=routine).update(due_at=timezone.now() - timedelta(seconds=5))
        Standby().look()
        assert {row.state for row in Delivery.objects.all()} == {State.WAITING}
        Delivery.objects.filter(broadcast=fresh).update(due_at=timezone.now() - timedelta(seconds=4))
        Standby().look()
        assert fresh.deliveries.get().state == State.ACCEPTED
        assert routine.deliveries.get().state == State.WAITING


@pytest.mark.django_db(transaction=True)
def test_it_stops_what_was_cancelled() -> None:
    with boxes.running() as server:
        sent = make.published([server.address("good-stop")], "wildfire")
        Delivery.objects.update(due_at=timezone.now() - timedelta(seconds=4))
        Standby().look()
        cancel.cancel(sent.pk, sent.author, "시험")
        Delivery.objects.update(stop_asked_at=timezone.now() - timedelta(seconds=4))
        Standby().look()
        assert sent.deliveries.get().stops == 1
