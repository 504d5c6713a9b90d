"""ClamAV's daemon, by its own protocol over a socket (clamd(8), INSTREAM): a few lines, and no library for it.

What it is sent is not sealed: a socket of this machine, or a network that is ours alone.
"""

import contextlib
import re
import socket
from time import monotonic

from django.conf import settings

from . import ScannerAway, Verdict

#: Seconds: to be let in, and for all of sending, looking and answering.
CONNECT, PATIENCE = 3.0, 60.0
#: For being there at all.
PROMPT = 1.0
CHUNK = 256 * 1024
#: No answer to one stream is longer.
LONGEST_ANSWER = 1024
ANSWER = re.compile(r"stream: (?:(?P<clean>OK)|(?P<name>[^\x00-\x1f]{1,300}) FOUND)\x00?\n?", re.ASCII)


def address_of(text: str) -> str | tuple[str, int]:
    """The path of "unix:/path", or host and port of "tcp:host:port". ValueError if it is neither."""
    if text.startswith("unix:/"):
        return text.removeprefix("unix:")
    host, _, port = text.removeprefix("tcp:").rpartition(":")
    if text.startswith("tcp:") and host and port.isdecimal() and 0 < int(port) < 65536:
        return host.strip("[]"), int(port)
    raise ValueError(f"CLAMD_ADDRESS={text}: unix:/path or tcp:host:port")


class Scanner:
    def scan(self, data: bytes) -> Verdict:
        try:
            answer = self._asked(data, monotonic() + PATIENCE)
        except (OSError, ValueError) as error:
            raise ScannerAway(f"clamd: {error}") from error
        said = ANSWER.fullmatch(answer)
        if said is None:
            raise ScannerAway(f"clamd answered {answer[:100]!r}")
        return Verdict(True) if said["clean"] else Verdict(False, said["name"][:100])

    def answers(self) -> bool:
        until = monotonic() + PROMPT
        try:
            with _connected(until, PROMPT) as clamd:
                _send(clamd, b"zPING\0", until)
                return _heard(clamd, until) == "PONG\0"
        except (OSError, ValueError):
            return False

    def _asked(self, data: bytes, until: float) -> str:
        with _connected(until) as clamd:
            # It hangs up in the middle of a file that is too long for it, after it has said so.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                _send(clamd, b"zINSTREAM\0", until)
                for start in range(0, len(data), CHUNK):
                    chunk = data[start : start + CHUNK]
                    _send(clamd, len(chunk).to_bytes(4, "big") + chunk, until)
                _send(clamd, bytes(4), until)
            return _heard(clamd, until)


def _connected(until: float, within: float = CONNECT) -> socket.socket:
    address = address_of(settings.CLAMD_ADDRESS)
    if not isinstance(address, str):
        return socket.create_connection(address, within)
    made = socket.socket(socket.AF_UNIX)
    try:
        made.settimeout(within)
        made.connect(address)
    except OSError:
        made.close()
        raise
    return made


def _send(clamd: socket.socket, data: bytes, until: float) -> None:
    clamd.settimeout(_left(until))
    clamd.sendall(data)


def _heard(clamd: socket.socket, until: float) -> str:
    """All that it says until it hangs up or ends the line."""
    answer = b""
    while not answer.endswith(b"\0"):
        clamd.settimeout(_left(until))
        more = clamd.recv(LONGEST_ANSWER)
        if not more:
            break
        answer += more
        if len(answer) > LONGEST_ANSWER:
            raise ValueError("an answer without end")
    return answer.decode("utf-8", "replace")


def _left(until: float) -> float:
    """Seconds: one deadline for all, so that a peer that says a letter a minute does not hold us for ever."""
    left = until - monotonic()
    if left <= 0:
        raise TimeoutError("no answer in time")
    return left
