"""A server on loopback that sends just the bytes it is told to, slowly or not at all."""

import asyncio
import socket
import ssl
import struct
from contextlib import suppress

from broadcast.gateways.http_answer import Reply
from broadcast.gateways.http_post import place, post

GOOD = b'HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\r\n{"a"'
CHUNKED = b'HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\n{"a\r\n1\r\n"\r\n0\r\n\r\n'
TO_THE_END = b'HTTP/1.1 202 Accepted\r\n\r\n{"a"'
HANG, CUT = "hang", "cut"


class Server:
    """Answers each connection with `parts` one after the other: bytes; seconds to wait; HANG; CUT. Then hangs up.

    Not `listens`: without waiting for the request.
    """

    def __init__(
        self, *parts: bytes | float | str, tls: ssl.SSLContext | None = None, listens: bool = True
    ) -> None:
        self.parts, self.tls, self.listens = parts, tls, listens
        self.requests: list[bytes] = []
        self.going: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "Server":
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", 0, ssl=self.tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._server.close()
        for task in self.going:
            task.cancel()
        await asyncio.gather(*self.going, return_exceptions=True)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self.going.add(task)
        try:
            if self.listens:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length:")[2].split()[0])
                self.requests.append(head + await reader.readexactly(length))
            for part in self.parts:
                if part == HANG:
                    await reader.read()
                elif part == CUT:
                    taken = writer.get_extra_info("socket")
                    taken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    writer.transport.abort()
                elif isinstance(part, bytes):
                    writer.write(part)
                    await writer.drain()
                elif isinstance(part, float):
                    await asyncio.sleep(part)
            writer.close()
            await writer.wait_closed()
        except (OSError, EOFError):
            pass  # the client has gone
        finally:
            writer.transport.abort()
            with suppress(OSError):
                await writer.wait_closed()

    async def post(self, timeout: float = 5.0, body: bytes = b"{}", scheme: str = "http") -> Reply:
        to = place(f"{scheme}://127.0.0.1:{self.port}/box/v1/commands")
        return await post(to, "X-Test: 1\r\n", body, timeout)
