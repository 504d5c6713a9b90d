"""Forgetting what was kept long enough, and erasing a person from an entry before that. The tree stays whole: a leaf
is a commitment, of which without the salt nobody learns anything."""

from datetime import datetime
from typing import Any, cast

from django.db import transaction
from django.utils import timezone

from ..access import SYSTEM
from ..destruction import register
from ..models import Committed, Erasure
from . import entries
from .kinds import kinds

BATCH = 5000
GROUND = "보관 기간이 끝남 (안전성 확보조치 기준 제8조)"


def forget(now: datetime | None = None) -> dict[str, int]:
    """Deletes rows and salts that are older than their kind is kept; returns how many of each kind."""
    gone = {}
    for kind, model in kinds().items():
        if (keeps := model.ledger_keeps()) is not None:
            gone[kind] = _forget(model, (now or timezone.now()) - keeps)
    return gone


def _forget(model: type[Committed], before: datetime) -> int:
    """A line of 파기 대장 for each batch, in the transaction that deletes it."""
    count, rows = 0, cast(Any, model._default_manager)
    # One without a commitment is not in the tree yet: the sequencer comes first.
    old = rows.filter(at__lt=before, commitment__isnull=False).order_by("at")
    while some := list(old.values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            gone = rows.filter(pk__in=some).delete()[0]
            register(f"접속기록 ({model.ledger_kind})", [], GROUND, count=gone)
        count += gone
    return count


def erase(row: Committed, ground: str, who: str = SYSTEM, **left: Any) -> Erasure:
    """Destroys the row's salt and puts what is `left` (column → blank value) in place of what was personal; says so in
    the ledger. Of items that stay as they are their own salts are kept, so that nobody changes them afterwards.

    Blank is "(지움)", None, or a list of as many with some "(지움)": the database refuses everything else. ValueError
    if the row is not committed to yet, or was erased before.
    """
    with transaction.atomic():
        rows = type(row)._default_manager
        locked = rows.select_for_update(of=("self",)).get(pk=row.pk)
        if locked.commitment is None or locked.salt is None:
            raise ValueError(f"{row} has no salt")
        salt, before = bytes(locked.salt), locked.ledger_items()
        rows.filter(pk=row.pk).update(salt=None, **left)
        after = rows.get(pk=row.pk).ledger_items()
        pairs = enumerate(zip(before, after, strict=True))
        stays = {str(n): entries.item_salt(salt, n).hex() for n, (old, new) in pairs if old == new}
        erasure = Erasure(
            at=timezone.now(),
            identifier=who[:150],
            erased=locked.commitment,
            ground=ground[:300],
            left={"digests": [one.hex() for one in entries.digests(salt, before)], "salts": stays},
        )
        erasure.seal()
        erasure.save(force_insert=True)
    return erasure
