"""The whole ledger as one file that verify_ledger.py checks without us: a zip of JSON lines (docs/privacy.md)."""

import json
import zipfile
from collections.abc import Iterable, Iterator
from typing import IO, Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from ..models import Checkpoint, Erasure, Leaf, Tile, WitnessReceipt
from . import entries
from .kinds import kinds
from .signing import public_keys

FORMAT = "jinju-ledger-export/1"
Line = dict[str, Any]


def parts() -> dict[str, Iterable[Line]]:
    """File name → its lines, as the rows say it (nothing is put right on the way)."""
    return {
        "leaves.jsonl": _leaves(),
        "records.jsonl": _records(),
        "tiles.jsonl": _tiles(),
        "checkpoints.jsonl": _checkpoints(),
        "witnesses.jsonl": _receipts(),
    }


def manifest() -> Line:
    return {
        "format": FORMAT,
        "origin": settings.LEDGER_ORIGIN,
        "made_at": timezone.now().isoformat(),
        "keys": [str(key) for key in public_keys()],
        "checkpoints": Checkpoint.objects.count(),
        "keeps_days": {
            kind: keeps.days for kind, model in kinds().items() if (keeps := model.ledger_keeps()) is not None
        },
    }


def export(to: IO[bytes]) -> None:
    """Writes the zip, all of one moment unless a transaction is open already. It holds the access records themselves:
    for the privacy officer only."""
    inside = connection.in_atomic_block
    with transaction.atomic(), zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        if not inside:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        archive.writestr("manifest.json", json.dumps(manifest(), ensure_ascii=False, indent=1))
        for name, lines in parts().items():
            with archive.open(name, "w", force_zip64=True) as out:
                for line in lines:
                    out.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")


def _leaves() -> Iterator[Line]:
    rows = Leaf.objects.order_by(F("position").asc(nulls_last=True), "id")
    for n, kind, at, commitment in rows.values_list("position", "kind", "at", "commitment").iterator():
        yield {"n": n, "kind": kind, "at": entries.moment(at), "commitment": bytes(commitment).hex()}


def _records() -> Iterator[Line]:
    for kind, model in kinds().items():
        for row in model._default_manager.order_by("pk").iterator():
            yield {
                "id": str(row.pk),
                "kind": kind,
                "items": row.ledger_items(),
                "salt": None if row.salt is None else bytes(row.salt).hex(),
                "commitment": None if row.commitment is None else bytes(row.commitment).hex(),
                **({"left": row.left} if isinstance(row, Erasure) else {}),
            }


def _tiles() -> Iterator[Line]:
    for tile in Tile.objects.order_by("level", "index").iterator():
        yield {
            "level": tile.level,
            "index": tile.index,
            "root": bytes(tile.root).hex(),
            "hashes": bytes(tile.hashes).hex(),
        }


def _checkpoints() -> Iterator[Line]:
    for pk, note in Checkpoint.objects.order_by("pk").values_list("pk", "note").iterator():
        yield {"id": pk, "note": note}


def _receipts() -> Iterator[Line]:
    for receipt in WitnessReceipt.objects.filter(state="seen").order_by("pk").iterator():
        yield {
            "witness": receipt.witness,
            "kind": receipt.kind,
            "checkpoint": receipt.checkpoint_id,
            "seen_at": receipt.seen_at.isoformat() if receipt.seen_at else None,
            "receipt": receipt.receipt,
        }
