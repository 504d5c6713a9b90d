"""Who runs PostgreSQL, and where that user can reach it: PostgreSQL refuses to run as root.

As root the server runs as `postgres` or `nobody`. If that user cannot enter the checkout (below /root, say),
the programs and the data move to a folder that it can enter, and the checkout keeps a link to the data.
Nobody's permissions are changed.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from .processes import as_user

User = tuple[int, int]


def server_user(data: Path) -> User | None:
    """(uid, gid) to become, None to stay who we are. Data that exist keep their owner."""
    if os.geteuid() != 0:
        return None
    if data.exists() and data.stat().st_uid != 0:
        return data.stat().st_uid, data.stat().st_gid
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    return 65534, 65534


def can_run(program: Path, user: User | None) -> bool:
    try:
        done = subprocess.run([program, "--version"], cwd="/", capture_output=True, **as_user(user))
    except OSError:
        return False
    return done.returncode == 0


def can_enter(folder: Path, user: User | None) -> bool:
    """Asked by doing it: modes alone do not tell (access lists, mounts)."""
    enter = ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)]
    return subprocess.run(enter, stderr=subprocess.DEVNULL, cwd="/", **as_user(user)).returncode == 0


def outside(folder: Path) -> Path:
    """A folder that anyone may enter, ours by name: one for each `folder`."""
    base = Path("/var/lib") if Path("/var/lib").is_dir() else Path(tempfile.gettempdir())
    # Not resolved: the folder itself may be the link that leads there.
    name = hashlib.sha256(os.path.abspath(folder).encode()).hexdigest()[:12]
    place = base / "jinju-portal" / name
    place.mkdir(parents=True, exist_ok=True)
    for made in (place, place.parent):
        made.chmod(0o755)
    return place


def home_for(user: User | None, folder: Path) -> Path:
    """The folder for the server's data, which `user` can enter: `folder` itself, or what it then links to."""
    if user is None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder
    if folder.is_symlink() and folder.is_dir():
        return folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    if can_enter(folder.parent.resolve(), user):
        folder.mkdir(mode=0o700, exist_ok=True)
        os.chown(folder, *user)
        return folder
    place = outside(folder) / "data"
    # No link leads here, so it belonged to a checkout that is gone: its keys are gone as well.
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700)
    os.chown(place, *user)
    folder.unlink(missing_ok=True)
    folder.symlink_to(place)
    return place


def programs_for(user: User | None, programs: Path, folder: Path) -> Path:
    """The folder of PostgreSQL's programs as `user` can run them: `programs`, or a copy beside the data."""
    if can_run(programs / "postgres", user):
        return programs
    # bin/ is two levels below the package; its libraries lie in the package's sibling (or inside, on macOS).
    package = programs.parent.parent
    copy = outside(folder) / f"programs-{_fingerprint(programs / 'postgres')}"
    if not copy.exists():
        for old in copy.parent.glob("programs-*"):
            shutil.rmtree(old, ignore_errors=True)
        new = copy.with_name(copy.name + ".new")
        shutil.rmtree(new, ignore_errors=True)
        for part in (package, package.with_name(package.name + ".libs")):
            if part.is_dir():
                shutil.copytree(part, new / part.name, symlinks=True)
        for path in [new, *new.rglob("*")]:
            path.chmod(
                0o755 if path.is_dir() or os.access(path, os.X_OK) or sys.platform == "darwin" else 0o644
            )
        new.rename(copy)
    return copy / package.name / programs.relative_to(package)


def _fingerprint(program: Path) -> str:
    stat = program.stat()
    return hashlib.sha256(f"{stat.st_size} {stat.st_mtime_ns}".encode()).hexdigest()[:8]
