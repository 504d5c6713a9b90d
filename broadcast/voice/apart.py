"""Runs one of our small programs apart from the web process: what it crashes, hangs or leaks stays there."""

import logging
import os
import subprocess
import sys

from django.conf import settings

from broadcast.voice.sound import BadSound

PATIENCE = 60  # seconds; the programs bound their own CPU time well below
# All that they get of our environment: what Python needs to start, and none of our secrets.
KEPT = ("PATH", "LD_LIBRARY_PATH", "PYTHONPATH", "HOME")

log = logging.getLogger(__name__)


def run_apart(program: str, *args: object, given: bytes, otherwise: str) -> bytes:
    """What `python -m broadcast.voice.<program>` writes when it reads `given`.

    Raises BadSound(otherwise) when it fails. Costs a start of Python and the program's imports.
    """
    command = [sys.executable, "-m", f"broadcast.voice.{program}", *map(str, args)]
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    try:
        done = subprocess.run(
            command,
            input=given,
            capture_output=True,
            check=True,
            timeout=PATIENCE,
            cwd=settings.BASE_DIR,
            env=environment,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        # The last line names the fault; what was said or written is never logged.
        reason = (error.stderr or b"").decode(errors="replace").strip().rpartition("\n")[2]
        log.warning("%s failed: %s: %s", program, type(error).__name__, reason)
        raise BadSound(otherwise) from error
    return done.stdout
