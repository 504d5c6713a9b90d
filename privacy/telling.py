"""Telling somebody something by text message. people/ has the outbox and puts itself in here."""

from collections.abc import Callable
from typing import Any

#: (phone in E.164, name in templates/messages/, context, key): once for each key, in the caller's transaction.
Tell = Callable[[str, str, dict[str, Any], str], None]
_ways: list[Tell] = []


def tell_by(way: Tell) -> None:
    _ways[:] = [way]


def tell(phone: str, template: str, context: dict[str, Any], key: str) -> None:
    for way in _ways:
        way(phone, template, context, key)
