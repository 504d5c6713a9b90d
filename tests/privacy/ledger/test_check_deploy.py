"""`check --deploy` sees a role that could switch the guards off, and a ledger without witnesses."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as configured
from django.db import connection

from privacy.checks import role_cannot_switch_triggers_off, the_ledger_has_witnesses

pytestmark = pytest.mark.django_db


def ids(messages: list) -> list[str]:
    return [message.id for message in messages]


def test_a_superuser_and_an_owner_are_seen_and_a_plain_role_is_not() -> None:
    assert ids(role_cannot_switch_triggers_off(None)) == ["privacy.W001"]
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE plain; CREATE ROLE owner; SET ROLE plain")
        assert role_cannot_switch_triggers_off(None) == []
        cursor.execute("RESET ROLE; ALTER TABLE privacy_leaf OWNER TO owner; SET ROLE owner")
        (said,) = role_cannot_switch_triggers_off(None)
        assert "privacy_leaf" in said.msg
        cursor.execute("RESET ROLE; GRANT owner TO plain; SET ROLE plain")
        assert ids(role_cannot_switch_triggers_off(None)) == ["privacy.W001"]
        cursor.execute("RESET ROLE")


def test_the_roles_of_the_docs_work() -> None:
    """As docs/privacy.md makes them: the portal's role writes records, and switches nothing off."""
    page = (configured.BASE_DIR / "docs/privacy.md").read_text()
    statements = page.partition("```sql\n")[2].partition("```")[0].replace("jinju", "test_portal_role")
    from django.db import Error, transaction

    from privacy.access import Action, record

    with connection.cursor() as cursor:
        cursor.execute(statements)
        cursor.execute("SET ROLE test_portal_role_app")
        record(None, Action.VIEW)
        for forbidden in (
            "ALTER TABLE privacy_accessrecord DISABLE TRIGGER ALL",
            "DROP TABLE privacy_leaf",
            "TRUNCATE privacy_tile",
            "SET session_replication_role = replica",
        ):
            with pytest.raises(Error, match=r"permission|owner"), transaction.atomic():
                cursor.execute(forbidden)
        assert role_cannot_switch_triggers_off(None) == []
        cursor.execute("RESET ROLE")


def test_witnesses_are_asked_for(settings) -> None:
    settings.LEDGER_WITNESSES = []
    assert ids(the_ledger_has_witnesses(None)) == ["privacy.W003"]
    settings.LEDGER_WITNESSES = ["감사실=mailto:audit@example.kr"]
    assert the_ledger_has_witnesses(None) == []
    settings.LEDGER_WITNESSES, settings.ACCESS_RECORD_DAYS = ["감사실"], 365
    assert ids(the_ledger_has_witnesses(None)) == ["privacy.E003", "privacy.E004"]


def test_production_wants_a_key_of_its_own() -> None:
    env = {**os.environ, "PORTAL_MODE": "production", "LEDGER_KEY": "demo-" + "A" * 44}
    env |= {"PORTAL_URL": "https://x.kr", "HELP_PHONE": "055-000-0000"}
    asked = subprocess.run(
        [sys.executable, "-c", "import jinju_portal.settings"],
        env=env,
        cwd=configured.BASE_DIR,
        capture_output=True,
        text=True,
    )
    assert "LEDGER_KEY is a demo value" in asked.stderr
