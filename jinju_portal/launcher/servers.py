"""What PostgreSQL and Valkey have in common for the launcher: prepare, start, wait, and an address."""

import secrets
import socket
import subprocess
import time
from pathlib import Path
from typing import Protocol

from .words import Trouble


class Server(Protocol):
    """A server that the launcher keeps running. `url` is what the portal's settings take."""

    name: str
    url: str

    def start(self) -> subprocess.Popen[bytes]:
        """Make its data if there are none, clear what an earlier run left, and start it. Does not wait."""
        ...

    def is_up(self) -> bool: ...


def wait_until_up(server: Server, child: subprocess.Popen[bytes], log: Path, patience: float = 30) -> None:
    """Raises Trouble when the server ended or did not come up within `patience` seconds."""
    until = time.monotonic() + patience
    while not server.is_up():
        if child.poll() is not None or time.monotonic() > until:
            last = "\n    ".join(tail(log, 6))
            raise Trouble(
                f"{server.name} 을(를) 시작하지 못했습니다. {log} 파일을 봐 주세요.\n    {last}",
                f"{server.name} did not start, see {log}",
            )
        time.sleep(0.02)


def tail(log: Path, lines: int) -> list[str]:
    try:
        return log.read_text(errors="replace").splitlines()[-lines:]
    except OSError:
        return []


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError:
            return False
    return True


def free_port(near: int, spread: int = 0) -> int:
    """A free port from `near` up. Outgoing connections take theirs from 32768 up: none during a restart.

    spread: begin anywhere in so many, so that two launchers that start together do not choose the same.
    """
    first = near + (secrets.randbelow(spread) if spread else 0)
    for port in range(first, first + 1000):
        if is_free(port):
            return port
    raise Trouble("빈 포트를 찾지 못했습니다.", f"no free port from {first} to {first + 1000}")
