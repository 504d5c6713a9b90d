"""Ways to reach somebody: each a module here with a class `Channel`, named in settings.MESSAGE_CHANNELS.

Tried in that order; what reaches nobody becomes a call, if the message asked for one (people/calls.py).
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Protocol

from django.conf import settings

#: E-mail addresses and telephone numbers.
ADDRESSES = re.compile(r"[^\s<>{}'\"]+@[^\s<>{}'\"]+|\+?\d[\d -]{7,}\d")


class ChannelTrouble(Exception):
    """It was not sent. `permanent`: trying again through this channel would not help. Providers say in their errors to
    whom: its text, which is kept and logged, does not."""

    def __init__(self, text: str, *, permanent: bool = False) -> None:
        super().__init__(ADDRESSES.sub("…", text))
        self.permanent = permanent


class ChannelContract(Protocol):
    def accepts(self, to: str, template: str) -> bool:
        """Whether it reaches this kind of address (E.164 or e-mail) with texts of this template."""

    def send(self, to: str, text: str, key: str, template: str) -> str:
        """Sends, within seconds, and returns the provider's id ('' if none). Called from several threads.

        ChannelTrouble if it was not sent.
        `key` is the same when the same message comes twice, for providers that can tell.
        """


class Hears(Protocol):
    """A channel whose provider hears later whether a message arrived."""

    def arrived(self, reference: str) -> bool | None:
        """Whether what `send` returned that id for reached the phone; None: not known yet. ChannelTrouble."""


@cache
def channel(name: str) -> ChannelContract:
    """The channel of that name. ModuleNotFoundError if there is none."""
    made: ChannelContract = import_module(f"{__name__}.{name}").Channel()
    return made


def channels_for(to: str, template: str) -> Iterator[tuple[str, ChannelContract]]:
    """(name, channel) of those that reach `to` with such a text, in the order of the settings."""
    for name in settings.MESSAGE_CHANNELS:
        if channel(name).accepts(to, template):
            yield name, channel(name)
