"""Images of strangers are decoded in a process apart, which has none of our secrets: what a made-up file crashes,
fills or takes over is that process. The web process holds the keys to everything and decodes nothing itself.
"""

import logging
import os
import subprocess
import sys
import threading

from django.conf import settings

from .paper_content import BROKEN, JPEG, PDF, REFUSED, NotAPaper, kind_of

#: Seconds; the program bounds its own processor time below this.
PATIENCE = 30
#: Decoded at a time by one web process: each may take paper_content.MEMORY.
AT_ONCE = threading.BoundedSemaphore(2)
KEPT = ("PATH", "LD_LIBRARY_PATH", "PYTHONPATH", "HOME")

BUSY = "지금 사진을 보내시는 분이 많습니다. 잠시 뒤 다시 보내 주세요."

log = logging.getLogger(__name__)


def kept_of(data: bytes) -> tuple[bytes, str]:
    """(what is kept of a file, its content type). NotAPaper."""
    if kind_of(data) == "pdf":
        return data, PDF
    if not AT_ONCE.acquire(timeout=PATIENCE):
        raise NotAPaper(BUSY)
    try:
        return _encoded_anew(data), JPEG
    finally:
        AT_ONCE.release()


def environment() -> dict[str, str]:
    """All that the program gets of ours: what Python needs to start."""
    return {name: os.environ[name] for name in KEPT if name in os.environ}


def _encoded_anew(data: bytes) -> bytes:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "repair.paper_content"],
            input=data,
            capture_output=True,
            timeout=PATIENCE,
            cwd=settings.BASE_DIR,
            env=environment(),
        )
    except subprocess.TimeoutExpired as error:
        raise NotAPaper(BROKEN) from error
    if done.returncode == REFUSED:
        raise NotAPaper(done.stdout.decode())
    if done.returncode or not done.stdout.startswith(b"\xff\xd8\xff"):
        # The last line names the fault; what is in the picture is never logged.
        log.warning("an image was not decoded: %s %s", done.returncode, done.stderr[-200:])
        raise NotAPaper(BROKEN)
    return done.stdout
