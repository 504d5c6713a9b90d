"""Driver `axis_clip`: Axis network speakers that keep clips (VAPIX media clip): the sound is brought, then played.

For devices whose line is too poor for live sound; they have a volume, too. A device says that it begins, not that it
ended: if it still answers when the clip must be over, it is taken to have played. Tested against a stub only.
"""

import asyncio
import io
import re
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp

from ..states import State
from ..voice.telephone import RATE
from . import Answer, Line, Nature, Session, Target
from .line_sound import LineSounds
from .vapix import Device, check_address, client, probe, ready, understood, unless_stopped

__all__ = ["NATURE", "check_address", "probe", "session"]

NATURE = Nature(holds_line=True, remembers_ids=False, can_stop=True, has_volume=True)
#: The name under which our clips lie on a device; what an earlier one left behind goes before the next comes.
NAME = "jinju-broadcast"
#: Bytes a second that the poorest line carries.
SLOWEST = 4000
#: Seconds after which the clip is surely over.
TAIL = 0.3
OURS = re.compile(rf"root\.MediaClip\.M(\d+)\.Name={NAME}\s")


@asynccontextmanager
async def session(timeout: float) -> AsyncIterator[Session]:
    async with client() as made, LineSounds() as sounds:
        yield Clips(made, sounds, timeout)


class Clips:
    def __init__(self, client: aiohttp.ClientSession, sounds: LineSounds, timeout: float) -> None:
        self.client, self.sounds, self.timeout = client, sounds, timeout

    async def push(self, target: Target, command: dict[str, Any], line: Line) -> Answer:
        found = await ready(self.client, self.sounds, target, command, self.timeout)
        if isinstance(found, Answer):
            return found
        device, sound = found
        try:
            clip = await unless_stopped(line, _brought(device, sound)) or Answer(State.STOPPED)
        except (aiohttp.ClientError, TimeoutError, OSError):
            return Answer(State.WAITING, "no_answer")
        if isinstance(clip, Answer):
            return clip
        try:
            return await _played(device, clip, target.volume, len(sound) / RATE, line)
        finally:
            await asyncio.shield(_removed(device, clip))

    async def stop(self, target: Target) -> None:
        """Who holds the line stops it (Line.stop)."""


async def _brought(device: Device, sound: bytes) -> str | Answer:
    """The number of the clip, or why there is none. Raises aiohttp.ClientError, TimeoutError, OSError."""
    _, kept = await device.get("/axis-cgi/param.cgi", action="list", group="root.MediaClip")
    for old in OURS.findall(kept + "\n"):
        await _removed(device, old)
    file = wav(sound)
    form = aiohttp.FormData()
    form.add_field("file", io.BytesIO(file), filename=f"{NAME}.wav", content_type="audio/wav")
    status, text = await device.ask(
        "POST",
        "/axis-cgi/mediaclip.cgi",
        device.timeout + len(file) / SLOWEST,
        {"action": "upload", "media": "audio", "name": NAME},
        form,
    )
    found = re.search(r"uploaded=(\d{1,9})\b", text)
    return understood(status) or (found[1] if found else Answer(State.WAITING, "bad_answer"))


async def _played(device: Device, clip: str, volume: int | None, seconds: float, line: Line) -> Answer:
    if line.stop.is_set():
        return Answer(State.STOPPED)
    louder = {} if volume is None else {"volume": volume}
    try:
        status, _ = await device.get("/axis-cgi/playclip.cgi", clip=clip, repeat=0, **louder)
    except aiohttp.ClientConnectorError:
        return Answer(State.WAITING, "no_answer")
    except (aiohttp.ClientError, TimeoutError, OSError):
        return Answer(State.UNKNOWN, "cut_off")  # it was asked, and may well play
    if trouble := understood(status):
        return trouble
    line.says(State.PLAYING)
    with suppress(TimeoutError):
        await asyncio.wait_for(line.stop.wait(), seconds + TAIL)
        return Answer(State.STOPPED) if await _silenced(device) else Answer(State.UNKNOWN, "cut_off")
    return Answer(State.PLAYED) if await device.greet() is None else Answer(State.UNKNOWN, "cut_off")


async def _silenced(device: Device) -> bool:
    try:
        status, _ = await device.get("/axis-cgi/stopclip.cgi")
    except (aiohttp.ClientError, TimeoutError, OSError):
        return False
    return understood(status) is None


async def _removed(device: Device, clip: str) -> None:
    with suppress(aiohttp.ClientError, TimeoutError, OSError):
        await device.get("/axis-cgi/mediaclip.cgi", action="remove", clip=clip)


def wav(sound: bytes) -> bytes:
    """µ-law at 8 kHz as a file (RIFF; format 7)."""
    kind = struct.pack("<HHIIHHH", 7, 1, RATE, RATE, 1, 8, 0)
    parts = [
        (b"fmt ", kind),
        (b"fact", struct.pack("<I", len(sound))),
        (b"data", sound + b"\xff" * (len(sound) % 2)),
    ]
    body = b"".join(name + struct.pack("<I", len(content)) + content for name, content in parts)
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body
