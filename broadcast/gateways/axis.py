"""Driver `axis`: Axis network speakers, played to live (VAPIX transmit.cgi, µ-law at 8 kHz).

The portal holds the line and sends as fast as it sounds. The device answers when it has played; where it does not,
nobody can tell what was heard, and that is said. Tested against a stub of ours only: no device was to be had.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp.abc import AbstractStreamWriter

from ..states import State
from ..voice.telephone import RATE
from . import Answer, Line, Nature, Session, Target
from .line_sound import LineSounds
from .vapix import Device, check_address, client, probe, ready, understood, unless_stopped

__all__ = ["NATURE", "check_address", "probe", "session"]

NATURE = Nature(holds_line=True, remembers_ids=False, can_stop=True, has_volume=False)
#: Seconds of sound that are sent at a time, and how far they are ahead of what sounds.
PIECE, AHEAD = 0.1, 0.4
#: Seconds that a device may take to answer when all of it must have sounded.
GRACE = 5.0


@asynccontextmanager
async def session(timeout: float) -> AsyncIterator[Session]:
    async with client() as made, LineSounds() as sounds:
        yield Live(made, sounds, timeout)


class Live:
    """Sound to many devices, each by a request of its own."""

    def __init__(self, client: aiohttp.ClientSession, sounds: LineSounds, timeout: float) -> None:
        self.client, self.sounds, self.timeout = client, sounds, timeout

    async def push(self, target: Target, command: dict[str, Any], line: Line) -> Answer:
        found = await ready(self.client, self.sounds, target, command, self.timeout)
        if isinstance(found, Answer):
            return found
        device, sound = found
        # A request that is cancelled closes its connection, and so the device is silent.
        playing = self._play(device, Paced(sound, line), len(sound) / RATE)
        return await unless_stopped(line, playing) or Answer(State.STOPPED)

    async def stop(self, target: Target) -> None:
        """Who holds the line lets go of it (Line.stop); nobody else can."""

    async def _play(self, device: Device, paced: "Paced", seconds: float) -> Answer:
        try:
            status, _ = await device.ask(
                "POST", "/axis-cgi/audio/transmit.cgi", self.timeout + seconds + GRACE, {}, paced
            )
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            if not paced.sounded:
                return Answer(State.WAITING, "no_answer")
            # Some firmware answers with nothing that is HTTP: all was sent, and yet nobody has said so.
            return Answer(State.UNKNOWN, "no_receipt" if paced.is_sent else "cut_off")
        if trouble := understood(status):
            return trouble
        if not paced.is_sent:
            return Answer(State.UNKNOWN, "cut_off")
        await asyncio.sleep(paced.ends_at - asyncio.get_running_loop().time())
        return Answer(State.PLAYED)


class Paced(aiohttp.Payload):
    """A body that is sent as fast as it sounds; says on the Line when it begins."""

    def __init__(self, sound: bytes, line: Line) -> None:
        super().__init__(sound, content_type="audio/basic")
        self._size = len(sound)
        self.line = line
        self.sounded = self.is_sent = False
        self.ends_at = 0.0

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        raise TypeError("sound is no text")

    async def as_bytes(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        return self._value

    async def write(self, writer: AbstractStreamWriter) -> None:
        clock = asyncio.get_running_loop().time
        begun = clock()
        self.ends_at = begun + len(self._value) / RATE
        step = int(PIECE * RATE)
        for start in range(0, len(self._value), step):
            await asyncio.sleep(begun + start / RATE - AHEAD - clock())
            await writer.write(self._value[start : start + step])
            if not self.sounded:
                self.sounded = True
                self.line.says(State.PLAYING)
        self.is_sent = True
