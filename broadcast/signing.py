"""Signatures between portal and gateways (docs/gateway-protocol.md, section 1). Pure."""

import hashlib
import hmac
import secrets

KEY, DATE, NONCE, SIGNATURE = "Jinju-Key", "Jinju-Date", "Jinju-Nonce", "Jinju-Signature"


def signature(secret: bytes, method: str, path: str, date: str, nonce: str, body: bytes) -> str:
    """HMAC-SHA256 in lower-case hexadecimal. `path` with its query, as it stands in the request line."""
    text = "\n".join((method, path, date, nonce, hashlib.sha256(body).hexdigest()))
    return hmac.digest(secret, text.encode(), "sha256").hex()


def signed_headers(
    key: str, secret: bytes, method: str, path: str, body: bytes, now: float
) -> dict[str, str]:
    """The four headers of a request signed at `now` (Unix seconds). `key`: "<gateway code>.<number>"."""
    date, nonce = str(int(now)), secrets.token_urlsafe(18)
    return {
        KEY: key,
        DATE: date,
        NONCE: nonce,
        SIGNATURE: signature(secret, method, path, date, nonce, body),
    }
