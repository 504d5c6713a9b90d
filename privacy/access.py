"""Writing the access record, and showing personal data only if it was written.

A deed that changes somebody's data calls `record` inside its transaction: both happen or neither.
A page that shows somebody's data takes the rows through `reveal`, which commits the record first.
"""

from collections.abc import Iterable
from contextlib import nullcontext
from typing import TypeVar

from django.db import Error, connection, models, transaction
from django.http import HttpRequest

from .address import client_address
from .models import AccessRecord
from .one_query import add

Action = AccessRecord.Action
Result = AccessRecord.Result
M = TypeVar("M", bound=models.Model)

#: How it calls somebody who came by a phone: masked, and the beginning of its index (people/citizen.py).
OF_A_CITIZEN = r"[*].* [0-9a-f]{12}$"
#: Identifier of what no person did.
SYSTEM = "system"


class NotRecorded(Exception):
    """The access record could not be written, so nothing is shown (answered with 503: middleware.py)."""


def subject(row: models.Model) -> str:
    """Whose data: "people.resident:<id>"."""
    return subject_of(row.__class__, row.pk)


def subject_of(model: type[models.Model], pk: object) -> str:
    """`subject`, of a row that is not read yet."""
    return f"{model._meta.label_lower}:{pk}"


def identifier(request: HttpRequest) -> str:
    """Who asks: the login id; a citizen as people/middleware.py says; otherwise nobody known."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return user.get_username()
    return str(getattr(request, "citizen_identifier", "")) or "?"


def record(
    request: HttpRequest | None,
    action: str,
    subjects: Iterable[str | models.Model] = (),
    detail: str = "",
    *,
    result: str = Result.DONE,
    who: str | None = None,
) -> AccessRecord:
    """Adds an access record, in the transaction that is open. `request` None: the system itself.

    `detail`: the page or deed, and why, in words for the reviewer. NotRecorded if it could not be written.
    """
    names = [s if isinstance(s, str) else subject(s) for s in subjects]
    if who is None:
        who = SYSTEM if request is None else identifier(request)
    row = AccessRecord(
        identifier=who[:150],
        address=client_address(request) if request is not None else None,
        subjects=names,
        action=action,
        detail=detail[:300],
        result=result,
    )
    try:
        # Committed to before anybody can change it; the same INSERT puts the commitment into the ledger.
        row.seal()
        add(row)
    except Error as error:
        raise NotRecorded(str(error)) from error
    return row


def reveal(request: HttpRequest, rows: Iterable[M], detail: str, action: str = Action.VIEW) -> list[M]:
    """The rows, once it is on record that they were shown; every row counts, not only those looked at.

    RuntimeError inside a transaction, which could take the record back after the page was sent.
    """
    shown = list(rows)
    if shown:
        # Outside of a transaction a statement commits by itself; inside of one, `durable` refuses.
        with transaction.atomic(durable=True) if connection.in_atomic_block else nullcontext():
            record(request, action, shown, detail)
    return shown
