"""The ledger's own key: LEDGER_KEY, base64 of an Ed25519 seed (32 bytes). Who held it before stays known by
LEDGER_OLD_KEYS, public keys in their written form (notes.Key)."""

from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from ..keys import DEMO, bytes_32
from . import notes


@lru_cache(maxsize=4)
def _private(text: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes_32("LEDGER_KEY", text.removeprefix(DEMO)))


def private_key() -> Ed25519PrivateKey:
    return _private(settings.LEDGER_KEY)


def public_keys() -> list[notes.Key]:
    """Those that our checkpoints may be signed by; first the one of today. BadNote if a setting is none."""
    today = notes.public_key(settings.LEDGER_ORIGIN, private_key())
    return [today, *map(notes.Key.of, settings.LEDGER_OLD_KEYS)]
