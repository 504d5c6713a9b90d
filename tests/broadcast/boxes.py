"""Boxes that misbehave: a real HTTP server on loopback whose answer depends on the first part of the path."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

from broadcast import signing


class Boxes:
    """`address(how)` is a gateway address that behaves so. `pushes` is what arrived: (how, headers, body)."""

    def __init__(self) -> None:
        self.pushes: list[tuple[str, dict[str, str], bytes]] = []
        self.port = 0

    def address(self, how: str) -> str:
        return f"http://127.0.0.1:{self.port}/{how}"

    def pushed_to(self, how: str) -> list[bytes]:
        return [body for asked, _, body in self.pushes if asked == how]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        how = request.match_info["how"]
        body = await request.read()
        self.pushes.append((how, dict(request.headers), body))
        delivery = json.loads(body)["delivery"]
        good = {"delivery": delivery, "state": "accepted"}
        match how.split("-")[0]:
            case "good":
                return web.json_response(good, status=202)
            case "again":
                return web.json_response({"delivery": delivery, "state": "played"}, status=200)
            case "hang":
                await asyncio.sleep(60)
            case "nonsense":
                return web.Response(body=b"\x00\xff<html>", status=202)
            case "wrongid":
                return web.json_response({**good, "delivery": "0" * 8}, status=202)
            case "list":
                return web.json_response([good], status=202)
            case "deep":
                return web.Response(text="[" * 60000, status=202)
            case "endless":
                response = web.StreamResponse(status=202)
                await response.prepare(request)
                for _ in range(400):
                    await response.write(b" " * 65536)
                return response
            case "redirect":
                raise web.HTTPFound(self.address("good-redirected") + "/v1/commands")
            case "error":
                return web.Response(status=500)
            case "busy":
                return web.Response(status=503, headers={"Retry-After": "40"})
            case "refuse":
                return web.json_response({"error": "signature", "now": 0}, status=401)
            case "reset":
                assert request.transport
                request.transport.abort()
        return web.Response(status=400)


def verified(secret: str, path: str, headers: dict[str, str], body: bytes) -> bool:
    """Whether a push was signed as docs/gateway-protocol.md says."""
    expected = signing.signature(
        bytes.fromhex(secret), "POST", path, headers[signing.DATE], headers[signing.NONCE], body
    )
    return headers[signing.SIGNATURE] == expected


@contextmanager
def running() -> Iterator[Boxes]:
    """The boxes in a thread of their own."""
    boxes = Boxes()
    loop = asyncio.new_event_loop()
    ready = threading.Event()
    app = web.Application(client_max_size=2**20)
    app.router.add_post("/{how}/v1/commands", boxes.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)

    async def start() -> None:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        boxes.port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        ready.set()

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(start())
        loop.run_forever()
        for task in (tasks := asyncio.all_tasks(loop)):
            task.cancel()
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        loop.run_until_complete(runner.cleanup())
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    assert ready.wait(10)
    try:
        yield boxes
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
