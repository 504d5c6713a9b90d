"""HTTP/1.1 by hand: 10,000 commands within two seconds, on cores that belong to the portal.

Bodies with Content-Length only, everything bounded, one request of a connection at a time.
"""

import asyncio
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, NamedTuple

MAX_HEAD = 16 * 1024
MAX_BODY = 256 * 1024
_CRLF2 = b"\r\n\r\n"
_PHRASES = {status.value: status.phrase for status in HTTPStatus}


class Request(NamedTuple):
    """`path`: with its query, as in the request line. `headers`: names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class BadRequest(Exception):
    """`args`: status, what is wrong."""


class Connection(asyncio.Protocol):
    """`handle(connection, request)` answers by `answer` or `drop`, now or later; or never."""

    def __init__(self, handle: Callable[["Connection", Request], None]) -> None:
        self._handle = handle
        self._buffer = bytearray()
        self._busy = False
        self._keep = True
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  a stream server makes no other
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._buffer.clear()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._busy:
            if len(self._buffer) > MAX_HEAD + MAX_BODY:
                self.drop()
        else:
            self._next()

    def _next(self) -> None:
        try:
            request = self._read()
        except BadRequest as error:
            self._keep = False
            self.answer(error.args[0], {"error": error.args[1]})
            return
        if request is not None:
            self._busy = True
            self._handle(self, request)

    def _read(self) -> Request | None:
        """The first whole request in the buffer, taken out of it. Raises BadRequest."""
        end = self._buffer.find(_CRLF2, 0, MAX_HEAD)
        if end < 0:
            if len(self._buffer) >= MAX_HEAD:
                raise BadRequest(431, "headers")
            return None
        first, *lines = self._buffer[:end].decode("latin-1").split("\r\n")
        words = first.split(" ")
        if len(words) != 3 or not words[2].startswith("HTTP/1."):
            raise BadRequest(400, "request line")
        headers = {}
        for line in lines:
            name, colon, value = line.partition(":")
            if not colon:
                raise BadRequest(400, "headers")
            headers[name.lower()] = value.strip()
        length = headers.get("content-length", "0")
        if "transfer-encoding" in headers or not (length.isascii() and length.isdigit() and len(length) < 12):
            raise BadRequest(411, "Content-Length")
        start = end + len(_CRLF2)
        size = int(length)
        if size > MAX_BODY:
            raise BadRequest(413, "body")
        if len(self._buffer) < start + size:
            return None
        body = bytes(self._buffer[start : start + size])
        del self._buffer[: start + size]
        self._keep = headers.get("connection", "").lower() != "close" and words[2] != "HTTP/1.0"
        return Request(words[0], words[1], headers, body)

    def answer(self, status: int, body: Any, *headers: str) -> None:
        """`body`: bytes as they are, anything else as JSON. `headers`: whole lines."""
        if self.transport.is_closing():
            return
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        head = (
            f"HTTP/1.1 {status} {_PHRASES[status]}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(content)}\r\n"
        )
        for line in headers if self._keep else (*headers, "Connection: close"):
            head += line + "\r\n"
        self.transport.write(head.encode() + b"\r\n" + content)
        self._busy = False
        if not self._keep:
            self.transport.close()
        elif self._buffer:
            self._next()

    def drop(self) -> None:
        """As if the cable were cut."""
        self.transport.abort()
