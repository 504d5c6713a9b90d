"""A whole example city for tests: what `make demo` starts, in a folder and on a port of its own."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any


class City:
    """`folder`: an empty one that any user may pass through (PostgreSQL's user has to, when tests run as root)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def start(self) -> None:
        """Returns when the launcher says READY. Raises SystemExit with what it said if it does not."""
        log = self.folder / "screen.log"
        env = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
        with log.open("w") as screen:
            self.launcher = subprocess.Popen(
                [sys.executable, "-m", "jinju_portal.launcher"],
                env={**env, "VAR_DIR": str(self.folder), "PORT": "0"},
                stdout=screen,
                stderr=screen,
            )
        until = time.monotonic() + 300
        while "READY" not in log.read_text():
            if self.launcher.poll() is not None or time.monotonic() > until:
                raise SystemExit(log.read_text())
            time.sleep(0.2)
        self.url = self.note()["url"]

    def stop(self) -> None:
        self.launcher.send_signal(signal.SIGINT)
        self.launcher.wait(60)

    def note(self) -> dict[str, Any]:
        """The launcher's own: url, env, children by name with their pids."""
        return json.loads((self.folder / "launcher.json").read_text())

    def ready(self) -> tuple[int, dict[str, Any]]:
        """Status and body of /readyz/."""
        try:
            with urllib.request.urlopen(f"{self.url}/readyz/", timeout=15) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    def wait_until_well(self, patience: float = 60) -> None:
        until = time.monotonic() + patience
        while self.ready()[0] != 200:
            if time.monotonic() > until:
                raise SystemExit(f"the city did not become well again within {patience:.0f} s")
            time.sleep(0.5)

    def control(self, what: str, body: dict[str, Any] | None = None) -> Any:
        """The simulator's own API (broadcast/simulator/control.py)."""
        data = None if body is None else json.dumps(body).encode()
        port = (self.folder / "simulator.port").read_text()
        request = urllib.request.Request(f"http://127.0.0.1:{port}/_control/{what}", data)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    def plays(self, broadcast: object) -> list[dict[str, Any]]:
        """What the boxes did with it."""
        return self.control(f"plays?broadcast={broadcast}")["plays"]
