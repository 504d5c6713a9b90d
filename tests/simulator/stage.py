"""A portal of a few lines and a city of boxes, on loopback, for one test each."""

import asyncio
import hashlib
import io
import json
import secrets
import time
import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import av
import numpy as np
from aiohttp import web

from broadcast.signing import DATE, KEY, NONCE, SIGNATURE, signature, signed_headers
from broadcast.simulator.behaviour import Behaviour
from broadcast.simulator.city import City, city
from broadcast.simulator.door import Door
from broadcast.simulator.server import Connection

SECRET = bytes(range(32))
CODES = ("JJ-0001", "JJ-0002", "JJ-0003")


class Portal:
    """Speaks the portal's side. `refuse`: statuses to answer next instead; `ahead`: its clock, seconds."""

    def __init__(self) -> None:
        self.receipts: list[dict[str, Any]] = []
        self.statuses: list[tuple[str, dict[str, Any]]] = []
        self.nonces: set[str] = set()
        self.keys_used: list[str] = []
        self.sounds: dict[str, bytes] = {}
        self.fetched: list[str] = []
        self.refuse: list[int] = []
        self.refused: list[str] = []
        self.ahead = 0.0
        self.url = ""

    async def start(self) -> web.AppRunner:
        app = web.Application()
        app.router.add_post("/api/gateway/receipts/", self._receipts)
        app.router.add_post("/api/gateway/status/", self._status)
        app.router.add_get("/api/gateway/audio/{name}/", self._audio)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return runner

    async def _signed(self, request: web.Request) -> dict[str, Any]:
        body = await request.read()
        date, nonce = request.headers[DATE], request.headers[NONCE]
        assert request.headers[SIGNATURE] == signature(SECRET, "POST", request.path_qs, date, nonce, body)
        assert nonce not in self.nonces
        self.nonces.add(nonce)
        self.keys_used.append(request.headers[KEY])
        now = time.time() + self.ahead
        if abs(int(date) - now) > 300:
            self.refused.append("clock")
            text = json.dumps({"error": "clock", "now": int(now)})
            raise web.HTTPUnauthorized(text=text, content_type="application/json")
        return json.loads(body)

    async def _receipts(self, request: web.Request) -> web.Response:
        said = (await self._signed(request))["receipts"]
        if self.refuse:
            return web.Response(status=self.refuse.pop(0))
        code = request.headers[KEY].rpartition(".")[0]
        self.receipts += [{**receipt, "gateway": code} for receipt in said]
        return web.json_response(
            {"results": [{"delivery": r["delivery"], "result": "counted"} for r in said]}
        )

    async def _status(self, request: web.Request) -> web.Response:
        status = await self._signed(request)
        self.statuses.append((request.headers[KEY], status))
        return web.json_response({"now": int(time.time() + self.ahead)})

    async def _audio(self, request: web.Request) -> web.Response:
        self.fetched.append(request.match_info["name"])
        return web.Response(body=self.sounds[request.match_info["name"]], content_type="audio/mpeg")

    def said(self, delivery: str) -> list[str]:
        """The states reported of a delivery, in order; a failure with its reason."""
        return [
            " ".join(filter(None, (r["state"], r.get("reason"))))
            for r in self.receipts
            if r["delivery"] == delivery
        ]


