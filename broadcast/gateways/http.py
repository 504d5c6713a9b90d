"""Driver `http`: our own documented protocol (docs/gateway-protocol.md)."""

import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from ..signing import signed_headers
from ..states import State
from . import Answer, Line, Nature, Session, Target
from .http_post import place, post

KNOWN = ("accepted", "playing", "played", "failed", "stopped")
NATURE = Nature(holds_line=False, remembers_ids=True, can_stop=True, has_volume=True)
ACCEPTED = Answer(State.ACCEPTED)


def check_address(address: str) -> None:
    """Raises ValueError."""
    try:
        parts = urlsplit(address)
        right = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        right = False
    # No user, query or fragment: the driver adds its own path.
    if not right or re.search(r"[\s?#@\\]", address):
        raise ValueError("http 방식의 장비 주소는 https://192.0.2.10/JJ-0001 처럼 적어 주세요.")


@asynccontextmanager
async def session(timeout: float) -> AsyncIterator[Session]:
    """Pushes take at most `timeout` seconds each, from connecting to the answer.

    How many are in flight is bounded by dispatch.py.
    """
    yield Commands(timeout)


class Commands:
    """Signed commands, each over a connection of its own."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        # What is the same for all gateways of a broadcast is written once. With the command, so that its id stays its.
        self._begun: dict[tuple[int, int | None], tuple[dict[str, Any], str]] = {}

    async def push(self, target: Target, command: dict[str, Any], line: Line) -> Answer:
        begun = self._begun.get((id(command), target.volume))
        if begun is None:
            volume = {} if target.volume is None else {"volume": target.volume}
            begun = command, beginning({**command, **volume})
            self._begun[id(command), target.volume] = begun
        return await self._send(target, begun[1])

    async def stop(self, target: Target) -> None:
        await self._send(target, beginning({"command": "stop"}))

    async def _send(self, target: Target, begun: str) -> Answer:
        if target.key is None:
            return Answer(State.UNREACHED, "refused")
        delivery = str(target.delivery)
        body = f'{begun}, "delivery": "{delivery}", "round": {target.round}}}'.encode()
        key = f"{target.code}.{target.key.number}"
        secret = target.key.secret()
        try:
            to = place(f"{target.address}/v1/commands")
            headers = signed_headers(key, secret, "POST", to.path, body, time.time())
            lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
            reply = await post(to, f"Content-Type: application/json\r\n{lines}", body, self._timeout)
        except TimeoutError:
            return Answer(State.WAITING, "hung")
        except (OSError, ValueError):
            return Answer(State.WAITING, "no_answer")
        return understood(delivery, reply.status, reply.body, reply.headers.get("retry-after"))


def beginning(command: dict[str, Any]) -> str:
    """A command as JSON without its end: what differs from gateway to gateway comes after it."""
    return json.dumps(command, ensure_ascii=False)[:-1]


def understood(delivery: str, status: int, content: bytes, retry_after: str | None = None) -> Answer:
    """What an answer means (section 2 of the protocol). Pure."""
    if status in (200, 202):
        return _accepted(delivery, content)
    if status == 400:
        return Answer(State.UNREACHED, "refused")
    if status in (401, 403):
        return Answer(State.WAITING, "refused")
    if 300 <= status < 400:
        return Answer(State.WAITING, "redirected")
    pause = min(float(retry_after), 600.0) if retry_after and retry_after.isdecimal() else 0.0
    return Answer(State.WAITING, "device_error", pause)


def _accepted(delivery: str, content: bytes) -> Answer:
    try:
        answer = json.loads(content.decode())
        if answer["delivery"] == delivery and answer["state"] in KNOWN:
            # How far it has come is for its receipts to say: they are signed, this is not.
            return ACCEPTED
    except (ValueError, TypeError, KeyError, RecursionError):
        pass
    return Answer(State.WAITING, "bad_answer")
