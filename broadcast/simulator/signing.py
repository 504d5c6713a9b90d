"""Signatures, from the box's side (docs/gateway-protocol.md, section 1). No input or output, no clock."""

import hashlib
import hmac
import re
import secrets
from collections import deque
from collections.abc import Mapping

SKEW = 300
"""Seconds that the other's clock may be off."""
NONCE_LIFE = 2 * SKEW
"""Seconds: a request may be dated 300 s ahead and is then good for 600."""
_NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")


class Refused(Exception):
    """`args[0]`: unknown_key, signature, clock or replay."""


class Nonces:
    """Those used within NONCE_LIFE, by any box; oldest first, so that forgetting costs nothing."""

    def __init__(self) -> None:
        self._known: set[tuple[str, str]] = set()
        self._order: deque[tuple[float, tuple[str, str]]] = deque()

    def use(self, code: str, nonce: str, now: float) -> bool:
        """False if this box had it before. `now`: seconds of a clock that never goes back."""
        while self._order and self._order[0][0] < now - NONCE_LIFE:
            self._known.discard(self._order.popleft()[1])
        if (code, nonce) in self._known:
            return False
        self._known.add((code, nonce))
        self._order.append((now, (code, nonce)))
        return True

    def forget(self, code: str) -> None:
        """A box that lost power kept them in its memory only."""
        self._order = deque(item for item in self._order if item[1][0] != code)
        self._known = {key for _, key in self._order}


def signature(secret: bytes, method: str, path: str, date: str, nonce: str, body: bytes) -> str:
    """Lower-case hexadecimal. `path`: with its query, as in the request line."""
    text = f"{method}\n{path}\n{date}\n{nonce}\n{hashlib.sha256(body).hexdigest()}"
    return hmac.digest(secret, text.encode(), "sha256").hex()


def headers(
    code: str, number: int, secret: bytes, method: str, path: str, body: bytes, now: float
) -> dict[str, str]:
    """The four headers of a request signed at `now`, Unix seconds."""
    date, nonce = str(int(now)), secrets.token_urlsafe(18)
    return {
        "Jinju-Key": f"{code}.{number}",
        "Jinju-Date": date,
        "Jinju-Nonce": nonce,
        "Jinju-Signature": signature(secret, method, path, date, nonce, body),
    }


def check(
    code: str,
    keys: Mapping[int, bytes],
    method: str,
    path: str,
    given: Mapping[str, str],
    body: bytes,
    now: float,
) -> str:
    """The nonce of a well signed request; whether it is new is for Nonces to say.

    `given`: headers, names in lower case. `now`: the box's clock, Unix seconds. Raises Refused.
    """
    owner, _, number = given.get("jinju-key", "").rpartition(".")
    secret = keys.get(int(number)) if owner == code and number.isascii() and number.isdigit() else None
    if secret is None:
        raise Refused("unknown_key")
    date, nonce = given.get("jinju-date", ""), given.get("jinju-nonce", "")
    expected = signature(secret, method, path, date, nonce, body)
    # Bytes: compare_digest takes no text beyond ASCII, and a header may hold any.
    if not hmac.compare_digest(expected.encode(), given.get("jinju-signature", "").encode()):
        raise Refused("signature")
    if not (_NONCE.fullmatch(nonce) and date.isascii() and date.isdigit() and len(date) <= 12):
        raise Refused("signature")
    if abs(int(date) - now) > SKEW:
        raise Refused("clock")
    return nonce
