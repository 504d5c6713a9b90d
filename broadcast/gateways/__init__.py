"""Drivers: how the portal speaks to each kind of box. One module each, named as Gateway.driver says.

A driver has `session(timeout) -> async context manager` that yields `push(target, command) -> Answer`. It never
raises for what a gateway does: whatever a box answers becomes an Answer.
"""

import uuid
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol, cast

from privacy.fields import EncryptedTextField, Sealed

from ..models import GatewayKey
from ..states import State

_SECRET = cast(EncryptedTextField, GatewayKey._meta.get_field("secret"))


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
class Target:
    """One gateway to which one delivery goes. `key`: None if the gateway has none."""

    delivery: uuid.UUID
    broadcast: uuid.UUID
    round: int
    code: str
    driver: str
    address: str
    key: Key | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one push. `state`: accepted (or further), waiting (try again, not before `pause` seconds) or
    unreached (no use in trying). `reason`: a code of states.REASONS."""

    state: State
    reason: str = ""
    pause: float = 0.0


Push = Callable[[Target, dict[str, Any]], Awaitable[Answer]]


class Driver(Protocol):
    def session(self, timeout: float) -> AbstractAsyncContextManager[Push]: ...


DRIVERS = ("http",)


def driver(name: str) -> Driver | None:
    """The driver of that name, None if there is none."""
    return import_module(f".{name}", __name__) if name in DRIVERS else None
