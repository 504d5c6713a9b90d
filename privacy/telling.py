"""Telling somebody something by text message. people/ has the outbox and puts itself in here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

#: (phone in E.164, name in templates/messages/, context, key): once for each key, in the caller's transaction.
Tell = Callable[[str, str, dict[str, Any], str], None]
_ways: list[Tell] = []


def tell_by(way: Tell) -> None:
    _ways[:] = [way]


def tell(phone: str, template: str, context: dict[str, Any], key: str) -> None:
    for way in _ways:
        way(phone, template, context, key)


@dataclass(frozen=True)
class Sent:
    """What became of messages: on their way, sent, reached by nobody; and calls that somebody is still to make."""

    waiting: int = 0
    sent: int = 0
    failed: int = 0
    to_call: int = 0


#: Of all messages whose key begins so. One query.
_ledgers: list[Callable[[str], Sent]] = []


def sent_by(ledger: Callable[[str], Sent]) -> None:
    _ledgers[:] = [ledger]


def sent(begins: str) -> Sent:
    return _ledgers[0](begins) if _ledgers else Sent()
