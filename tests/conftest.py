"""What every test stands on."""

import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.db import connection
from django.test import TransactionTestCase

#: Others of this database that are in the middle of something: a server's thread that answers somebody who is gone.
AT_WORK = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND state <> 'idle'
"""


#: Django fills them when a database is made; nothing changes them afterwards.
KEPT = ("django_content_type", "auth_permission")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, so that no process is left alone with them at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith("tests/trips/"))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Tests empty their tables by TRUNCATE, which append-only tables refuse: only that guard is lifted here.
    The one against UPDATE and DELETE stays, and has its tests."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass FROM pg_trigger WHERE tgname = 'append_only_truncate'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER append_only_truncate ON {table}")
        # Those with which a city begins depend on the hour; a test says by which rules it lives (make.first_rules).
        cursor.execute("DELETE FROM broadcast_sendingrule")
        cursor.execute("DELETE FROM broadcast_soundrule")
        # The words of consents, with which every ledger begins: tests begin with an empty one.
        cursor.execute("TRUNCATE privacy_consentwording, privacy_leaf")
        if _emptying():
            TransactionTestCase._fixture_teardown = _emptied  # type: ignore[method-assign]
    yield
    # If the first test was a trip, this is not the connection with which the database was made, and stays in its way.
    connection.close()


@cache
def _emptying() -> str:
    """SQL that deletes all rows, past triggers and foreign keys; "" if we may not do so here (it takes a superuser)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            return ""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    deleting = [f"DELETE FROM {connection.ops.quote_name(table)}" for table in tables if table not in KEPT]
    return "; ".join(
        ("SET session_replication_role = replica", *deleting, "SET session_replication_role = origin")
    )


def _emptied(test: TransactionTestCase) -> None:
    """What Django does by TRUNCATE, which makes every table anew: a tenth of the time, after each test on real
    connections."""
    with connection.cursor() as cursor:
        cursor.execute(_emptying())


@pytest.fixture(autouse=True)
def files_of_this_test(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.ERASURE_REGISTER = str(tmp_path / "erasures.jsonl")


@pytest.fixture(autouse=True)
def places_of_the_city(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that empties its tables takes the districts along, which a migration made: the next one has them again.
    It empties them once nobody is at work in them any more: TRUNCATE would wait for them, and they for it."""
    wants = {"db", "transactional_db", "live_server"} & set(request.fixturenames)
    marker = request.node.get_closest_marker("django_db")
    if not (marker or wants):
        yield
        return
    request.getfixturevalue("_django_db_helper")
    from people.models import District
    from tests import make

    if not District.objects.exists():
        make.places()
    yield
    if wants - {"db"} or (marker and marker.kwargs.get("transaction")):
        _wait_for_the_others()


def _wait_for_the_others() -> None:
    until = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute(AT_WORK)
            if not cursor.fetchone()[0]:
                return
            time.sleep(0.02)