class Stage:
    """`boxes`: the city, None if it runs as its own process at `url`."""

    def __init__(self, portal: Portal, url: str, boxes: City | None) -> None:
        self.portal, self.url, self.boxes = portal, url, boxes
        self.client = aiohttp.ClientSession()

    def command(self, sound: bytes | None = None, seconds: float = 600, **changes: Any) -> dict[str, Any]:
        """A command that expires in so many seconds."""
        sound = tone() if sound is None else sound
        name = hashlib.sha256(sound).hexdigest()
        self.portal.sounds[name] = sound
        return {
            "command": "play",
            "delivery": str(uuid.uuid4()),
            "broadcast": str(uuid.uuid4()),
            "lane": "routine",
            "category": "life",
            "text": "시험 방송입니다.",
            "audio": {
                "url": f"{self.portal.url}/api/gateway/audio/{name}/",
                "type": "audio/mpeg",
                "size": len(sound),
                "sha256": name,
                "duration": 1,
            },
            "expires_at": (datetime.now().astimezone() + timedelta(seconds=seconds)).isoformat(),
            **changes,
        }

    async def push(
        self,
        command: dict[str, Any] | bytes,
        code: str = CODES[0],
        *,
        now: float | None = None,
        secret: bytes = SECRET,
        number: int = 1,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, Any]:
        """(status, body) of the box's answer. Raises aiohttp.ClientError if there is none."""
        body = command if isinstance(command, bytes) else json.dumps(command, ensure_ascii=False).encode()
        path = f"/{code}/v1/commands"
        signed = headers or signed_headers(f"{code}.{number}", secret, "POST", path, body, now or time.time())
        async with self.client.post(
            self.url + path, data=body, headers=signed, allow_redirects=False
        ) as answer:
            content = await answer.read()
            return answer.status, json.loads(content) if content else None

    async def control(self, what: str, data: dict[str, Any] | None = None) -> Any:
        """GET, or POST with data."""
        method = "GET" if data is None else "POST"
        async with self.client.request(method, f"{self.url}/_control/{what}", json=data) as answer:
            found = await answer.json()
            return found if answer.status == 200 else (answer.status, found)

    async def play(self, delivery: str) -> dict[str, Any]:
        """What the box remembers of a delivery."""
        plays = (await self.control("plays"))["plays"]
        (found,) = [play for play in plays if play["delivery"] == delivery]
        return found


def on_stage(
    *, share_audio: bool = True, **behaviour: Any
) -> Callable[[Callable[[Stage], Awaitable[None]]], Any]:
    """Runs a test with three boxes that behave so."""

    def decorate(test: Callable[[Stage], Awaitable[None]]) -> Callable[[Path], None]:
        def run(tmp_path: Path) -> None:
            asyncio.run(_run(test, tmp_path, Behaviour(**{"play_speed": 0, **behaviour}), share_audio))

        run.__doc__ = test.__doc__
        return run

    return decorate


async def _run(
    test: Callable[[Stage], Awaitable[None]], folder: Path, behaviour: Behaviour, share: bool
) -> None:
    portal = Portal()
    runner = await portal.start()
    keys = {code: {1: SECRET} for code in CODES}
    async with city(keys, behaviour, folder / "journal", portal.url, share) as boxes:
        door = Door(boxes)
        server = await asyncio.get_running_loop().create_server(lambda: Connection(door), "127.0.0.1", 0)
        stage = Stage(portal, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", boxes)
        try:
            await test(stage)
        finally:
            await stage.client.close()
            server.close()
    await runner.cleanup()


async def until(condition: Callable[[], Any], seconds: float = 20) -> None:
    """Waits for what must come; fails when it does not."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come"
        await asyncio.sleep(0.01)


def tone(seconds: float = 1.0, dbfs: float = -18.0, hertz: int = 440) -> bytes:
    """An MP3 of a sine whose root mean square is `dbfs`."""
    rate = 22050
    peak = 10 ** (dbfs / 20) * np.sqrt(2) / 0.95  # LAME scales all that it encodes by 0.95
    samples = (peak * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)).astype(np.float32)
    file = io.BytesIO()
    with av.open(file, "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=rate, layout="mono", format="fltp", bit_rate=64000)
        frame = av.AudioFrame.from_ndarray(samples[np.newaxis], format="fltp", layout="mono")
        frame.sample_rate = rate
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


def key_file(folder: Path) -> Path:
    """What the seed exports, for CODES."""
    path = folder / "gateways.json"
    path.write_text(json.dumps([{"code": c, "key": "1", "secret": SECRET.hex()} for c in CODES]))
    return path


def other_secret() -> bytes:
    return secrets.token_bytes(32)
