"""A worker that listens no more, with a real one: connected, idle, and taking nothing."""

import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from kombu import Connection
from redis import Redis

from jinju_portal.celery import app
from jinju_portal.launcher.folder import PROJECT
from jinju_portal.watchdog import EX_TEMPFAIL

from .test_servers import until


@pytest.mark.parametrize("pool", ["prefork", "threads"])
def test_a_silent_worker_ends_itself(tmp_path: Path, pool: str) -> None:
    queue = f"silent-{uuid4().hex[:8]}"
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "jinju_portal",
        "worker",
        "-n",
        f"{queue}@%h",
        "-Q",
        queue,
        "-P",
        pool,
    ]
    with (tmp_path / "log").open("w") as log, Redis.from_url(settings.CELERY_BROKER_URL) as redis:
        worker = subprocess.Popen(
            [*command, "-c1", "--without-gossip", "--without-mingle"],
            env=dict(os.environ),
            cwd=PROJECT,
            stdout=log,
            stderr=log,
        )
        try:
            until(lambda: any(client["name"] == queue for client in redis.client_list()))
            # A connection of this test's own: the app's pool may come from a test in which Redis was away.
            with app.connection_for_write(settings.CELERY_BROKER_URL) as line:
                app.control.cancel_consumer(queue, connection=line)
                until(lambda: _cancelled(queue, line))
            redis.rpush(queue, "what nobody takes")
            assert worker.wait(40) == EX_TEMPFAIL
        finally:
            worker.kill()
            worker.wait()
            redis.delete(queue)


def _cancelled(queue: str, line: Connection) -> bool:
    answers = app.control.inspect(timeout=1, connection=line).active_queues() or {}
    mine = [queues for name, queues in answers.items() if name.startswith(f"{queue}@")]
    return bool(mine) and not mine[0]
