"""What both Axis drivers share: requests to one device by VAPIX, signed in by HTTP Digest (RFC 7616)."""

import asyncio
import re
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import asynccontextmanager
from typing import Any, TypeVar
from urllib.parse import urlsplit

import aiohttp

from ..states import State
from ..voice.sound import BadSound
from . import Answer, Line, Target
from .line_sound import LineSounds

T = TypeVar("T")

#: An answer is a few lines; more is not read.
MAX_ANSWER = 64 * 1024
#: Devices that are asked at a time whether they are there.
ASKED_AT_ONCE = 100
#: What anybody who may sign in may ask, and nothing changes by it.
HARMLESS = {"action": "list", "group": "root.Properties.Audio"}


def check_address(address: str) -> None:
    """Raises ValueError."""
    try:
        parts = urlsplit(address)
        right = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        right = False
    if not right or parts.path not in ("", "/") or re.search(r"[\s?#@\\]", address):
        raise ValueError("axis 방식의 장비 주소는 https://192.0.2.20 처럼 장비의 주소만 적어 주세요.")


@asynccontextmanager
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    """No pool limit (dispatch.py bounds), no cookies, no proxies; each request says its own time-out."""
    made = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0),
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
    )
    async with made:
        yield made


class Device:
    """One device, as the portal is signed in there. `timeout`: seconds for one short request."""

    def __init__(self, client: aiohttp.ClientSession, target: Target, timeout: float) -> None:
        """Raises ValueError without a login, and for one that cannot be sent."""
        if target.login is None:
            raise ValueError("no login")
        self.client, self.timeout = client, timeout
        self.root = target.address.rstrip("/")
        self._digest = aiohttp.DigestAuthMiddleware(target.login.username, target.login.password())

    async def get(self, path: str, **query: str | int) -> tuple[int, str]:
        """(status, text). Raises aiohttp.ClientError, TimeoutError, OSError."""
        return await self.ask("GET", path, self.timeout, query)

    async def ask(
        self,
        method: str,
        path: str,
        timeout: float,
        query: dict[str, str | int],
        body: aiohttp.FormData | aiohttp.Payload | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, str]:
        """(status, text). `timeout`: seconds for everything. Raises as `get` does."""
        async with self.client.request(
            method,
            f"{self.root}{path}",
            params=query,
            data=body,
            headers=headers,
            middlewares=(self._digest,),
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=timeout, sock_connect=self.timeout),
        ) as answer:
            return answer.status, (await answer.content.read(MAX_ANSWER)).decode(errors="replace")

    async def greet(self) -> Answer | None:
        """Whether it is there and knows the portal: None, or what to answer instead of playing.

        It also brings the challenge by which the next request is signed, so that no sound is sent in vain.
        """
        try:
            status, _ = await self.get("/axis-cgi/param.cgi", **HARMLESS)
        except TimeoutError:
            return Answer(State.WAITING, "hung")
        except (aiohttp.ClientError, OSError):
            return Answer(State.WAITING, "no_answer")
        return understood(status)


async def ready(
    client: aiohttp.ClientSession, sounds: LineSounds, target: Target, command: dict[str, Any], timeout: float
) -> tuple[Device, bytes] | Answer:
    """The device, signed in to, and the sound to play there; or why not."""
    try:
        sound = await sounds.of(command["broadcast"])
        device = Device(client, target, timeout)
    except BadSound:
        return Answer(State.UNREACHED, "audio_decode")
    except ValueError:
        return Answer(State.UNREACHED, "refused")
    return await device.greet() or (device, sound)


async def unless_stopped(line: Line, doing: Coroutine[Any, Any, T]) -> T | None:
    """What it returned; None if the Line was stopped first, and then it was cancelled."""
    task, stopping = asyncio.create_task(doing), asyncio.create_task(line.stop.wait())
    try:
        await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        stopping.cancel()
        task.cancel()
        await asyncio.wait({task})


def understood(status: int) -> Answer | None:
    """What an answer means; None: it did as it was told. Pure."""
    if status in (200, 204):
        return None
    if status in (401, 403):
        return Answer(State.WAITING, "refused")
    if status in (404, 405, 501):
        return Answer(State.UNREACHED, "unsupported")
    if status in (409, 503):
        return Answer(State.WAITING, "busy")
    return Answer(State.WAITING, "redirected" if 300 <= status < 400 else "device_error")


async def probe(targets: Iterable[Target], timeout: float) -> set[str]:
    """The codes of those that answered within `timeout` seconds and let the portal in."""
    places = asyncio.Semaphore(ASKED_AT_ONCE)

    async with client() as asking:

        async def is_well(target: Target) -> bool:
            async with places:
                try:
                    return await Device(asking, target, timeout).greet() is None
                except ValueError:
                    return False

        asked = list(targets)
        well = await asyncio.gather(*map(is_well, asked))
    return {target.code for target, answered in zip(asked, well, strict=True) if answered}
