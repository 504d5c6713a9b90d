"""Keys for data at rest, from settings. Pure but for reading them.

DATA_KEYS  "id:base64,id:base64": each 32 bytes; the first seals, all open. A new key goes in front;
           `manage.py reseal` moves the rows to it; then the old one may leave.
INDEX_KEY  base64 of 32 bytes, for blind indexes. It cannot be rotated without computing each index anew.

A key id and INDEX_KEY may begin with "demo-"; production refuses those.
"""

import base64
import binascii
import hashlib
import hmac
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

DEMO = "demo-"


def bytes_32(name: str, text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ImproperlyConfigured(f"{name} is not base64") from None
    if len(key) != 32:
        raise ImproperlyConfigured(f"{name} has {len(key)} bytes, not 32")
    return key


@lru_cache(maxsize=8)
def _ciphers(keys: str, production: bool) -> dict[bytes, AESGCM]:
    found: dict[bytes, AESGCM] = {}
    for item in keys.split(","):
        name, colon, text = item.strip().partition(":")
        if not (colon and 0 < len(name) < 32 and name.isascii()):
            raise ImproperlyConfigured('DATA_KEYS is "id:base64,id:base64", an id being short ASCII')
        if production and name.startswith(DEMO):
            raise ImproperlyConfigured(f"DATA_KEYS has the demo key {name}")
        if name.encode() in found:
            raise ImproperlyConfigured(f"DATA_KEYS has the id {name} twice")
        found[name.encode()] = AESGCM(bytes_32(f"DATA_KEYS {name}", text))
    return found


def ciphers() -> dict[bytes, AESGCM]:
    """Each key id with its cipher; the first is the one that seals.

    To use another validated module, return objects here with AESGCM's encrypt and decrypt.
    """
    return _ciphers(settings.DATA_KEYS, settings.PRODUCTION)


def sealing_key() -> tuple[bytes, AESGCM]:
    """Id and cipher of the key that seals."""
    return next(iter(ciphers().items()))


@lru_cache(maxsize=64)
def _index_key(text: str, purpose: str) -> bytes:
    root = bytes_32("INDEX_KEY", text.removeprefix(DEMO))
    return hmac.digest(root, b"blind index " + purpose.encode(), hashlib.sha256)


def blind_index(purpose: str, normalised: str) -> str:
    """64 hexadecimal letters that are equal when the texts are: for look-ups of what is stored sealed.

    Each purpose has its own key, so that two columns cannot be compared. Normalise first (one spelling a value).
    """
    return hmac.new(_index_key(settings.INDEX_KEY, purpose), normalised.encode(), hashlib.sha256).hexdigest()
