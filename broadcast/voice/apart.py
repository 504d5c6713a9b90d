"""Runs one of our own small programs apart from the web process: what it crashes, hangs or leaks stays there."""

import subprocess
import sys

from django.conf import settings

from broadcast.voice.sound import BadSound

PATIENCE = 60  # seconds; the programs bound their own CPU well below


def run_apart(program: str, *args: object, given: bytes, otherwise: str) -> bytes:
    """What `python -m broadcast.voice.<program>` writes when it reads `given`.

    It gets none of our environment, so none of our secrets. Raises BadSound(otherwise) when it fails.
    Costs a Python start and its imports: about 0.1 s.
    """
    command = [sys.executable, "-s", "-m", f"broadcast.voice.{program}", *map(str, args)]
    try:
        done = subprocess.run(
            command,
            input=given,
            capture_output=True,
            check=True,
            timeout=PATIENCE,
            cwd=settings.BASE_DIR,
            env={},
        )
    except subprocess.SubprocessError as error:
        raise BadSound(otherwise) from error
    return done.stdout
