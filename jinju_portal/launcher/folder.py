"""The one folder in which the example city keeps everything: var/, or VAR_DIR."""

import contextlib
import fcntl
import json
import os
import signal
from pathlib import Path
from typing import Any

from .processes import end_group, identity
from .words import Trouble

PROJECT = Path(__file__).resolve().parent.parent.parent
LOG_BYTES = 5_000_000


class Folder:
    """Paths below the folder, the lock that makes one launcher at a time, and the note of what runs."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.logs = path / "log"
        self.note = path / "launcher.json"
        try:
            self.logs.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path / "launcher.lock", os.O_RDWR | os.O_CREAT, 0o600))
        except PermissionError:
            raise Trouble(
                f"{path} 폴더에 쓸 수 없습니다. 다른 사용자가 시작한 적이 있으면 그 사용자로 시작하거나,"
                f" VAR_DIR=다른폴더 make demo 로 시작해 주세요.",
                f"cannot write to {path}; start as its owner or set VAR_DIR",
            ) from None

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def take(self) -> None:
        """Take the lock for this process's life. The kernel frees it when the process is gone: never stale.

        Raises Trouble when another launcher holds it.
        """
        self._lock = os.open(self.path / "launcher.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            note = self.read()
            raise Trouble(
                f"이미 켜져 있습니다: {note.get('url', '(켜지는 중)')}  끄려면 그 화면에서 Ctrl-C 를 누르거나"
                f" kill {note.get('pid', '')} 하세요.",
                f"already running here (pid {note.get('pid')})",
            ) from None

    def clear_leftovers(self) -> list[str]:
        """End what an earlier launcher, killed without a chance, left running. Returns the names.

        Call with the lock taken: nothing that the note names can then belong to a living launcher.
        """
        ended = []
        children = self.read().get("children", {})
        # Servers last: what uses them should not fill its log with errors first.
        for name, child in sorted(children.items(), key=lambda c: c[0] in ("postgres", "valkey")):
            if identity(child["pid"]) == child["identity"]:
                end_group(child["pid"], signal.SIGINT if name == "postgres" else signal.SIGTERM, 10)
                ended.append(name)
            elif identity(child["pid"]) is None:
                # The leader is gone; those that it started may not be.
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(child["pid"], signal.SIGKILL)
                    ended.append(name)
        self.note.unlink(missing_ok=True)
        return ended

    def shorten_logs(self) -> None:
        """Keep one older generation of a log that has grown."""
        for log in self.logs.glob("*.log"):
            if log.stat().st_size > LOG_BYTES:
                log.replace(log.with_suffix(".log.1"))

    def read(self) -> dict[str, Any]:
        """What runs: {"pid", "url", "env": {…}, "children": {name: {"pid", "identity"}}}, or {}."""
        try:
            return json.loads(self.note.read_text())
        except (OSError, ValueError):
            return {}

    def write(self, note: dict[str, Any]) -> None:
        """Write the note whole or not at all. It holds the demo's passwords: for its owner only."""
        write_private(self.note, json.dumps(note, indent=1))


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
    new.replace(path)
