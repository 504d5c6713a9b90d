"""The launcher around one command: with servers of its own (`run`), or inside the city that runs (`exec`)."""

import os
import shutil
import signal
import subprocess
import tempfile
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from .city import PORTS, SPREAD
from .folder import PROJECT, Folder
from .postgres import Postgres
from .processes import end_group
from .servers import Server, free_port, wait_until_up
from .surroundings import new_secrets, portal_env
from .valkey import Valkey
from .words import Trouble


def run(command: list[str]) -> int:
    """Run it with PORTAL_MODE=test beside a fresh PostgreSQL and Valkey. Returns its exit code.

    DATABASE_URL and REDIS_URL, where the environment has them, are used as they are. DURABLE=1: what is written is kept
    over a power cut, as in a real city: for measuring what that costs.
    """
    var = Path(tempfile.mkdtemp(prefix="jinju-"))
    # PostgreSQL's user has to get in, nobody to look.
    var.chmod(0o711)
    made, durable = new_secrets(), os.environ.get("DURABLE") == "1"
    running: list[tuple[Server, subprocess.Popen[bytes]]] = []
    try:
        servers: dict[str, Server] = {}
        if "DATABASE_URL" not in os.environ:
            port = free_port(PORTS["postgres"], SPREAD)
            log = var / "postgres.log"
            password = made["DATABASE_PASSWORD"]
            servers["DATABASE_URL"] = Postgres(var / "postgres", port, password, log, durable=durable)
        if "REDIS_URL" not in os.environ:
            port = free_port(PORTS["valkey"], SPREAD)
            log = var / "valkey.log"
            password = made["QUEUE_PASSWORD"]
            servers["REDIS_URL"] = Valkey(var / "valkey", port, password, log, durable=durable)
        for server in servers.values():
            running.append((server, server.start()))
        for server, child in running:
            wait_until_up(server, child, var / f"{server.name}.log")
        urls = {name: server.url for name, server in servers.items()}
        database = urls.get("DATABASE_URL") or os.environ["DATABASE_URL"]
        env = portal_env("test", var, made, database, urls.get("REDIS_URL") or os.environ["REDIS_URL"])
        # Static files are the same for every run: collected once, beside the demo's.
        env["STATIC_ROOT"] = str(PROJECT / "var" / "static")
        return _call(command, env)
    finally:
        for server, child in reversed(running):
            end_group(child.pid, signal.SIGINT if server.name == "postgres" else signal.SIGTERM, 15)
            child.wait()
        shutil.rmtree(var, ignore_errors=True)


def _call(command: list[str], env: dict[str, str]) -> int:
    """Run in the foreground. Ctrl-C reaches it by the terminal; SIGTERM is passed on."""
    child = subprocess.Popen(command, env=env)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda number, frame: child.terminate())
    code = child.wait()
    return code if code >= 0 else 128 - code


def exec_in_city(folder: Folder, command: list[str]) -> int:
    """Become the command, in the environment of the city that runs in `folder`."""
    note = folder.read()
    if not note.get("env"):
        raise Trouble(
            "예시 도시가 켜져 있지 않습니다. 먼저 make demo 를 해 주세요.",
            "no city runs here; make demo first",
        )
    os.execvpe(command[0], command, {**os.environ, **note["env"]})  # noqa: S606


def alive() -> int:
    """For a container's health check: asks /healthz/ here, by the name under which the portal is known."""
    url = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/healthz/"
    known_as = urlsplit(os.environ.get("PORTAL_URL", url)).netloc
    try:
        asked = urllib.request.Request(url, headers={"Host": known_as})
        # Straight there, whatever proxy the environment names for the world outside.
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(asked, timeout=4):
            return 0
    except OSError as error:
        print(error)
        return 1
