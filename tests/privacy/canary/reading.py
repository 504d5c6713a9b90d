"""The words of an answer, whatever it is made of."""

import io
import zipfile
from typing import Any

from pypdf import PdfReader


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
