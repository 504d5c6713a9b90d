"""Another office, by the protocol of C2SP tlog-witness: it takes only a tree that grew out of the one that it saw
last, and cosigns it. Any program that speaks this protocol may stand there."""

import base64

from .. import notes
from . import Shown, Witness, WitnessTrouble
from .web import post


def show(witness: Witness, shown: Shown) -> str:
    """Its cosignature. `key` in the settings is its public key."""
    key = notes.Key.of(witness.options.get("key", ""))
    url = witness.address.rstrip("/") + "/add-checkpoint"
    status, body = _ask(url, shown, shown.last_size)
    if status == 409 and (told := body.decode(errors="replace").strip()).isdecimal():
        # It saw another one last: a receipt of ours was lost.
        if int(told) > shown.checkpoint.size:
            raise WitnessTrouble(f"saw {told} entries already, we have {shown.checkpoint.size}")
        status, body = _ask(url, shown, int(told))
    if status != 200:
        raise WitnessTrouble(f"status {status}")
    lines = body.decode(errors="replace")
    notes.cosignature(shown.checkpoint, lines, key)
    return lines


def _ask(url: str, shown: Shown, old: int) -> tuple[int, bytes]:
    old = min(old, shown.checkpoint.size)
    proof = "".join(f"{base64.b64encode(part).decode()}\n" for part in shown.proof(old))
    return post(url, f"old {old}\n{proof}\n{shown.note}".encode(), "text/plain")
