"""A stub of an Axis speaker: VAPIX by its published pages, HTTP Digest checked by our own arithmetic (RFC 7616).

It is no Axis device: what a real one does besides, nobody has tried.
"""

import asyncio
import hashlib
import re
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiohttp import web

USER, PASSWORD, REALM = "portal", "p:ass wörd", "AXIS_0123"


@dataclass
class Speaker:
    """`how` (what it does wrong): "", refuse, busy, broken, missing, hang, moved, cut, mute, early, stale, vanish,
    deaf, nonsense. `heard`: the bytes that each sound brought, and for how long they came."""

    how: str = ""
    heard: list[tuple[bytes, float]] = field(default_factory=list)
    clips: dict[int, tuple[str, bytes]] = field(default_factory=dict)
    played: list[dict[str, str]] = field(default_factory=list)
    stopped: int = 0
    begun: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    gone: bool = False

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path_qs)
        if self.gone:
            assert request.transport
            request.transport.abort()
            return web.Response()
        if self.how == "hang":
            await asyncio.sleep(60)
        for how, status in (("moved", 302), ("broken", 500), ("missing", 404), ("refuse", 401)):
            if self.how == how:
                return web.Response(status=status, headers={"Location": "/elsewhere"})
        if not self._knows(request):
            stale = ", stale=true" if "Authorization" in request.headers else ""
            nonce = secrets.token_hex(8)
            self.counts[nonce] = 0
            asked = f'Digest realm="{REALM}", nonce="{nonce}", algorithm=MD5, qop="auth"{stale}'
            return web.Response(status=401, headers={"WWW-Authenticate": asked})
        what = request.path.removeprefix("/axis-cgi/")
        if what == "audio/transmit.cgi":
            return await self._transmit(request)
        if what == "mediaclip.cgi":
            return await self._clip(request)
        if what == "playclip.cgi":
            return self._play(request)
        if what == "stopclip.cgi":
            self.stopped += 1
            return web.Response(text="OK\nstopping")
        if what == "param.cgi":
            lines = [f"root.MediaClip.M{n}.Name={name}" for n, (name, _) in self.clips.items()]
            return web.Response(text="\n".join([*lines, "root.Properties.Audio.Audio=yes"]))
        return web.Response(status=404)

    def _knows(self, request: web.Request) -> bool:
        given = dict(re.findall(r'(\w+)="?([^",]+)"?', request.headers.get("Authorization", "")))
        nonce, count = given.get("nonce", ""), int(given.get("nc", "0"), 16)
        if self.how == "stale" and "transmit" in request.path:
            self.how = ""
            self.counts.clear()  # as after a restart: every nonce is forgotten
        if given.get("uri") != request.raw_path or nonce not in self.counts or count <= self.counts[nonce]:
            return False

        def digest(*parts: str) -> str:
            return hashlib.md5(":".join(parts).encode()).hexdigest()

        expected = digest(
            digest(USER, REALM, PASSWORD),
            *(nonce, given["nc"], given["cnonce"], given["qop"]),
            digest(request.method, given["uri"]),
        )
        self.counts[nonce] = count
        return given["username"] == USER and given["response"] == expected

    async def _transmit(self, request: web.Request) -> web.StreamResponse:
        if self.how == "busy":
            return web.Response(status=503)
        assert request.content_type == "audio/basic"
        if self.how == "early":
            return web.Response()
        assert request.transport
        self.begun.append("live")
        sound, begun = b"", time.monotonic()
        try:
            async for part in request.content.iter_any():
                sound += part
                if self.how == "cut" and len(sound) > 3000:
                    request.transport.abort()
        finally:
            self.heard.append((sound, time.monotonic() - begun))
        if self.how == "mute":
            request.transport.abort()
        if self.how == "nonsense":
            request.transport.write(b"\r\n")
            request.transport.close()
        return web.Response()

    async def _clip(self, request: web.Request) -> web.Response:
        if request.query["action"] == "remove":
            self.clips.pop(int(request.query["clip"]), None)
            return web.Response(text=f"OK\nremoved={request.query['clip']}")
        assert (request.query["action"], request.query["media"]) == ("upload", "audio")
        part = await (await request.multipart()).next()
        assert part is not None and part.name == "file" and part.headers["Content-Type"] == "audio/wav"  # type: ignore[union-attr]
        number = max(self.clips, default=6) + 1
        self.clips[number] = (request.query["name"], bytes(await part.read()))  # type: ignore[union-attr]
        return web.Response(text="what?" if self.how == "nonsense" else f"OK\nuploaded={number}")

    def _play(self, request: web.Request) -> web.Response:
        if self.how == "busy":
            return web.Response(status=503)
        self.begun.append("clip")
        self.played.append(dict(request.query))
        self.heard.append((self.clips[int(request.query["clip"])][1], 0.0))
        self.gone = self.how == "vanish"
        return web.Response(text=f"OK\nplaying={request.query['clip']}")


@contextmanager
def running(*speakers: Speaker) -> Iterator[list[str]]:
    """Their addresses; in a thread of their own."""
    loop = asyncio.new_event_loop()
    ready = threading.Event()
    addresses: list[str] = []
    runners: list[web.AppRunner] = []

    async def start() -> None:
        for speaker in speakers:
            app = web.Application(client_max_size=2**24)
            app.router.add_route("*", "/{path:.*}", speaker.answer)
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            runners.append(runner)
            addresses.append(f"http://127.0.0.1:{runner.addresses[0][1]}")
        ready.set()

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(start())
        loop.run_forever()
        for runner in runners:
            loop.run_until_complete(runner.cleanup())
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    assert ready.wait(10)
    try:
        yield addresses
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
