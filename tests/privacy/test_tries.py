"""Limits hold in all processes at once, and for as long as was said."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.db import connection

from privacy import tries


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_all_counted() -> None:
    cache.clear()

    def one(_: int) -> int:
        try:
            return tries.count("guess", "somebody", 3600)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as together:
        assert sorted(together.map(one, range(24))) == list(range(1, 25))
    assert tries.counted("guess", "somebody", 3600) == 24
    assert tries.counted("guess", "somebody else", 3600) == 0
    assert tries.count("guess", "somebody", 3600, by=-1) == 23


@pytest.mark.django_db
def test_it_is_not_forgotten_with_what_the_cache_forgets_by_itself() -> None:
    cache.clear()
    tries.count("guess", "somebody", 24 * 3600)
    tries.count("guess", "somebody", 24 * 3600)
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM expires - now()) FROM cache")
        assert [seconds > 23 * 3600 for (seconds,) in cursor.fetchall()] == [True]
