"""All boxes, and what they have in common: behaviour, journal, sounds, the line to the portal."""

import asyncio
import json
import sys
import time
import uuid
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from .behaviour import Behaviour, Traits, settle
from .box import Box
from .commands import Delivery
from .journal import Journal
from .reporter import Reporter
from .signing import Nonces
from .sound import Sounds

STATUS_EVERY = 60.0
FIRST_STATUS_WITHIN = 3.0
"""Seconds: after the start, all boxes are seen soon, but not in one burst."""


class City:
    """`boxes`: {code: Box}. `arrivals`: {broadcast: {code: Unix seconds at which the box accepted it}}."""

    def __init__(
        self,
        keys: dict[str, dict[int, bytes]],
        behaviour: Behaviour,
        journal: Journal,
        reporter: Reporter,
        sounds: Sounds,
    ) -> None:
        self.behaviour = behaviour
        self.journal, self.reporter, self.sounds = journal, reporter, sounds
        self.nonces = Nonces()
        self.boxes = {code: Box(self, code, own) for code, own in keys.items()}
        self.arrivals: dict[str, dict[str, float]] = {}
        self.overrides: dict[str, dict[str, Any]] = {}
        self._latest: deque[tuple[str, str]] = deque(maxlen=2)
        self.behave(behaviour)
        self._remember()

    def _remember(self) -> None:
        for event in self.journal.read(time.time()):
            if box := self.boxes.get(event[2]):
                box.apply(event)
        if not self.behaviour.push_only:
            for box in self.boxes.values():
                box.wake_up()

    def behave(self, behaviour: Behaviour) -> None:
        """From now on."""
        self.behaviour = behaviour
        for code, traits in settle(behaviour, list(self.boxes)).items():
            self._set(self.boxes[code], replace(traits, **self.overrides.get(code, {})))

    def override(self, box: Box, traits: dict[str, Any]) -> None:
        """This box otherwise than the others; {}: like the others. Raises ValueError or TypeError."""
        settled = settle(self.behaviour, list(self.boxes))[box.code]
        new = replace(settled, **traits)
        self.overrides[box.code] = traits
        self._set(box, new)

    @staticmethod
    def _set(box: Box, traits: Traits) -> None:
        if traits.clock_offset != box.traits.clock_offset:
            box.correction = 0.0
        box.traits = traits

    def arrived(self, box: Box, delivery: Delivery) -> None:
        self.arrivals.setdefault(delivery.broadcast, {}).setdefault(box.code, delivery.accepted_at)
        self._latest.append((box.code, delivery.id))

    def delivery_of_another(self, box: Box) -> str:
        """An id that this box never had; of another box, if one is at hand."""
        others = [id for code, id in self._latest if code != box.code]
        return others[-1] if others else str(uuid.uuid4())

    def plays(self, broadcast: str = "") -> list[dict[str, Any]]:
        """Every delivery that the boxes remember, or those of one broadcast."""
        return [
            {
                "gateway": box.code,
                "delivery": d.id,
                **{k: v for k, v in asdict(d).items() if k not in ("id", "audio")},
            }
            for box in self.boxes.values()
            for d in box.deliveries.values()
            if broadcast in ("", d.broadcast)
        ]

    def reset(self) -> None:
        """Every box as new; behaviour and overrides stay."""
        for box in self.boxes.values():
            box.forget()
        self.journal.clear()
        self.arrivals.clear()
        self.reporter.forget()
        self.nonces = Nonces()

    def complain(self, box: Box, error: BaseException) -> None:
        print(f"{box.code}: {error!r}", file=sys.stderr, flush=True)

    async def report_status(self) -> None:
        """For ever: all within FIRST_STATUS_WITHIN seconds, then each every STATUS_EVERY, evenly spread."""
        start = time.monotonic()
        await self._status_round(start, FIRST_STATUS_WITHIN)
        await self._status_round(start + FIRST_STATUS_WITHIN, STATUS_EVERY - FIRST_STATUS_WITHIN)
        while True:
            start += STATUS_EVERY
            await self._status_round(start, STATUS_EVERY)

    async def _status_round(self, start: float, span: float) -> None:
        for place, box in enumerate(self.boxes.values()):
            pause = start + span * place / len(self.boxes) - time.monotonic()
            if pause > 0.02:
                await asyncio.sleep(pause)
            self.reporter.wake(box, status=True)
        await asyncio.sleep(max(0.0, start + span - time.monotonic()))


def read_keys(file: Path) -> dict[str, dict[int, bytes]]:
    """{code: {key number: 32 bytes}} from [{"code", "key", "secret"}, …]; two entries are two live keys.

    Raises ValueError.
    """
    keys: dict[str, dict[int, bytes]] = {}
    for entry in json.loads(file.read_text()):
        secret = bytes.fromhex(entry["secret"])
        if len(secret) != 32:
            raise ValueError(f"{entry['code']}: a secret has 32 bytes")
        keys.setdefault(entry["code"], {})[int(entry["key"])] = secret
    return keys


@asynccontextmanager
async def city(
    keys: dict[str, dict[int, bytes]], behaviour: Behaviour, journal: Path, portal: str, share_audio: bool
) -> AsyncIterator[City]:
    """A city that lives as long as the block. Raises BlockingIOError if another holds the journal."""
    kept = Journal(journal)
    reporter, sounds = Reporter(portal), Sounds(share_audio)
    new = City(keys, behaviour, kept, reporter, sounds)
    status = asyncio.create_task(new.report_status())
    try:
        yield new
    finally:
        status.cancel()
        for box in new.boxes.values():
            box.close()
        await asyncio.gather(status, return_exceptions=True)
        await reporter.close()
        await sounds.close()
        kept.close()
