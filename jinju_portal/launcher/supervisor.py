"""Keeps a set of children running: one that dies is started again, and it is said."""

import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from . import processes
from .words import Trouble, say_now

#: Seconds of life after which an end no longer counts towards the pause before the next start: longer than a start
#: takes, short enough that a few kills in a row cost no village its warning.
LONG_ENOUGH = 8
LONGEST_PAUSE = 4.0


@dataclass
class Child:
    """start: starts it and returns at once. patience: seconds that it gets to end by itself.

    is_server: others use it, so it goes last. ends: how often it ended soon after a start.
    """

    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    stop_signal: int = signal.SIGTERM
    patience: float = 10
    is_server: bool = False
    process: subprocess.Popen[bytes] | None = None
    ends: int = field(default=0, init=False)
    started_at: float = field(default=0, init=False)
    again_at: float = field(default=0, init=False)


class Supervisor:
    """Children in the order in which they start. Use from the main thread."""

    def __init__(self, note: Callable[[dict[str, dict[str, object]]], None]) -> None:
        """note: told after each change who runs now, {name: {"pid", "identity"}}."""
        self.children: list[Child] = []
        self._note = note

    def add(self, child: Child) -> None:
        self.children.append(child)
        self._start(child)
        self._tell()

    def look_after(self) -> None:
        """One round: notice who ended, start again who is due."""
        now = time.monotonic()
        for child in self.children:
            if child.process and child.process.poll() is not None:
                self._ended(child, now)
            if child.process is None and now >= child.again_at:
                self._start(child)
                self._tell()

    def stop(self, in_a_hurry: Callable[[], bool] = lambda: False) -> None:
        """End all, and nothing that they started remains. Servers wait until those that use them have gone."""
        for servers in (False, True):
            group = [(c, c.process) for c in self.children if c.is_server == servers and c.process]
            until = time.monotonic() + max((child.patience for child, _ in group), default=0)
            for child, process in group:
                process.send_signal(child.stop_signal)
            while any(process.poll() is None for _, process in group):
                if in_a_hurry() or time.monotonic() > until:
                    break
                time.sleep(0.05)
            for child, process in group:
                processes.kill_group(process.pid)
                process.wait()
                child.process = None
        self._tell()

    def _start(self, child: Child) -> None:
        try:
            child.process = child.start()
        except (OSError, Trouble) as trouble:
            child.again_at = self._pause(child, time.monotonic())
            say_now(f"{child.name} 을(를) 시작하지 못해 다시 해 봅니다. {trouble}")
        else:
            child.started_at = time.monotonic()

    def _ended(self, child: Child, now: float) -> None:
        if not child.process:
            return
        code = child.process.returncode
        # A worker that was killed leaves its pool behind.
        processes.kill_group(child.process.pid)
        child.process = None
        if now - child.started_at > LONG_ENOUGH:
            child.ends = 0
        child.again_at = self._pause(child, now)
        say_now(
            f"{child.name} 이(가) 멈춰서 다시 시작합니다. (끝난 값 {code}, 기록 var/log/{child.name}.log)"
        )
        self._tell()

    @staticmethod
    def _pause(child: Child, now: float) -> float:
        """At once the first time, then 1, 2, 4, … seconds. Returns when to start again."""
        pause = 0.0 if child.ends == 0 else min(2.0 ** (child.ends - 1), LONGEST_PAUSE)
        child.ends += 1
        return now + pause

    def _tell(self) -> None:
        self._note(
            {
                child.name: {"pid": child.process.pid, "identity": processes.identity(child.process.pid)}
                for child in self.children
                if child.process
            }
        )
