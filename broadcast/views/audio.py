"""The sound of a broadcast for a browser. Ranges, because Safari plays nothing without, and one can seek."""

import re
import uuid
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from .. import sensitive
from ..models import Recording
from . import works_in_an_office

if TYPE_CHECKING:
    from . import SignedIn

ONE_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")  # longer numbers are no place in any file


@require_safe
def audio(request: "SignedIn", pk: uuid.UUID) -> HttpResponse:
    kept = Recording.objects.for_user(request.user).exclude(file="")  # "": a voice that was erased
    found = get_object_or_404(kept, pk=pk)
    if not sensitive.may_hear(request, found, office=works_in_an_office(request.user)):
        raise Http404
    return in_parts(request, found, "private, no-store")  # a voice stays on nobody's disk


def in_parts(request: HttpRequest, recording: Recording, cache: str) -> HttpResponse:
    """200, 206 or 416 as RFC 9110 section 14 says; several ranges at once are answered with the whole."""
    with recording.file.open("rb") as file:
        data = file.read()  # a few MB at most: RECORDING_MAX_SECONDS at 48 kbit/s
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": cache,
        "ETag": f'"{recording.sha256}"',
    }
    asked = ONE_RANGE.fullmatch(request.headers.get("Range", ""))
    part = asked and span(asked[1], asked[2], len(data))
    if asked and part is None:
        headers["Content-Range"] = f"bytes */{len(data)}"
        return HttpResponse(status=416, headers=headers)
    if part:
        first, last = part
        headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
        return HttpResponse(data[first : last + 1], status=206, content_type="audio/mpeg", headers=headers)
    return HttpResponse(data, content_type="audio/mpeg", headers=headers)


def span(first: str, last: str, size: int) -> tuple[int, int] | None:
    """First and last byte that are asked for ("-500": the last 500), or None if there are none such. Pure."""
    if not first:
        length = min(int(last or 0), size)
        return (size - length, size - 1) if length else None
    start, end = int(first), min(int(last), size - 1) if last else size - 1
    return (start, end) if start <= end else None
