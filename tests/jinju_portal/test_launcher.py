"""The launcher: one at a time, says what is in its way, starts again what died, leaves nothing behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from jinju_portal.launcher import prepare, processes
from jinju_portal.launcher.city import ask_ready
from jinju_portal.launcher.folder import PROJECT, Folder
from jinju_portal.launcher.supervisor import Child, Supervisor

from .test_servers import until

SLEEPERS = ["/bin/sh", "-c", "sleep 600 & sleep 600"]


def launch(var: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "jinju_portal.launcher"],
        env={**os.environ, "VAR_DIR": str(var), **env},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_busy_port_is_explained(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = launch(tmp_path, PORT=str(port))
    assert done.returncode == 1
    assert f"{port}번 포트를 다른 프로그램이 쓰고 있습니다" in done.stderr
    assert "PORT=" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_is_none_is_explained(tmp_path: Path) -> None:
    done = launch(tmp_path, PORT="여덟")
    assert (done.returncode, "PORT=8001 make demo" in done.stderr) == (1, True)


def test_a_second_launcher_is_told_where_the_first_is(tmp_path: Path) -> None:
    first = Folder(tmp_path)
    first.take()
    first.write({"pid": os.getpid(), "url": "http://127.0.0.1:8123"})
    done = launch(tmp_path, PORT="0")
    assert done.returncode == 1
    assert "이미 켜져 있습니다: http://127.0.0.1:8123" in done.stderr


def test_outside_a_running_city_exec_says_so(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "jinju_portal.launcher", "exec", "--", "true"],
        env={**os.environ, "VAR_DIR": str(tmp_path)},
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, "먼저 make demo" in done.stderr) == (1, True)


def test_leftovers_are_ended_and_strangers_are_not(tmp_path: Path) -> None:
    ours = subprocess.Popen(SLEEPERS, start_new_session=True)
    stranger = subprocess.Popen(["sleep", "600"], start_new_session=True)
    try:
        folder = Folder(tmp_path)
        folder.take()
        folder.write(
            {
                "children": {
                    "web": {"pid": ours.pid, "identity": processes.identity(ours.pid)},
                    "beat": {"pid": stranger.pid, "identity": "of a process that had this pid before"},
                }
            }
        )
        assert folder.clear_leftovers() == ["web"]
        assert ours.wait(10) == -signal.SIGTERM
        assert stranger.poll() is None
        assert folder.read() == {}
    finally:
        stranger.kill()
        stranger.wait()


def test_a_dead_child_is_started_again_and_all_end_with_what_they_started(tmp_path: Path) -> None:
    notes: list[dict[str, dict[str, object]]] = []
    supervisor = Supervisor(notes.append)
    env = dict(os.environ)
    supervisor.add(Child("web", lambda: processes.start(SLEEPERS, log=tmp_path / "log", env=env)))
    first = notes[-1]["web"]["pid"]
    assert isinstance(first, int)
    os.kill(first, signal.SIGKILL)

    def again() -> bool:
        supervisor.look_after()
        return notes[-1].get("web", {}).get("pid") not in (None, first)

    until(again)
    second = notes[-1]["web"]["pid"]
    assert isinstance(second, int)
    supervisor.stop()
    assert notes[-1] == {}
    for group in (first, second):
        until(lambda group=group: not _has_members(group))


def _has_members(group: int) -> bool:
    """Whether anybody alive is in the process group; a zombie that nobody has waited for yet is not."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    members = subprocess.run(["ps", "-A", "-o", "pgid=,stat="], capture_output=True, text=True).stdout
    return any(line.split()[0] == str(group) and "Z" not in line.split()[1] for line in members.splitlines())


def test_a_child_that_keeps_dying_is_not_started_without_pause(tmp_path: Path) -> None:
    starts = []

    def start() -> subprocess.Popen[bytes]:
        starts.append(1)
        return processes.start(["/bin/false"], log=tmp_path / "log", env=dict(os.environ))

    supervisor = Supervisor(lambda running: None)
    supervisor.add(Child("beat", start))
    child = supervisor.children[0]
    until(lambda: supervisor.look_after() or child.ends == 2)
    # At once the first time; then it waits.
    assert len(starts) == 2
    assert child.again_at - child.started_at >= 1
    supervisor.stop()


def test_preparing_depends_on_what_it_is_given() -> None:
    assert prepare.stamp("a") == prepare.stamp("a") != prepare.stamp("b")


def readyz(ok: bool, **gateways: int) -> str:
    return json.dumps({"ok": ok, "parts": {"gateways": {"ok": ok, "words": "마을 장비", **gateways}}})


@pytest.mark.parametrize(
    ("status", "body", "is_ready"),
    [
        (200, readyz(True, online=3, total=3), True),
        (200, readyz(True, online=2, total=3), False),
        (503, readyz(False), False),  # no database: nobody knows how many there are
        (200, "<p>another program", False),
        (200, "[]", False),
        (500, "<p>error", False),
        (0, "no HTTP at all", False),
    ],
)
def test_ready_is_said_only_of_a_city_that_is(status: int, body: str, is_ready: bool, monkeypatch) -> None:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if status:
                self.send_response(status)
                self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *args: object) -> None:
            pass

    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        ready, missing = ask_ready(f"http://127.0.0.1:{server.server_port}")
        thread.join()
    assert (ready, bool(missing)) == (is_ready, not is_ready)


def test_a_city_that_does_not_answer_is_not_ready() -> None:
    assert ask_ready("http://127.0.0.1:9")[0] is False
