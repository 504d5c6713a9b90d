"""Files of cases on disk: sealed for their row, below MEDIA_ROOT/repair, which no web server serves."""

import contextlib
import os
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from privacy.keys import sealing_key
from privacy.sealing import key_of, place, seal_bytes, unseal_bytes

#: A file that no row names and that is older than this many seconds was left by somebody who died on the way.
#: Younger, its row may be about to be committed.
GRACE = 3600
PART = ".part"


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "repair"


def name_for(pk: uuid.UUID) -> str:
    """Where the file of that row lies below the folder."""
    return f"{pk.hex[:2]}/{pk}"


def _place(pk: uuid.UUID) -> bytes:
    return place("repair_paper", "file", str(pk))


def write(pk: uuid.UUID, data: bytes) -> str:
    """Keeps `data` for the row `pk` and returns its name. Whole or not at all, even if the power fails."""
    name = name_for(pk)
    target = folder() / name
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.{uuid.uuid4().hex}{PART}")
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(seal_bytes(data, _place(pk)))
            file.flush()
            os.fsync(file.fileno())
        part.rename(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync(target.parent)
    return name


def _sync(directory: Path) -> None:
    """The new name outlives a power cut, too."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(pk: uuid.UUID, name: str) -> bytes:
    """What was kept for that row. FileNotFoundError; SealBroken if it is not what was kept."""
    return unseal_bytes((folder() / name).read_bytes(), _place(pk))


def is_old(name: str) -> bool:
    """Whether another key than the first sealed it. FileNotFoundError."""
    with (folder() / name).open("rb") as file:
        return key_of(file.read(256)) != sealing_key()[0]


def remove(name: str) -> None:
    """A second time does nothing."""
    if name:
        (folder() / name).unlink(missing_ok=True)


def old_names(now: float | None = None) -> Iterator[str]:
    """Names of all files older than GRACE, unfinished ones included."""
    before = (time.time() if now is None else now) - GRACE
    for path in folder().glob("??/*"):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < before:
                yield f"{path.parent.name}/{path.name}"
