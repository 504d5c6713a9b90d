"""Receipts and status to the portal, over a few connections, again and again until it has answered."""

import asyncio
import json
import time
from collections import Counter
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from .box import Box
from .commands import Delivery, read
from .signing import headers

CONNECTIONS = 16
"""How many the boxes together keep open: 10,000 boxes in one process must not be 10,000 clients at once."""
MOST = 100
"""Receipts in one body (docs/gateway-protocol.md, section 4)."""
LONGEST_PAUSE = 60.0
TIMEOUT = aiohttp.ClientTimeout(total=15)
MAX_ANSWER = 256 * 1024

NONSENSE = (ValueError, KeyError, TypeError, OverflowError)
"""What reading an answer raises that is not one: a box does not die of it."""

Unsent = tuple[Delivery, str, float, str]


class NotNow(Exception):
    """The portal did not answer with 200."""


class Reporter:
    """`portal`: its address, without a slash at the end. `results`: how often it answered what."""

    def __init__(self, portal: str) -> None:
        self.portal = portal.rstrip("/")
        self.results: Counter[str] = Counter()
        self._prefix = urlsplit(self.portal).path
        self._queue: asyncio.Queue[Box] = asyncio.Queue()
        self._in_line: set[str] = set()
        self._status_due: set[str] = set()
        self._pauses: dict[str, float] = {}
        self._sent: dict[str, list[dict[str, Any]]] = {}
        self._session = aiohttp.ClientSession(timeout=TIMEOUT, connector=aiohttp.TCPConnector(limit=0))
        self._workers = [asyncio.create_task(self._work()) for _ in range(CONNECTIONS)]

    def wake(self, box: Box, status: bool = False) -> None:
        """This box has something to say; if it is already in line, or waits after a failure, then with that."""
        if box.city.behaviour.push_only or box.traits.quirk == "silent":
            return
        if status:
            self._status_due.add(box.code)
        if box.code not in self._in_line:
            self._in_line.add(box.code)
            self._queue.put_nowait(box)

    async def _work(self) -> None:
        while True:
            box = await self._queue.get()
            try:
                await self._tell(box)
            except (NotNow, aiohttp.ClientError, OSError, TimeoutError, *NONSENSE):
                pause = self._pauses.get(box.code, 1.0)
                self._pauses[box.code] = min(2 * pause, LONGEST_PAUSE)
                asyncio.get_running_loop().call_later(pause, self._queue.put_nowait, box)
                continue
            self._pauses.pop(box.code, None)
            self._in_line.discard(box.code)
            if box.unsent:
                self.wake(box)

    async def _tell(self, box: Box) -> None:
        if box.code in self._status_due:
            await self._post(box, "/api/gateway/status/", box.status())
            self._status_due.discard(box.code)
        while batch := box.unsent[:MOST]:
            receipts = [receipt(box, unsent) for unsent in batch]
            answer = await self._post(
                box, "/api/gateway/receipts/", {"receipts": self._spoilt(box, receipts)}
            )
            self.results.update(str(r["result"]) for r in answer.get("results", ()))
            for delivery, state, *_ in batch:
                # Not if it was forgotten or came anew while the portal thought.
                if box.deliveries.get(delivery.id) is delivery:
                    box.note("told", time.time(), delivery.id, state)

    def _spoilt(self, box: Box, receipts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """As they are, unless this box has a quirk of behaviour.QUIRKS."""
        if box.traits.quirk == "duplicate":
            older, self._sent[box.code] = self._sent.get(box.code, []), receipts
            return [*receipts[::-1], *older, *receipts[::-1]][:MOST]
        if box.traits.quirk == "stale":
            yesterday = datetime.fromtimestamp(box.clock() - 86400).astimezone().isoformat()
            theirs = {"delivery": box.city.delivery_of_another(box), "state": "failed", "reason": "speaker"}
            return [*receipts, {**theirs, "at": yesterday}, {**receipts[0], "at": yesterday}][:MOST]
        return receipts

    async def _post(self, box: Box, path: str, data: dict[str, Any]) -> dict[str, Any]:
        """The answer. A box whose clock is off sets it and signs again. Raises NotNow."""
        for _ in range(2):
            status, answer = await self._post_once(box, path, data)
            if status in (200, 400):  # 400 is final too: what was not understood now never will be
                return answer
            if status != 401 or answer.get("error") != "clock":
                break
            box.set_clock(float(answer["now"]))
        raise NotNow

    async def _post_once(self, box: Box, path: str, data: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        body = json.dumps(data).encode()
        number = max(box.keys)
        signed = headers(box.code, number, box.keys[number], "POST", self._prefix + path, body, box.clock())
        signed["Content-Type"] = "application/json"
        async with self._session.post(
            self.portal + path, data=body, headers=signed, allow_redirects=False
        ) as answer:
            content = await answer.content.read(MAX_ANSWER) if answer.status in (200, 401) else b"{}"
            self.results[f"http {answer.status}"] += 1
            return answer.status, read(content)

    def forget(self) -> None:
        self.results.clear()
        self._sent.clear()

    async def close(self) -> None:
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        await self._session.close()


def receipt(box: Box, unsent: Unsent) -> dict[str, Any]:
    """One receipt as it goes out, its time by the box's clock."""
    delivery, state, at, reason = unsent
    said: dict[str, Any] = {
        "delivery": delivery.id,
        "round": delivery.round,
        "state": state,
        "at": datetime.fromtimestamp(at + box.clock() - time.time()).astimezone().isoformat(),
    }
    if state == "failed":
        said["reason"] = reason
    if state == "played":
        said |= {"heard_seconds": delivery.heard_seconds, "heard_dbfs": delivery.heard_dbfs}
    return said
