"""The limits that dispatch is measured against: asyncio scripts that push, and nothing else.

No queue, no database, no results: they have everything in memory, secrets opened, before they are told to go. They send
what the portal sends, to the byte but for ids: they sign, since a gateway takes nothing unsigned. As many processes run
as the portal uses for a broadcast of that size, with as many pushes in flight and the same three seconds a push.

`bare` speaks through aiohttp, a connection a push. `raw` is an asyncio.Protocol that writes one prepared request,
looks for "HTTP/1.1 2" in the first bytes that come back and hangs up: no TLS, no names, no reading of headers.

    python -m tests.load.bare bare|raw TARGETS.json WINDOW [with-gc]

Then one line on standard input a round: "go <broadcast id>". Like the portal's worker they do not look for garbage
while they push, unless told to.
"""

import asyncio
import gc
import hashlib
import hmac
import json
import secrets
import sys
import time
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp

from broadcast.signing import signed_headers

TIMEOUT = 3.0
Push = Callable[[dict[str, str]], Awaitable[None]]


async def in_window(targets: list[dict[str, str]], window: int, push: Push) -> None:
    """One after the other is let in: thousands of waiters at one semaphore cost more than the pushing."""
    places = asyncio.Semaphore(window)

    async def one(target: dict[str, str]) -> None:
        try:
            await push(target)
        finally:
            places.release()

    pushes = []
    for target in targets:
        await places.acquire()
        pushes.append(asyncio.create_task(one(target)))
    await asyncio.gather(*pushes)


async def bare(targets: list[dict[str, str]], window: int, command: dict[str, object]) -> None:
    client = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, force_close=True),
        timeout=aiohttp.ClientTimeout(total=TIMEOUT),
        cookie_jar=aiohttp.DummyCookieJar(),
    )

    async def push(target: dict[str, str]) -> None:
        body = json.dumps({**command, "delivery": str(uuid.uuid4()), "round": 1}, ensure_ascii=False).encode()
        url = f"{target['address']}/v1/commands"
        headers = signed_headers(
            f"{target['code']}.{target['key']}",
            bytes.fromhex(target["secret"]),
            "POST",
            urlsplit(url).path,
            body,
            time.time(),
        )
        headers["Content-Type"] = "application/json"
        try:
            async with client.post(url, data=body, headers=headers, allow_redirects=False) as response:
                await response.read()
        except (TimeoutError, aiohttp.ClientError):
            return

    async with client:
        await in_window(targets, window, push)


class OnePush(asyncio.Protocol):
    """`done`: whether it was taken, None set when the connection is gone."""

    def __init__(self, request: bytes, done: asyncio.Future[None]) -> None:
        self.request, self.done = request, done

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        assert data.startswith(b"HTTP/1.1 2"), data
        self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


async def raw(targets: list[dict[str, str]], window: int, command: dict[str, object]) -> None:
    loop = asyncio.get_running_loop()
    begun = json.dumps(command, ensure_ascii=False)[:-1].encode()
    split = {t["code"]: urlsplit(f"{t['address']}/v1/commands") for t in targets}
    opened = {t["code"]: bytes.fromhex(t["secret"]) for t in targets}

    async def push(target: dict[str, str]) -> None:
        url = split[target["code"]]
        body = b'%s, "delivery": "%s", "round": 1}' % (begun, str(uuid.uuid4()).encode())
        date, nonce, digest = int(time.time()), secrets.token_urlsafe(18), hashlib.sha256(body).hexdigest()
        text = f"POST\n{url.path}\n{date}\n{nonce}\n{digest}"
        signature = hmac.digest(opened[target["code"]], text.encode(), "sha256").hex()
        head = (
            f"POST {url.path} HTTP/1.1\r\nHost: {url.netloc}\r\nConnection: close\r\n"
            f"Content-Length: {len(body)}\r\nContent-Type: application/json\r\n"
            f"Jinju-Key: {target['code']}.{target['key']}\r\nJinju-Date: {date}\r\nJinju-Nonce: {nonce}\r\n"
            f"Jinju-Signature: {signature}\r\n\r\n"
        )
        done = loop.create_future()
        request = head.encode() + body
        assert url.hostname
        assert url.port
        transport, _ = await loop.create_connection(lambda: OnePush(request, done), url.hostname, url.port)
        timer = loop.call_later(TIMEOUT, transport.abort)
        await done
        timer.cancel()

    await in_window(targets, window, push)


def main() -> None:
    way, file, window = {"bare": bare, "raw": raw}[sys.argv[1]], Path(sys.argv[2]), int(sys.argv[3])
    targets = json.loads(file.read_text())
    command = json.loads(file.with_suffix(".command").read_text())
    gc.freeze()
    if sys.argv[4:] != ["with-gc"]:
        gc.disable()
    print("ready", flush=True)
    for line in sys.stdin:
        asyncio.run(way(targets, window, {**command, "broadcast": line.split()[1]}))
        gc.collect()
        print("done", flush=True)


if __name__ == "__main__":
    main()
