"""The queue itself: real Celery workers, real Redis protocol, real kills."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection

from broadcast import claims
from broadcast.models import Heartbeat
from broadcast.states import State
from broadcast.tasks import heartbeat, sweep
from tests import make

from . import boxes

pytestmark = pytest.mark.django_db(transaction=True)


def eventually(true: Callable[[], bool], patience: float = 30) -> None:
    until = time.monotonic() + patience
    while not true():
        assert time.monotonic() < until, "it did not come true"
        time.sleep(0.1)


def database_url() -> str:
    """Where this test's rows are."""
    at = connection.settings_dict
    return f"postgresql://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"


@contextmanager
def worker(lane: str, *flags: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of that lane (or queue), ready to work."""
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "jinju_portal",
        "worker",
        "-Q",
        lane,
        "-n",
        f"{lane}@test",
        "-c2",
    ]
    child = subprocess.Popen(
        [*command, *flags, "--without-gossip", "--without-mingle", "--loglevel=WARNING"],
        env={
            **os.environ,
            "DATABASE_URL": database_url(),
            "REDIS_URL": settings.CELERY_BROKER_URL,
            "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        },
        start_new_session=True,
    )
    try:
        name = f"test-{lane}"
        heartbeat.apply_async([name], queue=lane)
        eventually(lambda: Heartbeat.objects.filter(name=name).exists(), 60)
        yield child
    finally:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        connection.close()


@pytest.fixture(scope="module")
def server() -> Iterator[boxes.Boxes]:
    with boxes.running() as running:
        yield running


def test_each_lane_has_its_own_worker(server: boxes.Boxes) -> None:
    """With only the urgent worker up, an urgent broadcast goes out past a routine one that waits."""
    routine = make.published([server.address("good-routine")])
    with worker("urgent"):
        urgent = make.published([server.address(f"good-urgent{n}") for n in range(5)], "wildfire")
        eventually(lambda: urgent.deliveries.filter(state=State.ACCEPTED).count() == 5)
    assert routine.deliveries.get().state == State.WAITING
    with worker("routine"):
        eventually(lambda: routine.deliveries.get().state == State.ACCEPTED)


def test_what_a_killed_worker_held_is_pushed_by_the_next_one(server: boxes.Boxes) -> None:
    with worker("urgent") as doomed:
        broadcast = make.published([server.address("hang-held"), server.address("good-held")], "wildfire")
        eventually(lambda: broadcast.deliveries.filter(state=State.SENDING).exists())
        os.killpg(doomed.pid, signal.SIGKILL)
    held = broadcast.deliveries.filter(state=State.SENDING)
    assert held.exists()
    eventually(lambda: claims.take_back() > 0, claims.LEASE + 10)
    hanging = broadcast.deliveries.get(gateway__address=server.address("hang-held"))
    hanging.gateway.address = server.address("good-afterwards")
    hanging.gateway.save()
    with worker("urgent"):
        sweep()
        eventually(lambda: broadcast.deliveries.filter(state=State.ACCEPTED).count() == 2)
    assert len(server.pushed_to("good-held")) <= 2
    assert Heartbeat.objects.filter(name="beat").exists()


def test_what_comes_regularly_exists() -> None:
    """Each name in the schedule is a task that runs."""
    from celery import current_app

    from jinju_portal.schedule import SCHEDULE

    current_app.loader.import_default_modules()
    for entry in SCHEDULE.values():
        current_app.tasks[entry["task"]].run(*entry["args"])
