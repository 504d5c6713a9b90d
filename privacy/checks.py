"""What `manage.py check --deploy` says about the ledger: who could switch its guards off, and who keeps checkpoints."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import Error as DatabaseError
from django.db import connection

from .ledger.witnesses import witnesses

#: Tables whose triggers this role could switch off: those that it owns, itself or by a role that it is in.
OWNED = """
SELECT current_setting('is_superuser') = 'on',
       coalesce(array_agg(DISTINCT tgrelid::regclass::text ORDER BY tgrelid::regclass::text)
                FILTER (WHERE pg_has_role(current_user, relowner, 'MEMBER')), '{}')
FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE tgname IN ('append_only', 'ledger_entry')
"""


@register("database_role", deploy=True)
def role_cannot_switch_triggers_off(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    try:
        with connection.cursor() as cursor:
            cursor.execute(OWNED)
            superuser, owned = cursor.fetchone()
    except DatabaseError:
        return [Warning("The database cannot be asked who owns its tables", id="privacy.W002")]
    if not (superuser or owned):
        return []
    what = "is a superuser" if superuser else f"owns {len(owned)} append-only tables ({owned[0]}, …)"
    hint = "Let migrations run as another role than the portal: docs/privacy.md, Roles in the database."
    words = f"The database role of the portal {what}, and could switch their triggers off"
    return [Warning(words, hint=hint, id="privacy.W001")]


@register("ledger", deploy=True)
def the_ledger_has_witnesses(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    try:
        if not witnesses():
            hint = "Without one, nobody could tell if the whole ledger was rewritten (docs/privacy.md)."
            found.append(Warning("LEDGER_WITNESSES is empty", hint=hint, id="privacy.W003"))
    except ImproperlyConfigured as error:
        found.append(Error(str(error), id="privacy.E003"))
    if settings.ACCESS_RECORD_DAYS < 731:
        found.append(
            Error("ACCESS_RECORD_DAYS is less than two years (안전성 확보조치 기준 제8조)", id="privacy.E004")
        )
    return found
