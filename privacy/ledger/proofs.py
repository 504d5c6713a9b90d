"""The proof of one entry, as a file that somebody takes away (docs/privacy.md tells the format)."""

import json
from collections.abc import Collection, Sequence
from typing import Any

from django.conf import settings

from ..models import Checkpoint, Committed, Leaf, WitnessReceipt
from . import entries, merkle
from .signing import public_keys
from .tree import Tree

FORMAT = "jinju-ledger-proof/1"


class NoProof(Exception):
    """There is none: the entry was not signed into a checkpoint yet (wait ten minutes), or was erased."""


def proof_of(
    row: Committed, subjects: Collection[str] | None = None, hide: Collection[str] = ()
) -> dict[str, Any]:
    """JSON: what the entry says, its place, path to the root, signed checkpoint, receipts of witnesses. NoProof.

    `subjects`: the people whom it may name; whoever else was on the list stays hidden (None: hides nobody).
    `hide`: names of items that stay hidden as well ("address").
    """
    return proofs_of([row], subjects, hide)[0]


def proofs_of(
    rows: Sequence[Committed], subjects: Collection[str] | None = None, hide: Collection[str] = ()
) -> list[dict[str, Any]]:
    """Of each, against the latest checkpoint; rows of the tree are read once for all. NoProof."""
    checkpoint = Checkpoint.objects.first()
    if checkpoint is None:
        raise NoProof("no checkpoint yet")
    commitments = [bytes(row.commitment or b"") for row in rows]
    leaves = {bytes(leaf.commitment): leaf for leaf in Leaf.objects.filter(commitment__in=commitments)}
    tree, found = Tree(checkpoint.size), []
    receipts = _receipts(checkpoint)
    for row, commitment in zip(rows, commitments, strict=True):
        leaf = leaves.get(commitment)
        if row.salt is None:
            raise NoProof("erased")
        if leaf is None or leaf.position is None or leaf.position >= checkpoint.size:
            raise NoProof("not in a checkpoint yet")
        path = merkle.inclusion_proof(leaf.position, tree.size, tree.node)
        found.append(
            {
                "format": FORMAT,
                "origin": settings.LEDGER_ORIGIN,
                "kind": leaf.kind,
                **_said(row, bytes(row.salt), subjects, hide),
                "position": leaf.position,
                "proof": [part.hex() for part in path],
                "checkpoint": checkpoint.note,
                "keys": [str(key) for key in public_keys()],
                "witnesses": receipts,
            }
        )
    return found


def _said(
    row: Committed, salt: bytes, subjects: Collection[str] | None, hide: Collection[str]
) -> dict[str, Any]:
    """{"at", "digests": of all items, "items": those that are shown, each with its number and salt}."""
    items = row.ledger_items()
    shown = []
    for number, text in enumerate(items):
        name, value = json.loads(text)
        if name in hide or (name == "subject" and subjects is not None and value not in subjects):
            continue
        shown.append({"n": number, "salt": entries.item_salt(salt, number).hex(), "item": text})
    return {
        "at": entries.moment(row.at),
        "digests": [digest.hex() for digest in entries.digests(salt, items)],
        "items": shown,
    }


def _receipts(checkpoint: Checkpoint) -> list[dict[str, Any]]:
    """Of each witness the newest, of this checkpoint or an earlier one."""
    seen = WitnessReceipt.objects.filter(state="seen", checkpoint_id__lte=checkpoint.pk)
    newest = seen.order_by("witness", "-checkpoint_id").distinct("witness").select_related("checkpoint")
    return [
        {
            "name": receipt.witness,
            "kind": receipt.kind,
            "seen_at": receipt.seen_at.isoformat() if receipt.seen_at else "",
            "checkpoint": receipt.checkpoint.note,
            "receipt": receipt.receipt,
        }
        for receipt in newest
    ]
