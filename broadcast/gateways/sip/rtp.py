"""The sound itself: RTP (RFC 3550), PCMU, a packet every 20 ms, for all calls of a session from one loop."""

import asyncio
import secrets
import socket
import struct
from collections.abc import Callable
from contextlib import suppress

#: Bytes of sound in a packet: 20 ms at 8 kHz. SILENT: one of silence in µ-law.
PACKET, RATE, SILENT = 160, 8000, b"\xff"
#: The calls take turns, so that hundreds of them do not all send at the same moment.
TURNS = 4
TURN = 0.020 / TURNS
#: Behind by more than this many seconds (the machine slept), the sound goes on later instead of in a flood.
TOO_LATE = 0.5
_HEADER = struct.Struct("!BBHII")


def silence(seconds: float) -> bytes:
    return SILENT * int(seconds * RATE)


class Sound:
    """One call's sound on its way. `done` is called after the last packet."""

    __slots__ = ("address", "at", "bytes", "done", "sequence", "source", "start")

    def __init__(self, sound: bytes, address: tuple[str, int], done: Callable[[], None]) -> None:
        self.bytes = sound
        self.address = address
        self.done = done
        self.at = 0
        # Where they begin, nobody shall be able to guess (section 5.1).
        self.sequence, self.start, self.source = (
            secrets.randbits(16),
            secrets.randbits(32),
            secrets.randbits(32),
        )

    def packet(self) -> bytes:
        """The next one; the last is filled up with silence."""
        piece = self.bytes[self.at : self.at + PACKET].ljust(PACKET, SILENT)
        number = (self.sequence + self.at // PACKET) & 0xFFFF
        time = (self.start + self.at) & 0xFFFFFFFF
        # Version 2; payload type 0, marked where sound begins.
        head = _HEADER.pack(0x80, 0x80 if self.at == 0 else 0, number, time, self.source)
        self.at += PACKET
        return head + piece


class Player:
    """Sends all sounds of a session from one socket. What devices send to it is never read."""

    def __init__(self) -> None:
        """Inside the event loop that will play. Raises OSError."""
        self.socket = _even_port()
        self.port: int = self.socket.getsockname()[1]
        self.turns: list[set[Sound]] = [set() for _ in range(TURNS)]
        self.ticking: asyncio.Task[None] | None = None

    def play(self, sound: Sound) -> None:
        min(self.turns, key=len).add(sound)
        if self.ticking is None or self.ticking.done():
            self.ticking = asyncio.create_task(self._tick())

    def stop(self, sound: Sound) -> None:
        """Not another packet. No harm where it has ended."""
        for turn in self.turns:
            turn.discard(sound)

    async def close(self) -> None:
        if self.ticking:
            self.ticking.cancel()
            with suppress(asyncio.CancelledError):
                await self.ticking
        self.socket.close()

    async def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        turn, due = 0, loop.time()
        while any(self.turns):
            for sound in list(self.turns[turn]):
                self._send(sound)
            turn = (turn + 1) % TURNS
            due += TURN
            behind = loop.time() - due
            if behind > TOO_LATE:
                due += behind
            await asyncio.sleep(max(-behind, 0))

    def _send(self, sound: Sound) -> None:
        # A full buffer or a network that is away costs this packet, as on any telephone; who has really gone does
        # not answer when we hang up.
        with suppress(OSError):
            self.socket.sendto(sound.packet(), sound.address)
        if sound.at >= len(sound.bytes):
            self.stop(sound)
            sound.done()


def _even_port() -> socket.socket:
    """RTP lives on even ports (RFC 3550, section 11)."""
    for _ in range(50):
        made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        made.setblocking(False)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 0)  # the least there is: nobody reads it
        made.bind(("", 0))
        if made.getsockname()[1] % 2 == 0:
            return made
        made.close()
    raise OSError("no even port is free")
