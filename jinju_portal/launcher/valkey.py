"""Valkey (or Redis) for one folder. Append-only file on, nothing evicted: what is queued outlives a kill."""

import os
import socket
import subprocess
from pathlib import Path

from . import processes, programs
from .folder import write_private


class Valkey:
    name = "valkey"

    def __init__(self, folder: Path, port: int, password: str, log: Path, *, durable: bool = True) -> None:
        self.folder, self.port, self.password, self.log, self.durable = folder, port, password, log, durable
        self.url = f"redis://:{password}@127.0.0.1:{port}/0"
        self.program = programs.valkey_server()

    def start(self) -> subprocess.Popen[bytes]:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        settings = {
            "bind": "127.0.0.1",
            "port": self.port,
            "requirepass": self.password,
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "everysec",
            "save": '""',
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        # In a file, not on the command line: every user of the machine can read command lines.
        config = self.folder / "valkey.conf"
        write_private(config, "".join(f"{name} {value}\n" for name, value in settings.items()))
        return processes.start(
            [self.program, config],
            log=self.log,
            env={"PATH": os.defpath, "LC_ALL": "C"},
            cwd=self.folder,
        )

    def is_up(self) -> bool:
        """It answers, and has read its file (until then it says LOADING)."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
                line.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\n") < 2 and (more := line.recv(200)):
                    answer += more
        except OSError:
            return False
        return b"+PONG" in answer
