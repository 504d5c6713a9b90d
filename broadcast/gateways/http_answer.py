"""Reading what a box answers, byte by byte and bounded: it may be broken, or lie. Pure."""

from typing import NamedTuple

#: A gateway's answer is a few dozen bytes; more is not read.
MAX_BODY = 64 * 1024
#: Of all heads together, those of provisional answers (1xx) included.
MAX_HEAD = 16 * 1024
#: Where a body is of use (docs/gateway-protocol.md, section 2); of others the status says all.
WITH_BODY = (200, 202)
#: Of the line before a chunk.
MAX_CHUNK_HEAD = 256


class Reply(NamedTuple):
    """`headers`: names in lower case; of one that came twice, the last. `body`: at most MAX_BODY, cut off there."""

    status: int
    headers: dict[str, str]
    body: bytes


class Reader:
    """One answer of HTTP/1.x as its bytes come in."""

    __slots__ = ("_body", "_buffer", "_chunk", "_head", "_heads")

    def __init__(self) -> None:
        self._buffer, self._body = bytearray(), bytearray()
        self._head: tuple[int, dict[str, str]] | None = None
        self._heads = 0
        self._chunk = 0  # bytes that are left of it; 0: its size comes next; -1: its end comes next

    def take(self, data: bytes) -> Reply | None:
        """The reply if this completes it. `data` b"": nothing more will come. Raises ValueError if it is not HTTP."""
        self._buffer += data
        if self._head is None:
            self._head = self._read_head()
            if self._head is None:
                if not data:
                    raise ValueError("it ended before its answer")
                return None
        status, headers = self._head
        if status not in WITH_BODY:
            return Reply(status, headers, b"")
        if "transfer-encoding" in headers:
            whole, lasts_until_end = self._chunks(), False
        else:
            length = _number(headers["content-length"], 10) if "content-length" in headers else None
            whole, lasts_until_end = self._plain(length), length is None
        if not whole and not data and not lasts_until_end:
            raise ValueError("it ended in the middle")
        return Reply(status, headers, bytes(self._body[:MAX_BODY])) if whole or not data else None

    def _read_head(self) -> tuple[int, dict[str, str]] | None:
        """Taken out of the buffer, with whatever provisional ones stand before it."""
        while True:
            end = self._buffer.find(b"\r\n\r\n")
            if self._heads + (len(self._buffer) if end < 0 else end) > MAX_HEAD:
                raise ValueError("too long a head")
            if end < 0:
                return None
            status, headers = parsed(bytes(self._buffer[:end]))
            del self._buffer[: end + 4]
            self._heads += end + 4
            if not 100 <= status < 200:
                return status, headers

    def _plain(self, length: int | None) -> bool:
        enough = MAX_BODY if length is None else min(length, MAX_BODY)
        self._move(enough - len(self._body))
        return len(self._body) == enough

    def _chunks(self) -> bool:
        """Each is taken out as it comes, so that many small ones cost no more than what they carry."""
        while len(self._body) < MAX_BODY:
            if self._chunk > 0:
                self._chunk -= self._move(self._chunk)
                if self._chunk:
                    return False
                self._chunk = -1
            line = self._buffer.find(b"\r\n", 0, MAX_CHUNK_HEAD)
            if line < 0:
                if len(self._buffer) >= MAX_CHUNK_HEAD:
                    raise ValueError("no chunk")
                return False
            first = bytes(self._buffer[:line])
            del self._buffer[: line + 2]
            if self._chunk:
                if first:
                    raise ValueError("no chunk")
                self._chunk = 0
                continue
            self._chunk = _number(first.partition(b";")[0].strip().decode("latin-1"), 16)
            if self._chunk == 0:
                return True
        return True

    def _move(self, count: int) -> int:
        """From the buffer to the body. Returns how many there were."""
        part = self._buffer[:count]
        self._body += part
        del self._buffer[:count]
        return len(part)


def parsed(head: bytes) -> tuple[int, dict[str, str]]:
    """Status and headers. Raises ValueError."""
    first, *lines = head.decode("latin-1").split("\r\n")
    words = first.split(" ", 2)
    if len(words) < 2 or not words[0].startswith("HTTP/1.") or len(words[1]) != 3:
        raise ValueError("no status line")
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            raise ValueError("no header")
        name, value = name.lower(), value.strip()
        if name in ("content-length", "transfer-encoding") and headers.get(name, value) != value:
            raise ValueError("two lengths")
        headers[name] = value
    if headers.get("transfer-encoding", "chunked").lower() != "chunked":
        raise ValueError("an encoding that nobody asked for")
    status = _number(words[1], 10)
    if status < 100:
        raise ValueError("no status")
    return status, headers


def _number(text: str, base: int) -> int:
    """Digits only: int() would take signs, spaces and underscores."""
    digits = "0123456789abcdef"[:base]
    if not 0 < len(text) <= 12 or text.lower().strip(digits):
        raise ValueError("no number")
    return int(text, base)
