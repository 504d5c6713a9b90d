"""The register of erasures outside of the database: a file that a restored backup does not turn back.

A line is written before an erasure is committed ("begun", with all that is needed to do it again) and one after it
("done"). Lines name nobody: of the person only keyed hashes of their phone and name, by which rows of an older backup
are found that have other keys than the ones that were erased.
"""

import fcntl
import json
import logging
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from .holdings import Person
from .keys import blind_index

log = logging.getLogger(__name__)


@dataclass
class Register:
    """`begun`: plan → its line; `done`: plans that were carried out; `unreadable`: how many lines are torn."""

    begun: dict[str, dict[str, Any]] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    unreadable: int = 0


def person_code(index: str) -> str:
    """Of a phone's blind index; equal for the same person, and of no use to anybody without INDEX_KEY."""
    return blind_index("erasure register", index)


def begin(plan: str, ground: str, person: Person, rows: list[str]) -> None:
    """OSError if it is not whole on the disk; then nothing may be erased, for it would come back with a backup."""
    at = timezone.now().isoformat()
    code = person_code(person.index)
    _append({"plan": plan, "at": at, "ground": ground, "person": code, "name": person.name, "rows": rows})


def end(plan: str) -> None:
    """The erasure was committed."""
    _append({"done": plan})


def _append(line: dict[str, Any]) -> None:
    path = Path(settings.ERASURE_REGISTER)
    path.parent.mkdir(parents=True, exist_ok=True)
    new = not path.exists()
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        size = os.fstat(handle).st_size
        torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
        data = ("\n" if torn else "").encode() + json.dumps(line, ensure_ascii=False).encode() + b"\n"
        if os.write(handle, data) != len(data):
            os.ftruncate(handle, size)
            raise OSError(f"{path} took only a part of a line")
        os.fsync(handle)
    finally:
        os.close(handle)
    if new:
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def read() -> Register:
    """A torn line (a full disk, a power cut) is counted and logged; those around it are read."""
    found, path = Register(), Path(settings.ERASURE_REGISTER)
    lines = path.read_bytes().split(b"\n") if path.exists() else []
    for n, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            said = json.loads(line)
            if "done" in said:
                found.done.add(str(said["done"]))
            else:
                found.begun[str(said["plan"])] = {**said, "rows": [str(key) for key in said["rows"]]}
        except (ValueError, TypeError, KeyError):
            found.unreadable += 1
            log.error("erasure register: line %s cannot be read", n)
    return found
