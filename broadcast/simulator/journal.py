"""What the boxes keep over a power cut: one line an event, written before anything is answered."""

import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

KEEP = 7 * 24 * 3600
"""Seconds that a delivery's id is remembered (docs/gateway-protocol.md, section 2)."""

Event = list[Any]
"""[kind, at (Unix seconds), gateway code, …], the rest as Box.apply reads it."""


class Journal:
    """An append-only file. A line is in the kernel's hands before `write` returns: kill -9 does not lose it.

    Not synced to the disk: what is simulated is the box's power cut, not that of the machine below.
    Raises BlockingIOError if another simulator holds the file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = os.open(
            path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
        )
        fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._file = self._open()

    def _open(self) -> int:
        return os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def write(self, event: Event) -> None:
        line = json.dumps(event).encode() + b"\n"
        if os.write(self._file, line) != len(line):
            raise OSError(f"{self._path} is full")

    def read(self, now: float) -> Iterator[Event]:
        """Every event of the deliveries accepted or stopped within KEEP, oldest first; the others leave the file."""
        kept: set[tuple[str, str]] = set()
        new = self._path.with_name(self._path.name + ".new")
        with self._path.open("rb") as lines, new.open("wb") as copy:
            for line in lines:
                try:
                    event = json.loads(line)
                    key = (event[2], event[3]["delivery"] if event[0] == "accepted" else event[3])
                except ValueError:
                    continue  # cut off in the middle by the death of the writer: it was never answered
                # A stop that came before its delivery is remembered like one.
                if event[0] in ("accepted", "stopped") and event[1] > now - KEEP:
                    kept.add(key)
                if key in kept:
                    copy.write(line)
                    yield event
        os.replace(new, self._path)
        os.close(self._file)
        self._file = self._open()

    def clear(self) -> None:
        os.ftruncate(self._file, 0)

    def close(self) -> None:
        os.close(self._file)
        os.close(self._lock)
