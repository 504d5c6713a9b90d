"""What every test stands on."""

from pathlib import Path

import pytest
from django.db import connection


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> None:
    """Tests empty their tables by TRUNCATE, which append-only tables refuse: only that guard is lifted here.
    The one against UPDATE and DELETE stays, and has its tests."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass FROM pg_trigger WHERE tgname = 'append_only_truncate'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER append_only_truncate ON {table}")


@pytest.fixture(autouse=True)
def files_of_this_test(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
