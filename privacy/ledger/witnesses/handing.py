"""Handing checkpoints out: rows first, then the network. Nothing waits for a witness."""

import logging
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from ...models import Checkpoint, WitnessReceipt
from .. import merkle, notes
from ..tree import Tree
from . import Shown, Witness, WitnessTrouble, show, witnesses

log = logging.getLogger(__name__)
LOCK = "privacy ledger witnesses"
#: Waits before the next try (minutes), by how often it was tried; the last one for ever. A newer checkpoint is tried
#: in its own time.
BACK_OFF = (1, 2, 5, 10, 30, 60)
#: A witness that took none for so long is said to be away.
AWAY = timedelta(hours=1)
State = WitnessReceipt.State


def queue_receipts(checkpoint: Checkpoint) -> None:
    """Rows for the witnesses whose turn it is; in the caller's transaction."""
    for witness in witnesses():
        given = WitnessReceipt.objects.filter(witness=witness.name)
        # Half a minute of grace: the clock that wakes us is not exact.
        since = checkpoint.at - witness.every + timedelta(seconds=30)
        if not given.filter(checkpoint__at__gt=since, checkpoint__at__lte=checkpoint.at).exists():
            WitnessReceipt.objects.create(checkpoint=checkpoint, witness=witness.name, kind=witness.kind)


def hand_out() -> int:
    """Shows each witness the newest that waits for it; returns how many were taken. One run at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        try:
            return sum(_hand_to(witness) for witness in witnesses())
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [LOCK])


def _hand_to(witness: Witness) -> bool:
    mine = WitnessReceipt.objects.filter(witness=witness.name).select_related("checkpoint")
    waiting = mine.filter(state=State.WAITING).order_by("-checkpoint_id")
    receipt = waiting.filter(due_at__lte=timezone.now()).first()
    if receipt is None:
        return False
    last = mine.filter(state=State.SEEN).order_by("-checkpoint_id").first()
    try:
        answer = show(witness, _shown(receipt.checkpoint, last))
    except Exception as error:  # whatever a witness does, the others and the ledger go on
        _failed(receipt, error)
        return False
    receipt.state, receipt.receipt, receipt.trouble = State.SEEN, answer, ""
    receipt.seen_at = timezone.now()
    receipt.save()
    waiting.filter(checkpoint_id__lt=receipt.checkpoint_id).update(state=State.COVERED)
    return True


def _failed(receipt: WitnessReceipt, error: Exception) -> None:
    words = str(error) if isinstance(error, WitnessTrouble) else f"{type(error).__name__}: {error}"
    log.warning("witness %s: %s", receipt.witness, words)
    receipt.due_at = timezone.now() + timedelta(minutes=BACK_OFF[min(receipt.tries, len(BACK_OFF) - 1)])
    receipt.tries, receipt.trouble = receipt.tries + 1, words[:300]
    receipt.save()


def _shown(checkpoint: Checkpoint, last: WitnessReceipt | None) -> Shown:
    tree = Tree(checkpoint.size)
    return Shown(
        checkpoint=notes.read(checkpoint.note)[0],
        note=checkpoint.note,
        last_size=last.checkpoint.size if last else 0,
        last_answer=last.receipt if last else "",
        proof=lambda old: merkle.consistency_proof(old, tree.size, tree.node),
    )


def standing() -> list[dict]:
    """[{name, kind, ok, seen: the last receipt or None, waiting: how many}] of each witness, for pages."""
    found = []
    for witness in witnesses():
        mine = WitnessReceipt.objects.filter(witness=witness.name).select_related("checkpoint")
        seen = mine.filter(state=State.SEEN).order_by("-checkpoint_id").first()
        oldest = mine.filter(state=State.WAITING).order_by("checkpoint_id").first()
        ok = oldest is None or timezone.now() - oldest.checkpoint.at < AWAY
        found.append({"name": witness.name, "kind": witness.kind, "ok": ok, "seen": seen})
    return found
