"""A real clamd of our own, with a database of one signature, written here: nothing is fetched."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: The test file that every scanner knows, in two halves, so that none takes this repository for infected.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
#: As clamd calls what it finds by a signature that did not come from its makers.
FOUND = "Test.Eicar.UNOFFICIAL"
#: Bytes that it takes in one stream.
LONGEST = 2 * 1024 * 1024
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"


class Clamd:
    def __init__(self, folder: Path) -> None:
        program = shutil.which("clamd", path=PATH)
        assert program, "clamd is not installed"
        self.program, self.folder = program, folder
        self.socket = folder / "socket"
        database = folder / "database"
        database.mkdir(parents=True)
        # name : any kind of file : anywhere in it : what it looks like
        (database / "test.ndb").write_text(f"Test.Eicar:0:*:{EICAR.hex()}\n")
        conf = {
            "LocalSocket": self.socket,
            "DatabaseDirectory": database,
            "TemporaryDirectory": folder,
            "Foreground": "yes",
            "StreamMaxLength": LONGEST,
            "MaxThreads": 2,
        }
        (folder / "clamd.conf").write_text("".join(f"{name} {value}\n" for name, value in conf.items()))
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"unix:{self.socket}"

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.program, "-c", str(self.folder / "clamd.conf")], stdout=log, stderr=log
            )
        until = time.monotonic() + 30
        while not self.answers():
            assert self.process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < until, "clamd did not start"
            time.sleep(0.05)

    def answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(5)
            try:
                probe.connect(str(self.socket))
                probe.sendall(b"zPING\0")
                return probe.recv(16) == b"PONG\0"
            except OSError:
                return False

    def stop(self) -> None:
        """At once, as when a machine runs out of memory."""
        if self.process:
            self.process.kill()
            self.process.wait(20)
            self.process = None


@contextmanager
def running(folder: Path) -> Iterator[Clamd]:
    clamd = Clamd(folder / "clamd")
    clamd.start()
    try:
        yield clamd
    finally:
        clamd.stop()
