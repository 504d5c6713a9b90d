"""Drivers: how the portal speaks to each kind of box. One module each, named as Gateway.driver says.

A driver module has `NATURE`, `check_address(text)` and `session(timeout) -> async context manager` of a Session.
A session never raises for what a box does: whatever it answers becomes an Answer.

Two kinds. Most hand the broadcast over: `push` ends when the box has taken it, and receipts tell the rest. Some hold
the line (`NATURE.holds_line`): the portal plays the sound itself, `push` lasts as long as it sounds, says on the Line
when it begins, and ends early when the Line's `stop` is set. tests/broadcast/gateways/ holds any driver to this.
"""

import asyncio
import uuid
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Protocol, cast

from privacy.fields import EncryptedTextField, Sealed

from ..models import GatewayKey, GatewayLogin
from ..states import State

_SECRET = cast(EncryptedTextField, GatewayKey._meta.get_field("secret"))
_PASSWORD = cast(EncryptedTextField, GatewayLogin._meta.get_field("password"))


@dataclass(frozen=True, slots=True)
class Key:
    """A GatewayKey as it is stored; opened only to sign."""

    id: uuid.UUID
    number: int
    sealed: bytes

    def secret(self) -> bytes:
        """Raises privacy.fields.SealBroken if it was changed or moved."""
        return bytes.fromhex(_SECRET.open(Sealed(self.sealed), self.id))


@dataclass(frozen=True, slots=True)
class Login:
    """A GatewayLogin as it is stored; opened only to sign in."""

    id: uuid.UUID
    username: str
    sealed: bytes

    def password(self) -> str:
        """Raises privacy.fields.SealBroken if it was changed or moved."""
        return _PASSWORD.open(Sealed(self.sealed), self.id)


@dataclass(frozen=True, slots=True)
class Target:
    """One gateway to which one delivery goes. `key`, `login`: None if it has none. `volume`: percent or None."""

    delivery: uuid.UUID
    broadcast: uuid.UUID
    round: int
    code: str
    driver: str
    address: str
    key: Key | None = None
    login: Login | None = None
    volume: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one push. `reason`: a code of states.REASONS.

    `state`: accepted; waiting (try again, not before `pause` seconds); unreached (no use in trying); of a driver that
    holds the line also played, failed, stopped, and unknown (it may have sounded, and nobody can tell).
    """

    state: State
    reason: str = ""
    pause: float = 0.0


class Line:
    """Between the dispatcher and a push that holds the line. `says(State.PLAYING)` when sound begins; `stop` is set
    when somebody wants it silent: hang up within a second and answer Answer(State.STOPPED)."""

    __slots__ = ("_loop", "_says", "cancelled", "has_sounded", "stop")

    def __init__(self, says: Callable[[State], None]) -> None:
        """Inside the event loop that pushes."""
        self._says = says
        self.stop = asyncio.Event()
        self.cancelled = self.has_sounded = False
        self._loop = asyncio.get_running_loop()

    def says(self, state: State) -> None:
        self.has_sounded |= state == State.PLAYING
        self._says(state)

    def silence(self, cancelled: bool) -> None:
        """From any thread. `cancelled`: by a person; else something more urgent comes."""
        self.cancelled = cancelled
        with suppress(RuntimeError):  # the loop is over, and with it the push
            self._loop.call_soon_threadsafe(self.stop.set)


class Session(Protocol):
    async def push(self, target: Target, command: dict[str, Any], line: Line) -> Answer: ...

    async def stop(self, target: Target) -> None:
        """Tell the box to be silent and not to start that delivery later. What it did, its receipt tells."""


@dataclass(frozen=True, slots=True)
class Nature:
    """What a kind of device can, unless a Gateway's own columns say otherwise."""

    holds_line: bool
    remembers_ids: bool
    can_stop: bool
    has_volume: bool


class Driver(Protocol):
    NATURE: Nature

    def check_address(self, address: str) -> None:
        """Raises ValueError with a Korean sentence that says what an address looks like."""

    def session(self, timeout: float) -> AbstractAsyncContextManager[Session]:
        """`timeout`: seconds until a box must have answered."""


DRIVERS = ("http", "mqtt", "sip", "axis", "axis_clip")


def driver(name: str) -> Driver | None:
    """The driver of that name, None if there is none."""
    return cast(Driver, import_module(f".{name}", __name__)) if name in DRIVERS else None


@cache
def holding_line() -> tuple[str, ...]:
    """Names of the drivers whose pushes last as long as the sound."""
    return tuple(name for name in DRIVERS if cast(Driver, driver(name)).NATURE.holds_line)
