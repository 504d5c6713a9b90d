"""Driver `sip`: speakers and amplifiers that are called (RFC 3261), answer by themselves and play what they hear.

The portal plays the sound itself, in RTP. Nobody can tell afterwards what a device heard of a call that broke off: it
becomes `unknown` and is never repeated blindly.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import ceil
from typing import Any

from ...categories import Lane
from ...states import State
from ...voice.sound import BadSound
from .. import Answer, Line, Nature, Session, Target
from ..line_sound import LineSounds
from .call import Call, Event
from .message import Message, media, offer
from .options import ask
from .phone import Callee, Phone
from .rtp import RATE, Player, Sound, silence

NATURE = Nature(holds_line=True, remembers_ids=False, can_stop=True, has_volume=False)
#: Seconds between two starts: 358 calls begun at once lost a third, paced none were lost.
PACE = 0.005
#: Seconds of silence before, while the amplifier opens, and after, so that the device plays what it keeps in store.
LEAD, TAIL = 0.2, 0.3
#: Seconds after which a device that was left alone in a call may end it.
LEFT_ALONE = 30


def check_address(address: str) -> None:
    """Raises ValueError."""
    Callee.of(address)


@asynccontextmanager
async def session(timeout: float) -> AsyncIterator[Session]:
    """Calls whose devices must have said something within `timeout` seconds. Raises OSError without a network."""
    phone, player = await Phone.opened(), Player()
    try:
        calls = Calls(phone, player, timeout)
        async with calls.sounds:
            yield calls
    finally:
        await player.close()
        phone.close()


async def probe(targets: list[Target], timeout: float) -> set[str]:
    """The codes of those that answered an OPTIONS within `timeout` seconds, whatever they answered."""
    phone = await Phone.opened()
    try:
        alive = await asyncio.gather(
            *(ask(phone, t.address, timeout, n * PACE) for n, t in enumerate(targets))
        )
    finally:
        phone.close()
    return {target.code for target, answered in zip(targets, alive, strict=True) if answered}


class Calls:
    """Calls to many devices from one socket, and their sound from another."""

    def __init__(self, phone: Phone, player: Player, timeout: float) -> None:
        self.phone, self.player, self.timeout = phone, player, timeout
        self.next_at = 0.0
        self.sounds = LineSounds()

    async def push(self, target: Target, command: dict[str, Any], line: Line) -> Answer:
        try:
            sound = await self.sounds.of(command["broadcast"])
        except BadSound:
            return Answer(State.UNREACHED, "audio_decode")
        try:
            callee = Callee.of(target.address)
            call = Call(self.phone, callee, await callee.where(), target.login)
        except (OSError, ValueError):
            return Answer(State.WAITING, "no_answer")
        await self._turn()
        stopping = asyncio.create_task(_tell_of_stop(line, call))
        try:
            return await self._called(call, sound, _headers(command), line)
        finally:
            stopping.cancel()

    async def stop(self, target: Target) -> None:
        """Who holds the line hangs up (Line.stop); nobody else can."""

    async def _called(self, call: Call, sound: bytes, headers: list[tuple[str, str]], line: Line) -> Answer:
        words = offer(call.local, self.player.port, call.number)
        whole = silence(LEAD) + sound + silence(TAIL)
        final = await call.invite(words, [*headers, *_at_most(len(whole) / RATE + LEFT_ALONE)], self.timeout)
        if isinstance(final, Message) and final.status == 422:  # it would rather be left alone for longer
            final = await call.invite(words, headers, self.timeout)
        if not isinstance(final, Message):
            return Answer(State.STOPPED) if final is Event.STOP else Answer(State.WAITING, "no_answer")
        if final.status >= 300:
            return refused(final.status)
        call.accept(final)
        try:
            address = media(final.body)
        except ValueError:
            await call.hang_up()
            return Answer(State.WAITING, "bad_answer")
        playing = Sound(whole, address, lambda: call.tell(Event.SOUNDED))
        self.player.play(playing)
        line.says(State.PLAYING)
        try:
            return await self._until_it_ends(call)
        finally:
            self.player.stop(playing)
            call.leave()

    async def _until_it_ends(self, call: Call) -> Answer:
        while not isinstance(ended := await call.event(None), Event):
            pass  # a late repetition
        if ended is Event.HUNG_UP:
            return Answer(State.FAILED, "cut_off")
        if ended is Event.STOP:
            await call.hang_up()
            return Answer(State.STOPPED)
        agreed = await call.hang_up()
        # Nothing said, or that there is no such call: it went away we do not know when.
        heard = agreed is not None and 200 <= agreed < 300
        return Answer(State.PLAYED) if heard else Answer(State.UNKNOWN, "cut_off")

    async def _turn(self) -> None:
        now = asyncio.get_running_loop().time()
        at = self.next_at = max(self.next_at + PACE, now)
        await asyncio.sleep(at - now)


def _headers(command: dict[str, Any]) -> list[tuple[str, str]]:
    """That nobody need pick up (RFC 5373), and how urgent it is (RFC 3261, section 20.26)."""
    urgent = command["lane"] == Lane.URGENT
    return [
        ("Answer-Mode", "Auto"),
        ("Priority", "emergency" if urgent else "normal"),
        ("Content-Type", "application/sdp"),
    ]


def _at_most(seconds: float) -> list[tuple[str, str]]:
    """How long the call may last (RFC 4028), longer than it will: a device that can hangs up by itself when our
    worker was killed, instead of being busy for ever."""
    longest = max(ceil(seconds), 90)
    return [
        ("Supported", "timer"),
        ("Session-Expires", f"{longest};refresher=uac"),
        ("Min-SE", str(longest)),
    ]


async def _tell_of_stop(line: Line, call: Call) -> None:
    await line.stop.wait()
    call.tell(Event.STOP)


def refused(status: int) -> Answer:
    """What a final answer other than 2xx means. Pure."""
    if status in (486, 600):
        return Answer(State.WAITING, "busy")
    if status in (408, 480, 487, 504):
        return Answer(State.WAITING, "no_answer")
    if status < 400:
        return Answer(State.WAITING, "redirected")
    return Answer(State.WAITING, "device_error" if 500 <= status < 600 else "refused")
