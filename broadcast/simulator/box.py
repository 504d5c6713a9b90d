"""One box: takes commands, plays them one after the other, keeps receipts until the portal has them."""

import asyncio
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from .behaviour import Traits
from .commands import Delivery, delivery, remembered, stopped_before
from .journal import Event
from .signing import check
from .sound import NoSound

if TYPE_CHECKING:
    from .city import City

VOLUME = 70
"""Percent, as somebody set it on the box; a command may ask for another."""
MOST_WAITING = 100
"""Commands a box holds; beyond, it says 503."""


class Box:
    """`keys`: {number: 32 bytes}; it signs with the highest and takes commands signed with any."""

    def __init__(self, city: "City", code: str, keys: dict[int, bytes]) -> None:
        self.city = city
        self.code = code
        self.keys = keys
        self.traits = Traits()
        self.correction = 0.0
        self.started = time.monotonic()
        self.boots = 0
        self.deliveries: dict[str, Delivery] = {}
        self.unsent: list[tuple[Delivery, str, float, str]] = []
        self._urgent: deque[Delivery] = deque()
        self._routine: deque[Delivery] = deque()
        self._playing: Delivery | None = None
        self._task: asyncio.Task[None] | None = None
        self._stopped_for = ""

    def clock(self) -> float:
        """Unix seconds as the box believes."""
        return time.time() + self.traits.clock_offset + self.correction

    def set_clock(self, now: float) -> None:
        self.correction = now - time.time() - self.traits.clock_offset

    # What happened: remembered first, then true.

    def note(self, kind: str, at: float, *rest: Any) -> None:
        event = [kind, at, self.code, *rest]
        self.city.journal.write(event)
        self.apply(event)
        if kind in ("playing", "played", "failed", "stopped"):
            self.city.reporter.wake(self)

    def apply(self, event: Event) -> None:
        """accepted + command; playing, told + id (+ state); stopped + id, round; played + id, seconds, dBFS;
        failed + id, reason."""
        kind, at, _, subject, *rest = event
        if kind == "accepted":
            return self._accept(delivery(subject), at)
        if kind == "stopped" and subject not in self.deliveries:
            self.deliveries[subject] = stopped_before(subject)
        known = self.deliveries[subject]
        if kind == "stopped":
            known.round = max(known.round, *rest)
        if kind == "told":
            self.unsent = [r for r in self.unsent if not (r[0] is known and r[1] == rest[0])]
            return None
        known.state = kind
        if kind == "playing":
            known.started_at = at
            known.times_played += 1
        else:
            known.ended_at = at
        if kind == "played":
            known.heard_seconds, known.heard_dbfs = rest
        if kind == "failed":
            known.reason = rest[0]
        return self.unsent.append((known, kind, at, known.reason))

    def _accept(self, new: Delivery, at: float) -> None:
        new.accepted_at = at
        if old := self.deliveries.get(new.id):
            new.times_played = old.times_played
            self.unsent = [r for r in self.unsent if r[0] is not old]
        self.deliveries[new.id] = new
        self.city.arrived(self, new)

    # Commands.

    def verify(self, method: str, path: str, headers: dict[str, str], body: bytes) -> str:
        """The nonce. Raises signing.Refused."""
        return check(self.code, self.keys, method, path, headers, body, self.clock())

    def take(self, new: Delivery) -> tuple[bool, str]:
        """(whether it is new to this box, the state it has now)."""
        known = self.deliveries.get(new.id)
        if known and not (known.state == "failed" and new.round > known.round):
            known.round = max(known.round, new.round)
            return False, known.state
        at = time.time()
        self.city.journal.write(["accepted", at, self.code, remembered(new)])
        self._accept(new, at)
        if not self.city.behaviour.push_only:
            self._enqueue(new)
            self.play_on()
        return True, "accepted"

    def silence(self, asked: Delivery) -> str:
        """No more sound of this one, and none later if it is yet to come. The state it has now."""
        known = self.deliveries.get(asked.id)
        if known and (known.state in ("played", "stopped") or self._failed_then(known, asked)):
            return known.state
        self.note("stopped", time.time(), asked.id, asked.round)
        self._urgent = deque(d for d in self._urgent if d is not known)
        self._routine = deque(d for d in self._routine if d is not known)
        if known and known is self._playing:
            self._stop("stopped")
        return "stopped"

    @staticmethod
    def _failed_then(known: Delivery, asked: Delivery) -> bool:
        return known.state == "failed" and asked.round <= known.round

    def is_full(self) -> bool:
        return len(self._urgent) + len(self._routine) >= MOST_WAITING

    # Playing.

    def _enqueue(self, new: Delivery) -> None:
        (self._urgent if new.urgent else self._routine).append(new)

    def wake_up(self) -> None:
        """After a power cut: what was waiting still plays; what was playing did not end, and says so."""
        for known in self.deliveries.values():
            if known.state == "accepted":
                self._enqueue(known)
            elif known.state == "playing":
                self.note("failed", time.time(), known.id, "device_error")
        if self.unsent:
            self.city.reporter.wake(self)
        self.play_on()

    def play_on(self) -> None:
        """Starts the next one; one that is urgent does not wait for a routine one."""
        if self._task is None:
            if self._urgent or self._routine:
                self._playing = (self._urgent or self._routine).popleft()
                self._task = asyncio.create_task(self._play(self._playing))
                self._task.add_done_callback(self._ended)
        elif self._urgent and self._playing and not self._playing.urgent and not self._stopped_for:
            self._stop("interrupted")

    def _stop(self, reason: str) -> None:
        if self._task:
            self._stopped_for = reason
            self._task.cancel()

    def _ended(self, task: asyncio.Task[None]) -> None:
        stopped_for, self._stopped_for = self._stopped_for, ""
        ended, self._task, self._playing = self._playing, None, None
        if not task.cancelled() and (error := task.exception()):
            self.city.complain(self, error)
        if stopped_for == "closed" or ended is None or self.deliveries.get(ended.id) is not ended:
            return self.play_on()
        if ended.state == "playing":
            self.note("failed", time.time(), ended.id, stopped_for or "device_error")
        elif ended.state == "accepted" and task.cancelled():
            (self._urgent if ended.urgent else self._routine).appendleft(ended)
        elif ended.state == "accepted":
            self.note("failed", time.time(), ended.id, "device_error")
        return self.play_on()

    async def _play(self, turn: Delivery) -> None:
        try:
            if self._is_late(turn):
                return None
            heard = await self.city.sounds.hear(turn.audio)
        except NoSound as error:
            return self.note("failed", time.time(), turn.id, error.args[0])
        if self._is_late(turn):
            return None
        if self.traits.quirk == "speaker":
            return self.note("failed", time.time(), turn.id, "speaker")
        self.note("playing", time.time(), turn.id)
        if speed := self.city.behaviour.play_speed:
            await asyncio.sleep(heard.seconds / speed)
        return self.note("played", time.time(), turn.id, heard.seconds, heard.dbfs)

    def _is_late(self, turn: Delivery) -> bool:
        if self.clock() <= turn.expires_at:
            return False
        self.note("failed", time.time(), turn.id, "expired")
        return True

    # Power.

    def reboot(self) -> None:
        """Sound, connections and nonces are gone; ids, receipts and what waits stay."""
        self.boots += 1
        self.started = time.monotonic()
        self.city.nonces.forget(self.code)
        self._stop("device_error")
        self.city.reporter.wake(self, status=True)

    def close(self) -> None:
        """No more sound, and nothing noted: the power is gone."""
        self._urgent.clear()
        self._routine.clear()
        self._stop("closed")

    def forget(self) -> None:
        """As new from the factory."""
        self.close()
        self.deliveries.clear()
        self.unsent.clear()

    def status(self) -> dict[str, Any]:
        """The body of a status report."""
        playing = self._playing if self._playing and self._playing.state == "playing" else None
        return {
            "firmware": "simulator-1",
            "volume": VOLUME if playing is None or playing.volume is None else playing.volume,
            "battery": 100,
            "signal": -60 - sum(self.code.encode()) % 30,
            "playing": playing.id if playing else None,
            "uptime": round(time.monotonic() - self.started),
        }
