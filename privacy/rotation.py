"""Rotating keys online: started by an officer, done in steps by a worker, from where it stopped if that dies."""

from time import monotonic
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from .fields import EncryptedTextField
from .keys import sealing_key
from .models import Rotation, RotationColumn
from .reseal import BATCH, left, others, reseal_some, sealed_fields

#: Seconds that a step works before it lets other tasks have the worker.
BUDGET = 4.0


def to_move() -> int:
    """Rows that other keys than the sealing one still hold; one query a column."""
    return sum(left(field) for field in sealed_fields())


def name_of(field: EncryptedTextField) -> str:
    return f"{field.model._meta.label}.{field.name}"


@transaction.atomic
def start(by: Any) -> Rotation:
    """To the key that seals now; the one that is going on, if it goes to that key."""
    key = sealing_key()[0].decode()
    going = Rotation.objects.select_for_update().filter(finished_at=None).first()
    if going and going.key == key:
        return going
    if going:  # the settings have another key in front meanwhile: all of it anew
        going.delete()
    rotation = Rotation.objects.create(key=key, started_by=by)
    RotationColumn.objects.bulk_create(
        RotationColumn(rotation=rotation, column=name_of(field), total=field.model._base_manager.count())
        for field in sealed_fields()
    )
    return rotation


def step(budget: float = BUDGET) -> int:
    """Goes on for `budget` seconds. Returns how many rows were looked at; 0 if nothing is going on. One at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended('rotation', 0))")
        if not cursor.fetchone()[0]:
            return 0
        try:
            return _step(monotonic() + budget)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended('rotation', 0))")


def _step(until: float) -> int:
    rotation = Rotation.objects.filter(finished_at=None).first()
    if rotation is None or rotation.key.encode() != sealing_key()[0]:
        return 0  # nothing goes on, or this worker has not been started with the new settings yet
    fields = {name_of(field): field for field in sealed_fields()}
    looked = 0
    for column in rotation.columns.filter(is_done=False):
        while not column.is_done:
            if monotonic() > until:
                return looked
            with transaction.atomic():
                looked += _some(column, fields.get(column.column))
    for other in others:
        other()
    # Whoever was not started with the new key yet may have sealed with the old one behind our back.
    behind = [name for name, field in fields.items() if left(field)]
    if behind:
        rotation.columns.filter(column__in=behind).update(last="", is_done=False)
        return looked
    rotation.finished_at = timezone.now()
    rotation.save(update_fields=["finished_at"])
    return looked


def _some(column: RotationColumn, field: EncryptedTextField | None) -> int:
    """One batch, and how far that is, in one transaction: what dies in between did neither."""
    if field is None:  # the column is gone with a new version
        column.is_done = True
        column.save(update_fields=["is_done"])
        return 0
    looked, moved, last = reseal_some(field, column.last)
    column.looked, column.moved = column.looked + looked, column.moved + moved
    column.last, column.is_done = str(last or ""), looked < BATCH
    column.save(update_fields=["looked", "moved", "last", "is_done"])
    return looked
