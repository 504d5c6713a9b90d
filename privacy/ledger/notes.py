"""Checkpoints as signed notes (C2SP tlog-checkpoint, signed-note) and the cosignatures of witnesses (tlog-cosignature).

    portal.example.kr/ledger                         the origin
    1024                                             how many leaves
    8Eo…=                                            the root
    time 2026-11-26T04:50:00Z
                                                     (an empty line)
    — portal.example.kr/ledger <base64 of key hash (4) and Ed25519 signature (64)>

A public key is written "name+key hash in hex+base64 of kind (1) and key (32)". Pure.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

DASH = "— "
#: Kinds of signatures: a log's own, and a witness's with its time.
SIGNED, COSIGNED = b"\x01", b"\x04"


class BadNote(ValueError):
    """Not a checkpoint, or not signed by the key that it should be signed by."""


@dataclass(frozen=True)
class Key:
    """Somebody's public key by its name."""

    name: str
    kind: bytes
    public: bytes

    @property
    def hash(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + self.kind + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.hash.hex()}+{base64.b64encode(self.kind + self.public).decode()}"

    @classmethod
    def of(cls, text: str) -> "Key":
        """From its written form. BadNote."""
        try:
            name, key_hash, data = text.strip().split("+", 2)
            found = base64.b64decode(data, validate=True)
            key = cls(name, found[:1], found[1:])
        except (ValueError, binascii.Error):
            raise BadNote("not a public key") from None
        if len(key.public) != 32 or key.kind not in (SIGNED, COSIGNED) or key.hash.hex() != key_hash:
            raise BadNote("not a public key")
        return key

    def signed(self, message: bytes, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class Checkpoint:
    origin: str
    size: int
    root: bytes
    at: datetime

    @property
    def text(self) -> str:
        root = base64.b64encode(self.root).decode()
        return f"{self.origin}\n{self.size}\n{root}\ntime {self.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}\n"


def public_key(name: str, private: Ed25519PrivateKey) -> Key:
    return Key(name, SIGNED, private.public_key().public_bytes_raw())


def sign(checkpoint: Checkpoint, private: Ed25519PrivateKey) -> str:
    """The signed note."""
    key = public_key(checkpoint.origin, private)
    signature = base64.b64encode(key.hash + private.sign(checkpoint.text.encode())).decode()
    return f"{checkpoint.text}\n{DASH}{key.name} {signature}\n"


def read(note: str) -> tuple[Checkpoint, list[tuple[str, bytes]]]:
    """(what it says, [(name, key hash and signature)]), not yet verified. BadNote."""
    text, gap, signatures = note.partition("\n\n")
    lines = text.split("\n")
    try:
        if not gap or len(lines) != 4 or not lines[3].startswith("time "):
            raise ValueError
        at = datetime.strptime(lines[3], "time %Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        checkpoint = Checkpoint(lines[0], int(lines[1]), base64.b64decode(lines[2], validate=True), at)
        if checkpoint.text != text + "\n":
            raise ValueError
        return checkpoint, _signatures(signatures)
    except (ValueError, binascii.Error):
        raise BadNote("not a checkpoint") from None


def _signatures(lines: str) -> list[tuple[str, bytes]]:
    """ValueError if a line is no signature."""
    found = []
    for line in lines.removesuffix("\n").split("\n"):
        name, space, data = line.removeprefix(DASH).partition(" ")
        if not (line.startswith(DASH) and space):
            raise ValueError
        found.append((name, base64.b64decode(data, validate=True)))
    return found


def verified(note: str, *keys: Key) -> Checkpoint:
    """What it says, if one of `keys` signed it. BadNote."""
    checkpoint, signatures = read(note)
    for name, data in signatures:
        for key in keys:
            if (key.name, key.hash) == (name, data[:4]) and key.signed(checkpoint.text.encode(), data[4:]):
                return checkpoint
    raise BadNote("not signed by a known key")


def cosignature(checkpoint: Checkpoint, lines: str, key: Key) -> datetime:
    """When a witness says that it saw it, from its signature lines. BadNote if none of them is its."""
    try:
        signatures = _signatures(lines)
    except (ValueError, binascii.Error):
        raise BadNote("not a signature") from None
    for name, data in signatures:
        if (name, data[:4]) != (key.name, key.hash) or len(data) != 4 + 8 + 64:
            continue
        seconds = int.from_bytes(data[4:12], "big")
        if key.signed(f"cosignature/v1\ntime {seconds}\n{checkpoint.text}".encode(), data[12:]):
            return datetime.fromtimestamp(seconds, UTC)
    raise BadNote("not signed by this witness")
