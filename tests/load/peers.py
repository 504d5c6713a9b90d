"""The peers of a measurement (bare.py): as many processes as the portal pushes with, and when they are done."""

import json
import secrets
import subprocess
import sys
import time
from pathlib import Path

from .town import Town


class Peers:
    """`way`: bare or raw."""

    def __init__(self, way: str, town: Town, processes: int, flags: list[str]) -> None:
        from django.conf import settings

        self.way = way
        self.children = []
        for n in range(processes):
            file = town.folder / f"{town.name}-{way}-{n}.json"
            file.write_text(json.dumps(town.boxes[n::processes]))
            file.with_suffix(".command").write_text(json.dumps(town.command()))
            self.children.append(_started(way, file, settings.DISPATCH_WINDOW, flags))

    def push(self) -> tuple[str, float]:
        """(name of the round, Unix seconds when they were told)."""
        name, start = f"{self.way}-{secrets.token_hex(8)}", time.time()
        for child in self.children:
            assert child.stdin
            child.stdin.write(f"go {name}\n")
            child.stdin.flush()
        return name, start

    def settle(self, name: str) -> None:
        """Wait until all are done with the round."""
        for child in self.children:
            assert child.stdout
            assert child.stdout.readline() == "done\n"

    def close(self) -> None:
        for child in self.children:
            assert child.stdin
            child.stdin.close()
        for child in self.children:
            child.wait(30)


def _started(way: str, file: Path, window: int, flags: list[str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.load.bare", way, str(file), str(window), *flags]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdout
    assert child.stdout.readline() == "ready\n"
    return child
