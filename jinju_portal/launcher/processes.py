"""Starting and ending programs so that none outlives its launcher."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None
_PR_SET_PDEATHSIG = 1


def _die_with_parent(parent: int, sign: int) -> Callable[[], None]:
    """For preexec_fn: Linux sends `sign` to the child when its parent is gone, however it went.

    Set after the change of user, which would clear it. The parent is the thread that starts the child:
    start children from the main thread.
    """

    def ask_the_kernel() -> None:
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, sign, 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return ask_the_kernel


def start(
    argv: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str],
    cwd: Path | None = None,
    user: tuple[int, int] | None = None,
    death_signal: int = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own (Ctrl-C reaches the launcher alone), output appended to `log`.

    user: (uid, gid) to become; only root can. death_signal: what it gets when the launcher dies.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        return subprocess.Popen(
            [str(part) for part in argv],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=dict(env),
            cwd=cwd,
            start_new_session=True,
            preexec_fn=_die_with_parent(os.getpid(), death_signal),
            **as_user(user),
        )


def as_user(user: tuple[int, int] | None) -> dict:
    """Arguments for subprocess that make it run as (uid, gid) and in no other group."""
    return {} if user is None else {"user": user[0], "group": user[1], "extra_groups": []}


def identity(pid: int) -> str | None:
    """Tells a process from a later one with the same pid: when it started. None: it is gone (or a zombie)."""
    try:
        # After the name in brackets, which may hold anything: state is the first, start time the 20th field.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return None if fields[0] == "Z" else fields[19]
    except (OSError, IndexError):
        if sys.platform == "linux":
            return None
    asked = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True)
    return asked.stdout.strip() or None


def end_group(pid: int, sign: int, patience: float) -> None:
    """End a child and all that it started: `sign` to it, after `patience` seconds SIGKILL to its group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, sign)
    until = time.monotonic() + patience
    while identity(pid) and time.monotonic() < until:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
        time.sleep(0.02)
    kill_group(pid)


def kill_group(pid: int) -> None:
    """SIGKILL to what is left of the session that `pid` led. Its pid is not given away while one lives."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def command(pid: int) -> str:
    """The command line of a process, empty if there is none."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        if sys.platform == "linux":
            return ""
    return subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True).stdout
