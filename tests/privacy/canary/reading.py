"""The words of an answer, whatever it is made of."""

import io
import re
import zipfile
from typing import Any

from django.test import Client
from pypdf import PdfReader

#: On a page that asks what somebody is looked at for (privacy/purposes.py).
ASKS_WHAT_FOR = re.compile(r'action="(/privacy/look/)".*?name="row" value="([^"]+)"', re.DOTALL)


def opened(client: Client, path: str) -> tuple[int, str]:
    """(status, words) of a page as it first stands, and as it does once somebody has said what for."""
    answer = client.get(path)
    first = text = words(answer)
    if answer.status_code == 302 and answer["Location"].startswith("/"):
        text = words(client.get(answer["Location"]))
    asks = ASKS_WHAT_FOR.search(text)
    if asks:
        client.post(asks[1], {"row": asks[2], "purpose": "answer", "back": path})
        answer = client.get(path)
        first += words(answer)
    return answer.status_code, first


def words(answer: Any) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return "\n".join([_text(body), *map(str, answer.headers.values())])


def _text(body: bytes) -> str:
    if body.startswith(b"PK"):  # xlsx is a zip too
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            return "\n".join(_text(packed.read(name)) for name in packed.namelist())
    if body.startswith(b"%PDF"):
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    return body.decode("utf-8", "replace")
