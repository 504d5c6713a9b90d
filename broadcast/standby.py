"""대기자: pushes what is overdue when nobody else does.

Deliveries are rows; the queue only tells the workers to look. So when the queue, its workers or beat are away, a
wildfire warning needs none of them. It decides by the rows alone, whatever the reason is, and stands still as long as
the workers do their work. As a program: jinju_portal/standby.py.
"""

import logging
import threading
from collections.abc import Callable

from django.db import Error, connection
from django.db.models.functions import Now

from . import claims, delivery, dispatch
from .categories import Lane
from .models import Heartbeat

log = logging.getLogger(__name__)

#: Seconds that a lane's rows may wait for the workers. Routine ones may well queue for a while.
OVERDUE = {Lane.URGENT: 2.5, Lane.ROUTINE: 6.0}
#: Seconds between two looks.
EVERY = 1.0


class Standby:
    """One a portal. Not for several threads."""

    def __init__(self) -> None:
        self._calls: dict[str, threading.Thread] = {}

    def look(self) -> None:
        """One look. Blocks as long as its pushes take: seconds. Raises django.db.Error."""
        Heartbeat.objects.update_or_create(name="standby", defaults={"seen_at": Now()})
        claims.take_back()
        delivery.expire()
        for lane, late in OVERDUE.items():
            dispatch.push(claims.claim_due(lane, late), dispatch.FIRST_TRY)
            if not self._is_calling(lane) and lane in claims.lanes_with_calls(late):
                # As long as the sound lasts: beside, so that the next look is not later for it.
                self._calls[lane] = threading.Thread(target=_call, args=(lane,), daemon=True)
                self._calls[lane].start()
        dispatch.stop(claims.take_stops(OVERDUE[Lane.URGENT]))

    def _is_calling(self, lane: str) -> bool:
        return lane in self._calls and self._calls[lane].is_alive()

    def keep(self, is_over: Callable[[float], bool]) -> None:
        """Look until `is_over(seconds to wait)`. A database that is away is looked for again."""
        while not is_over(EVERY):
            try:
                self.look()
            except Error as e:
                connection.close()
                log.warning("the database is away (%s)", e)


def _call(lane: str) -> None:
    try:
        dispatch.call(claims.claim_calls(lane), dispatch.CALL)
    finally:
        connection.close()
