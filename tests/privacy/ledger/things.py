"""A small ledger with a past, and reading it as somebody outside would."""

import io
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from privacy import verify_ledger
from privacy.access import Action
from privacy.ledger import checkpoints
from privacy.ledger.export import export
from privacy.ledger.signing import public_keys
from privacy.models import AccessRecord, Checkpoint


def written(count: int, at: datetime | None = None, **fields) -> list[AccessRecord]:
    """Access records, one minute apart, each of three people."""
    at = at or timezone.now()
    rows = []
    for n in range(count):
        row = AccessRecord(
            **{
                "identifier": f"kim{n % 3}",
                "address": "192.0.2.7",
                "subjects": [f"people.resident:{n + k}" for k in range(3)],
                "action": Action.VIEW,
                "detail": f"목록 {n}쪽",
                "at": at,
                **fields,
            }
        )
        row.seal()
        rows.append(row)
    with transaction.atomic():
        return AccessRecord.objects.bulk_create(rows)


def past(checks: int, each: int) -> list[Checkpoint]:
    """`checks` checkpoints ten minutes apart, before each of them `each` records; the last one now."""
    made = []
    for n in range(checks):
        at = timezone.now() - timedelta(minutes=10 * (checks - 1 - n))
        written(each, at - timedelta(minutes=1))
        made.append(checkpoints.make(at))
    return made


def exported() -> verify_ledger.Export:
    out = io.BytesIO()
    export(out)
    return verify_ledger.read_export(out.getvalue())


def notes(made: list[Checkpoint]) -> verify_ledger.Witness:
    """What a witness has who saw these."""
    return verify_ledger.read_witness("보관함", "\n".join(one.note for one in made).encode())


def keys() -> list[str]:
    return [str(key) for key in public_keys()]


def found(*witnesses: verify_ledger.Witness, **options) -> list[verify_ledger.Finding]:
    return verify_ledger.check(exported(), witnesses, keys(), **{"now": timezone.now(), **options})


def places(findings: list[verify_ledger.Finding]) -> set[tuple[str, int | None, int | None]]:
    return {(one.what, one.first, one.last) for one in findings}


def as_superuser(statement: str, *values: object) -> None:
    """With every trigger switched off, as only who owns the database can."""
    with connection.cursor() as cursor:
        # What was done until here had its commit.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


def forget_everything() -> None:
    for table in ("accessrecord", "leaf", "tile", "checkpoint"):
        as_superuser(f"DELETE FROM privacy_{table}")
