"""Many at the same moment, each over a connection of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

#: More connections than this at once are refused by PostgreSQL's own limit.
MOST = 64


def all_at_once(deeds: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each returned, or the exception that it raised, in their order."""
    start = Barrier(len(deeds))

    def one(deed: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            start.wait(30)
            return deed()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(one, deeds))
