"""How often somebody tried something within a time, for limits that hold in all processes at once.

The cache is a table (settings.py): to count there is to read and to write, so two at once take their turn; and it
forgets what was counted after its own few minutes, unless it is told again for how long.
"""

import time

from django.core.cache import cache
from django.db import connection, transaction

from .keys import blind_index


def _key(what: str, who: str, within: int) -> str:
    return f"tries:{what}:{int(time.time()) // within}:{blind_index('tries', f'{what} {who}')}"


def count(what: str, who: str, within: int, by: int = 1) -> int:
    """One more of `what` (no spaces) by `who`; `by` -1: one is given back. How many within `within` seconds."""
    key = _key(what, who, within)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
        counted: int = cache.get(key, 0) + by
        cache.set(key, counted, within)
    return counted


def counted(what: str, who: str, within: int) -> int:
    found: int = cache.get(_key(what, who, within), 0)
    return found
