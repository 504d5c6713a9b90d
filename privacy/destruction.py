"""파기 대장: a line for whatever was destroyed, in the transaction that destroys it."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils import timezone

from .access import SYSTEM, Action, record
from .models import Destruction


def register(
    label: str, keys: list[str], ground: str, who: str = SYSTEM, plan: Any = None, count: int = 0
) -> Destruction:
    """`plan`: key of the plan of erasure. Sweeps whose rows are gone for good give `count` alone."""
    row = Destruction(
        at=timezone.now(),
        label=label,
        count=count or len(keys),
        ground=ground[:200],
        identifier=who[:150],
        rows=keys,
        plan=plan,
    )
    row.seal()
    row.save(force_insert=True)
    return row


def time_is_over(rows: Iterable[models.Model], label: str, why: str) -> None:
    """Of rows that are about to be forgotten as was promised: on the access record, too. `why`: "… 지남"."""
    gone = list(rows)
    if gone:
        record(None, Action.DELETE, gone, f"{label}: {why}")
        register(label, [f"{row._meta.label}//{row.pk}" for row in gone], why)
