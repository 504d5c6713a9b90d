"""One POST over one connection, for thousands at a time: a general client costs more than the gateway's work.

Plain sockets, tried before they are waited for, so that an exchange mostly waits once: for the answer. No pool, no
cookies, no proxies, no redirects. Connections are not kept: each gateway is another host, and its next command mostly
comes minutes later and from another process.
"""

import asyncio
import errno
import re
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote, urlsplit

from .http_answer import Reader, Reply

READ_AT_ONCE = 64 * 1024
_ON_ITS_WAY = (0, errno.EINPROGRESS, errno.EWOULDBLOCK)
_SAFE_IN_PATH = "/%:@!$&'()*+,;=~-._"
_PLAIN = re.compile(r"http://([a-z0-9.-]+)(?::([1-5]?\d{1,4}))?(/[A-Za-z0-9/._~-]*)")
T = TypeVar("T")
Address = tuple[socket.AddressFamily, tuple[Any, ...]]


class Place(NamedTuple):
    """Where to post. `host`: as in the Host header. `path`: as in the request line, hence as it is signed."""

    secure: bool
    name: str
    port: int
    host: str
    path: str


def place(url: str) -> Place:
    """Raises ValueError if no command can go there."""
    if plain := _PLAIN.fullmatch(
        url
    ):  # nearly all are, and taking one apart by the rules costs as much as the rest
        name, port, path = plain.groups()
        return Place(False, name, int(port or 80), f"{name}:{port}" if port else name, path)
    parts = urlsplit(url)
    name, port = parts.hostname, parts.port
    if parts.scheme not in ("http", "https") or not name:
        raise ValueError("no http address")
    if not name.isascii():
        name = name.encode("idna").decode()
    if not name.isprintable() or " " in name:
        raise ValueError("no host name")
    secure = parts.scheme == "https"
    host = f"[{name}]" if ":" in name else name
    host = f"{host}:{port}" if port else host
    path = quote(parts.path, safe=_SAFE_IN_PATH) or "/"
    return Place(secure, name, port or (443 if secure else 80), host, path)


async def post(to: Place, headers: str, body: bytes, timeout: float) -> Reply:
    """POST `body` with these whole header lines; what came back, its body bounded by http_answer.MAX_BODY.

    Certificates are verified against the system's authorities. `timeout`: seconds, from the name's address to the last
    byte. Raises TimeoutError, OSError (with all of ssl's), or ValueError if what came is not HTTP.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + timeout
    head = (
        f"POST {to.path} HTTP/1.1\r\nHost: {to.host}\r\nConnection: close\r\n"
        f"Content-Length: {len(body)}\r\n{headers}\r\n"
    )
    addresses = _literal(to) or await _looked_up(to, until)
    line = await _connected(loop, addresses, until)
    try:
        if to.secure:
            await line.encrypt(to.name)
        await line.send(head.encode("ascii") + body)
        return await line.receive(Reader())
    finally:
        line.close()


def _literal(to: Place) -> list[Address]:
    """A number needs no looking up."""
    family = socket.AF_INET6 if ":" in to.name else socket.AF_INET
    try:
        socket.inet_pton(family, to.name)
    except OSError:
        return []
    return [(family, (to.name, to.port))]


async def _looked_up(to: Place, until: float) -> list[Address]:
    async with asyncio.timeout_at(until):
        found = await asyncio.get_running_loop().getaddrinfo(to.name, to.port, type=socket.SOCK_STREAM)
    return [(family, address) for family, _, _, _, address in found]


async def _connected(loop: asyncio.AbstractEventLoop, addresses: list[Address], until: float) -> "Line":
    """The first that takes a connection. Each gets its share of the time, so that a dead one costs not all of it."""
    for left in range(len(addresses), 0, -1):
        family, address = addresses[-left]
        line = Line(loop, family, loop.time() + (until - loop.time()) / left)
        try:
            await line.connect(address)
        except BaseException as error:
            line.close()
            if left > 1 and isinstance(error, OSError):
                continue
            raise
        line.until = until
        return line
    raise OSError("no address")


@cache
def _authorities() -> ssl.SSLContext:
    return ssl.create_default_context()


class Line:
    """A socket whose every wait ends at `until`, by the loop's clock, with TimeoutError."""

    __slots__ = ("_loop", "_socket", "until")

    def __init__(self, loop: asyncio.AbstractEventLoop, family: socket.AddressFamily, until: float) -> None:
        self._loop = loop
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        self._socket.setblocking(False)
        self.until = until

    def close(self) -> None:
        self._socket.close()

    async def connect(self, address: tuple[Any, ...]) -> None:
        """Returns as soon as it is on its way: sending shows whether it arrived."""
        if (number := self._socket.connect_ex(address)) not in _ON_ITS_WAY:
            raise OSError(number, "connect")
        if number and not self._is_connected():
            await self._ready(self._loop.add_writer, self._loop.remove_writer)
            if number := self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                raise OSError(number, "connect")

    def _is_connected(self) -> bool:
        """Within a machine or a fast network it often is before it can be waited for."""
        with suppress(OSError):
            self._socket.getpeername()
            return True
        return False

    async def encrypt(self, name: str) -> None:
        secure = _authorities().wrap_socket(
            self._socket, server_hostname=name, do_handshake_on_connect=False, suppress_ragged_eofs=True
        )
        self._socket = secure
        await self._tried(secure.do_handshake)

    async def send(self, message: bytes) -> None:
        left = memoryview(message)
        while left:
            left = left[await self._tried(partial(self._socket.send, left), writes=True) :]

    async def receive(self, reader: Reader) -> Reply:
        """Until the reader has it all."""
        read = partial(self._socket.recv, READ_AT_ONCE)
        while not (reply := reader.take(await self._tried(read))):
            pass
        return reply

    async def _tried(self, step: Callable[[], T], writes: bool = False) -> T:
        """Do `step` as soon as the socket lets it; it says itself what it waits for where it is encrypted."""
        while True:
            try:
                return step()
            except ssl.SSLWantReadError:
                write = False
            except ssl.SSLWantWriteError:
                write = True
            except BlockingIOError:
                write = writes
            if write:
                await self._ready(self._loop.add_writer, self._loop.remove_writer)
            else:
                await self._ready(self._loop.add_reader, self._loop.remove_reader)

    async def _ready(self, add: Callable[..., None], remove: Callable[[int], bool]) -> None:
        ready = self._loop.create_future()
        number = self._socket.fileno()

        def wake() -> None:
            if not ready.done():
                ready.set_result(None)

        def give_up() -> None:
            if not ready.done():
                ready.set_exception(TimeoutError())

        timer = self._loop.call_at(self.until, give_up)
        add(number, wake)
        try:
            await ready
        finally:
            remove(number)
            timer.cancel()
