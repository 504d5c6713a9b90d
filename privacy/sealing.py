"""Text or bytes in, sealed bytes out, and back: AES-256-GCM bound to the place where they belong.

Layout: 0x01, length of the key id, key id, nonce (12), ciphertext with tag (16). The place and the key id
are associated data, so that bytes that were changed or moved do not open.
"""

import os

from cryptography.exceptions import InvalidTag

from .keys import ciphers, sealing_key

VERSION = b"\x01"
SHORTEST = 2 + 1 + 12 + 16


class SealBroken(Exception):
    """The bytes were not sealed for this place with a key that we have. Nothing of them is shown."""


def place(*parts: str) -> bytes:
    """Where sealed bytes belong, said so that no two lists of parts are alike."""
    return b"".join(len(part.encode()).to_bytes(2, "big") + part.encode() for part in parts)


def seal(text: str, where: bytes) -> bytes:
    """`text` sealed for `where` with the first key."""
    return seal_bytes(text.encode(), where)


def seal_bytes(data: bytes, where: bytes) -> bytes:
    """`data`, a file's say, sealed for `where` with the first key."""
    key_id, cipher = sealing_key()
    nonce = os.urandom(12)
    head = VERSION + len(key_id).to_bytes(1, "big") + key_id
    return b"".join((head, nonce, cipher.encrypt(nonce, data, head + where)))


def key_of(data: bytes) -> bytes:
    """The id of the key that sealed it. SealBroken if it is not sealed at all."""
    if data[:1] != VERSION or len(data) < SHORTEST:
        raise SealBroken("not sealed")
    return data[2 : 2 + data[1]]


def unseal(data: bytes, where: bytes) -> str:
    """The text. SealBroken if these bytes were not sealed for `where`."""
    try:
        return unseal_bytes(data, where).decode()
    except UnicodeDecodeError:
        raise SealBroken("not text") from None


def unseal_bytes(data: bytes, where: bytes) -> bytes:
    """What was sealed. SealBroken if these bytes were not sealed for `where`."""
    key_id = key_of(data)
    cipher = ciphers().get(key_id)
    if cipher is None:
        raise SealBroken("sealed with a key that is not in DATA_KEYS")
    start = 2 + len(key_id)
    try:
        return cipher.decrypt(data[start : start + 12], data[start + 12 :], data[:start] + where)
    except (InvalidTag, ValueError):
        raise SealBroken("changed, or moved from elsewhere") from None
