"""Sending bytes to a witness over HTTP, and what comes back."""

import urllib.error
import urllib.request

from . import PATIENCE, WitnessTrouble

#: More than any answer that we understand.
MOST = 256 * 1024


def post(url: str, data: bytes, content_type: str) -> tuple[int, bytes]:
    """(status, body), also of answers that refuse. WitnessTrouble if nobody answered."""
    if not url.startswith(("http://", "https://")):
        raise WitnessTrouble(f"{url} is no web address")
    asked = urllib.request.Request(url, data, {"Content-Type": content_type})  # noqa: S310
    try:
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310
            return answer.status, answer.read(MOST)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(MOST)
    except OSError as error:
        raise WitnessTrouble(f"{type(error).__name__}: {error}") from error
