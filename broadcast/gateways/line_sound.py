"""The sound of a broadcast for drivers that play it themselves: read once a session, however many devices there are."""

import asyncio
from typing import Self

from django.db import connection

from ..models import Broadcast
from ..voice import telephone
from ..voice.sound import BadSound


class LineSounds:
    """For one session, inside its event loop; as an async context, at whose end nothing is still being read."""

    def __init__(self) -> None:
        self._read: dict[str, asyncio.Task[bytes]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await asyncio.gather(*self._read.values(), return_exceptions=True)

    async def of(self, broadcast: str) -> bytes:
        """µ-law, 8 kHz, of the broadcast with that id. Raises BadSound."""
        if broadcast not in self._read:
            self._read[broadcast] = asyncio.create_task(asyncio.to_thread(_read, broadcast))
        # One that is cancelled while it waits does not take the sound from the others.
        return await asyncio.shield(self._read[broadcast])


def _read(broadcast: str) -> bytes:
    try:
        return telephone.on_the_line(
            Broadcast.objects.select_related("recording").get(pk=broadcast).recording
        )
    except Broadcast.DoesNotExist as error:
        raise BadSound("방송이 없습니다.") from error
    finally:
        connection.close()  # of this thread, which nobody else would close
