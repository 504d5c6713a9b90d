"""PostgreSQL and Valkey as the launcher runs them: kept over kills, cleared after them, as root and not."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from redis import Redis

from jinju_portal.launcher import owner
from jinju_portal.launcher.folder import PROJECT
from jinju_portal.launcher.postgres import Postgres
from jinju_portal.launcher.processes import end_group, identity
from jinju_portal.launcher.servers import free_port, wait_until_up
from jinju_portal.launcher.valkey import Valkey

#: Starts both, says where, and waits to be killed.
PARENT = """
import json, sys, time
from pathlib import Path
from jinju_portal.launcher.postgres import Postgres
from jinju_portal.launcher.valkey import Valkey
from jinju_portal.launcher.servers import wait_until_up
var, pg_port, queue_port = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
servers = [Postgres(var / "pg", pg_port, "p", var / "pg.log"), Valkey(var / "queue", queue_port, "q", var / "q.log")]
children = [server.start() for server in servers]
for server, child in zip(servers, children):
    wait_until_up(server, child, var / "pg.log")
print(json.dumps([child.pid for child in children]), flush=True)
time.sleep(600)
"""


@pytest.fixture
def var() -> Iterator[Path]:
    """A folder that PostgreSQL's user can enter also when the tests run as root, with a short path."""
    folder = Path(tempfile.mkdtemp(prefix="jinju-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


def until(true: Callable[[], object], patience: float = 30) -> None:
    end = time.monotonic() + patience
    while not true():
        assert time.monotonic() < end, "did not come true"
        time.sleep(0.05)


def sql(server: Postgres, *statements: str) -> list[tuple]:
    with closing(psycopg2.connect(server.url)) as line, line, line.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        return cursor.fetchall()


def test_what_was_written_outlives_a_killed_launcher(var: Path) -> None:
    pg_port, queue_port = free_port(29000, 1000), free_port(30000, 1000)
    command = [sys.executable, "-c", PARENT, str(var), str(pg_port), str(queue_port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=PROJECT, text=True) as parent:
        assert parent.stdout
        pids = json.loads(parent.stdout.readline())
        postgres = Postgres(var / "pg", pg_port, "p", var / "pg.log")
        valkey = Valkey(var / "queue", queue_port, "q", var / "q.log")
        sql(postgres, "CREATE TABLE said (word text)", "INSERT INTO said VALUES ('안녕') RETURNING word")
        with Redis.from_url(valkey.url) as redis:
            redis.rpush("urgent", "id")
            assert redis.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        parent.kill()
    if sys.platform == "linux":
        until(lambda: not any(map(identity, pids)))
    children = [postgres.start(), valkey.start()]
    try:
        wait_until_up(postgres, children[0], var / "pg.log")
        wait_until_up(valkey, children[1], var / "q.log")
        assert sql(postgres, "SELECT word FROM said") == [("안녕",)]
        with Redis.from_url(valkey.url) as redis:
            assert redis.lrange("urgent", 0, -1) == [b"id"]
    finally:
        for child in children:
            end_group(child.pid, signal.SIGINT, 10)
            child.wait()


def test_stale_notes_and_half_made_data_are_no_obstacle(var: Path) -> None:
    (var / "pg").mkdir()
    postgres = Postgres(var / "pg", free_port(29000, 1000), "p", var / "pg.log", durable=False)
    (postgres.home / "data.new").mkdir()
    (postgres.home / "data.new" / "half").write_text("a kill during initdb")
    for _ in range(2):
        child = postgres.start()
        try:
            wait_until_up(postgres, child, var / "pg.log")
            assert sql(postgres, "SELECT current_database()") == [("jinju",)]
        finally:
            end_group(child.pid, signal.SIGINT, 10)
            child.wait()
        # As a killed server leaves it, its pid given to somebody else since: us.
        (postgres.data / "postmaster.pid").write_text(f"{os.getpid()}\n{postgres.data}\n")


def test_a_server_that_an_earlier_launcher_left_is_ended(var: Path) -> None:
    postgres = Postgres(var / "pg", free_port(29000, 1000), "p", var / "pg.log", durable=False)
    left = postgres.start()
    wait_until_up(postgres, left, var / "pg.log")
    child = postgres.start()
    try:
        assert left.wait(10) == 0
        wait_until_up(postgres, child, var / "pg.log")
        assert sql(postgres, "SELECT 1") == [(1,)]
    finally:
        end_group(child.pid, signal.SIGINT, 10)
        child.wait()


def test_below_a_folder_that_only_its_owner_may_enter() -> None:
    """As root: as in /root. Nobody's permissions change, and the checkout keeps a link to the data."""
    closed = Path(tempfile.mkdtemp(prefix="jinju-test-"))
    folder = closed / "var" / "postgres"
    try:
        postgres = Postgres(folder, free_port(29000, 1000), "p", closed / "pg.log", durable=False)
        child = postgres.start()
        try:
            wait_until_up(postgres, child, closed / "pg.log")
            assert sql(postgres, "SELECT 1") == [(1,)]
        finally:
            end_group(child.pid, signal.SIGINT, 10)
            child.wait()
        assert closed.stat().st_mode & 0o777 == 0o700
        assert folder.is_symlink() == (os.geteuid() == 0)
        assert (folder / "data" / "PG_VERSION").exists()
    finally:
        if os.geteuid() == 0:
            shutil.rmtree(owner.outside(folder))
        shutil.rmtree(closed)
