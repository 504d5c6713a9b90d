"""What a leaf is made of. Pure. verify_ledger.py and static/js/privacy/proof.js compute the same by themselves.

    item        one thing that the entry says, as JSON: ["identifier","kim"]; "subject" for each person concerned
    digest      SHA-256("jinju-ledger-item/v1" LF, HMAC-SHA-256(salt, number of the item), item)
    commitment  SHA-256("jinju-ledger-commitment/v1" LF kind LF, digests)
    leaf        "jinju-ledger-leaf/v1" LF kind LF at LF commitment in hex LF

A commitment tells nothing of its entry without the salt (32 random bytes), and fits no other entry. When the salt is
deleted, nobody can guess the entry, and the leaf stays what it was. Each item has a salt of its own, so that a proof
can show some of them: to one person of a list, not who else was on it.
"""

import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from json.encoder import encode_basestring

from . import merkle

SALT_BYTES = 32
ITEM = b"jinju-ledger-item/v1\n"
COMMITMENT = b"jinju-ledger-commitment/v1\n"
LEAF = b"jinju-ledger-leaf/v1\n"
#: Added to the kind of what was written before there was a ledger: committed to later than written.
BEFORE = ".before"

Said = str | int | None


def item(name: str, value: Said) -> str:
    """As json.dumps spells it without spaces, but quicker. `name`: ASCII letters. TypeError for what JSON has
    several spellings of."""
    if isinstance(value, str):
        return f'["{name}",{encode_basestring(value)}]'
    if value is None or type(value) is int:
        return f'["{name}",{"null" if value is None else value}]'
    raise TypeError(f"{name}: {type(value).__name__}")


def moment(at: datetime) -> str:
    """2026-11-26T04:43:01.123456Z, always with microseconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def address(text: str | None) -> str | None:
    """One spelling for each IP address, the same from every Python and from PostgreSQL."""
    if not text:
        return None
    found = ipaddress.ip_address(text)
    mapped = getattr(found, "ipv4_mapped", None)
    return f"::ffff:{mapped}" if mapped else str(found)


def new_salt() -> bytes:
    return secrets.token_bytes(SALT_BYTES)


def item_salt(salt: bytes, number: int) -> bytes:
    return hmac.digest(salt, b"%d" % number, "sha256")


def digests(salt: bytes, items: Iterable[str]) -> list[bytes]:
    """Of each item, in their order; 32 bytes each."""
    return [
        hashlib.sha256(ITEM + item_salt(salt, number) + text.encode()).digest()
        for number, text in enumerate(items)
    ]


def commitment(kind: str, digests: Sequence[bytes]) -> bytes:
    """32 bytes."""
    return hashlib.sha256(b"".join((COMMITMENT, kind.encode(), b"\n", *digests))).digest()


def leaf_data(kind: str, at: datetime, commitment: bytes) -> bytes:
    return b"".join((LEAF, f"{kind}\n{moment(at)}\n{bytes(commitment).hex()}\n".encode()))


def leaf_hash(kind: str, at: datetime, commitment: bytes) -> bytes:
    return merkle.leaf_hash(leaf_data(kind, at, commitment))
