"""Driver `http`: our own documented protocol (docs/gateway-protocol.md)."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from ..signing import signed_headers
from ..states import State
from . import Answer, Line, Nature, Session, Target

#: A gateway's answer is a few dozen bytes; more is not read.
MAX_ANSWER = 64 * 1024
KNOWN = ("accepted", "playing", "played", "failed", "stopped")
NATURE = Nature(holds_line=False, remembers_ids=True, can_stop=True, has_volume=True)


def check_address(address: str) -> None:
    """Raises ValueError."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("http 방식의 장비 주소는 https://장비주소 처럼 적어 주세요.")


@asynccontextmanager
async def session(timeout: float) -> AsyncIterator[Session]:
    """A client whose pushes take at most `timeout` seconds each, from connecting to the answer.

    No pool limit: waiting for a place in the pool would count against the time of live gateways. The number in
    flight is bounded by dispatch.py. Each gateway is another host, so no connection is kept.
    """
    client = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, force_close=True),
        timeout=aiohttp.ClientTimeout(total=timeout),
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
    )

    async with client:
        yield Commands(client)


class Commands:
    """Signed commands over one client."""

    def __init__(self, client: aiohttp.ClientSession) -> None:
        self.client = client

    async def push(self, target: Target, command: dict[str, Any], line: Line) -> Answer:
        volume = {} if target.volume is None else {"volume": target.volume}
        return await self._send(target, {**command, **volume})

    async def stop(self, target: Target) -> None:
        await self._send(target, {"command": "stop"})

    async def _send(self, target: Target, command: dict[str, Any]) -> Answer:
        if target.key is None:
            return Answer(State.UNREACHED, "refused")
        url = f"{target.address}/v1/commands"
        ids = {"delivery": str(target.delivery), "round": target.round}
        body = json.dumps({**command, **ids}, ensure_ascii=False).encode()
        headers = signed_headers(
            f"{target.code}.{target.key.number}",
            target.key.secret(),
            "POST",
            urlsplit(url).path,
            body,
            time.time(),
        )
        headers["Content-Type"] = "application/json"
        try:
            async with self.client.post(url, data=body, headers=headers, allow_redirects=False) as response:
                content = await _bounded(response)
                return understood(target, response.status, content, response.headers.get("Retry-After"))
        except TimeoutError:
            return Answer(State.WAITING, "hung")
        except (aiohttp.ClientError, OSError, asyncio.IncompleteReadError, ValueError):
            return Answer(State.WAITING, "no_answer")


async def _bounded(response: aiohttp.ClientResponse) -> bytes:
    content = b""
    async for part in response.content.iter_any():
        content += part
        if len(content) > MAX_ANSWER:
            break
    return content


def understood(target: Target, status: int, content: bytes, retry_after: str | None = None) -> Answer:
    """What an answer means (section 2 of the protocol). Pure."""
    if status in (200, 202):
        return _accepted(target, content)
    if status == 400:
        return Answer(State.UNREACHED, "refused")
    if status in (401, 403):
        return Answer(State.WAITING, "refused")
    if 300 <= status < 400:
        return Answer(State.WAITING, "redirected")
    pause = min(float(retry_after), 600.0) if retry_after and retry_after.isdecimal() else 0.0
    return Answer(State.WAITING, "device_error", pause)


def _accepted(target: Target, content: bytes) -> Answer:
    try:
        answer = json.loads(content)
        if answer["delivery"] == str(target.delivery) and answer["state"] in KNOWN:
            # How far it has come is for its receipts to say: they are signed, this is not.
            return Answer(State.ACCEPTED)
    except (ValueError, TypeError, KeyError, RecursionError):
        pass
    return Answer(State.WAITING, "bad_answer")
