"""What is killed, how, and how to see that it is back."""

import os
import random
import signal
import socket
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from tests.city import City

#: What, and how often: above all what is at work just then. {lane}: the broadcast's own worker.
WEIGHTS = {
    "worker-{lane}": 5,
    "processes of worker-{lane}": 3,
    "worker-{other}": 1,
    "beat": 2,
    "standby": 1,
    "valkey": 3,
    "web": 2,
    "postgres": 1,
    "restart of postgres": 1,
    "simulator": 1,
}
REDIS_IS_LOST = "silence of valkey"


def choose(chance: random.Random) -> str:
    return chance.choices([*WEIGHTS], [*WEIGHTS.values()])[0]


class Victim:
    """`what`: a key of WEIGHTS; `name`: its process. `back_at`: Unix seconds, once it is back."""

    def __init__(self, city: City, what: str) -> None:
        self.city, self.what = city, what
        self.how, _, self.name = what.rpartition(" ")
        self.back_at = 0.0
        self.pid = self._pid()

    def kill(self) -> None:
        """SIGKILL by pid; PostgreSQL's restart is the "fast" one that an operator asks for.

        What ended by itself just then, as a worker does whose line to Redis fell silent, is killed once it is back.
        """
        until = time.monotonic() + 30
        while True:
            try:
                if self.pid:  # 0 would be this program and all that it started
                    return self._strike()
            except (ProcessLookupError, FileNotFoundError):
                pass
            if time.monotonic() > until:
                raise SystemExit(f"{self.name} is not there to be killed")
            time.sleep(0.05)
            self.pid = self._pid()

    def _strike(self) -> None:
        if self.how == "processes of":
            children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
            for child in children:
                with suppress(ProcessLookupError):
                    os.kill(int(child), signal.SIGKILL)
            self.back_at = time.time()
            return
        os.kill(self.pid, signal.SIGINT if self.how == "restart of" else signal.SIGKILL)

    def wait_until_back(self, patience: float = 60) -> None:
        """Another process has taken its place, and answers where it is one that is asked."""
        until = time.monotonic() + patience
        while not self.back_at:
            if self._pid() not in (0, self.pid) and self._answers():
                self.back_at = time.time()
            elif time.monotonic() > until:
                raise SystemExit(f"{self.name} did not come back within {patience:.0f} s")
            else:
                time.sleep(0.05)

    def freeze(self) -> None:
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.pid, signal.SIGCONT)
        self.back_at = time.time()

    def _pid(self) -> int:
        try:
            return int(self.city.note()["children"][self.name]["pid"])
        except (KeyError, ValueError, OSError):  # between two processes, or the note is being written
            return 0

    def _answers(self) -> bool:
        """Workers, beat and the standby are asked by nobody: back when they are started again."""
        env = self.city.note()["env"]
        ports = {
            "valkey": lambda: urlsplit(env["REDIS_URL"]).port,
            "postgres": lambda: urlsplit(env["DATABASE_URL"]).port,
            "simulator": lambda: int((self.city.folder / "simulator.port").read_text()),
        }
        try:
            if self.name == "web":
                with urllib.request.urlopen(f"{self.city.url}/healthz/", timeout=5) as answer:
                    return answer.status == 200
            if port := ports.get(self.name, lambda: None)():
                with socket.create_connection(("127.0.0.1", port), timeout=5):
                    return True
        except OSError:
            return False
        return True
