"""What arrives at the boxes' addresses, and how each box answers, well or badly."""

import asyncio
import ipaddress
import json
import time
from typing import Any

from . import commands
from .behaviour import NONSENSE
from .box import Box
from .city import City
from .control import control
from .server import Connection, Request
from .signing import Refused

COMMANDS = "/v1/commands"
HUGE = json.dumps({"state": "accepted", "text": "x" * 1024 * 1024}).encode()


class Door:
    """Hands requests to the boxes: /<code>/v1/commands; and to the control: /_control/…, from this machine only."""

    def __init__(self, city: City) -> None:
        self._city = city
        self._loop = asyncio.get_running_loop()

    def __call__(self, connection: Connection, request: Request) -> None:
        if request.path.startswith("/_control/"):
            peer = connection.transport.get_extra_info("peername")
            # A page that a browser shows has an origin, and no business here.
            if not ipaddress.ip_address(peer[0]).is_loopback or "origin" in request.headers:
                return connection.answer(403, {"error": "only from this machine"})
            return connection.answer(*control(self._city, request))
        path = request.path.partition("?")[0]
        box = self._city.boxes.get(path[1 : -len(COMMANDS)]) if path.endswith(COMMANDS) else None
        if box is None:
            return connection.answer(404, {"error": "no such address"})
        if request.method != "POST":
            return connection.answer(405, {"error": "POST"}, "Allow: POST")
        traits = box.traits
        if traits.link == "hang":
            return None
        if traits.delay > 0:
            self._loop.call_later(traits.delay, self._arrive, connection, request, box, box.boots)
            return None
        return self._arrive(connection, request, box, box.boots)

    def _arrive(self, connection: Connection, request: Request, box: Box, boots: int) -> None:
        """The command is through the link. One that the portal no longer waits for still arrives."""
        link = box.traits.link
        if link == "loss" or boots != box.boots:
            return connection.drop()
        if link in NONSENSE:
            return connection.answer(*nonsense(link, request))
        if link == "busy":
            return connection.answer(503, {"error": "busy"}, "Retry-After: 2")
        try:
            nonce = box.verify(request.method, request.path, request.headers, request.body)
            if not self._city.nonces.use(box.code, nonce, time.monotonic()):
                raise Refused("replay")
            command = commands.read(request.body)
            if unwanted := commands.stop(command):
                new, state, delivery = False, box.silence(unwanted), unwanted
            elif box.is_full():
                return connection.answer(503, {"error": "busy"}, "Retry-After: 2")
            else:
                new, state = box.take(delivery := commands.delivery(command))
        except Refused as refused:
            return connection.answer(401, {"error": refused.args[0], "now": int(box.clock())})
        except ValueError as error:
            return connection.answer(400, {"error": str(error)})
        if new and link == "crash":
            return connection.drop()
        return connection.answer(202 if new else 200, {"delivery": delivery.id, "state": state})


def nonsense(link: str, request: Request) -> tuple[Any, ...]:
    """(status, body, *headers) of a box that is out of its mind."""
    return {
        "garbage": (202, b"\x00\xff{not json"),
        "wrong_id": (202, {"delivery": "00000000-0000-4000-8000-000000000000", "state": "accepted"}),
        "huge": (202, HUGE),
        "redirect": (307, {}, f"Location: {request.path}/elsewhere"),
        "error": (500, {"error": "out of order"}),
    }[link]
