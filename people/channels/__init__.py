"""Ways to reach somebody: each a module here with a class `Channel`, named in settings.MESSAGE_CHANNELS."""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Protocol

from django.conf import settings


class ChannelTrouble(Exception):
    """It was not sent. `permanent`: trying again through this channel would not help."""

    def __init__(self, text: str, *, permanent: bool = False) -> None:
        super().__init__(text)
        self.permanent = permanent


class ChannelContract(Protocol):
    def accepts(self, to: str) -> bool:
        """Whether it reaches this kind of address (E.164 or e-mail)."""

    def send(self, to: str, text: str, key: str) -> str:
        """Sends, within seconds, and returns the provider's id ('' if none). Called from several threads.

        ChannelTrouble if it was not sent.
        `key` is the same when the same message comes twice, for providers that can tell.
        """


@cache
def channel(name: str) -> ChannelContract:
    """The channel of that name. ModuleNotFoundError if there is none."""
    made: ChannelContract = import_module(f"{__name__}.{name}").Channel()
    return made


def channels_for(to: str) -> Iterator[tuple[str, ChannelContract]]:
    """(name, channel) of those that reach `to`, in the order of the settings."""
    for name in settings.MESSAGE_CHANNELS:
        if channel(name).accepts(to):
            yield name, channel(name)
