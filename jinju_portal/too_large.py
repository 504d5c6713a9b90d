"""What is longer than any page there takes is refused before it arrives: parsing it would fill memory and disk."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from .errors import too_large

#: A form's other fields and the marks between them, in bytes.
BESIDES = 1024**2
#: Where several files are sent at once.
WITH_PAPERS = "/repair/"


def most(path: str) -> int:
    """Bytes of all that one form at that address takes."""
    if path.startswith(WITH_PAPERS):
        return settings.PAPER_MAX_BYTES * settings.PAPERS_AT_ONCE
    return settings.RECORDING_MAX_BYTES


class TooLargeMiddleware:
    """413 by the length that is announced. A body without one is empty to WSGI, so nothing else is needed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        announced = request.META.get("CONTENT_LENGTH") or "0"
        bytes_taken = most(request.path)
        if not announced.isdecimal() or int(announced[:18]) <= bytes_taken + BESIDES:
            return self.get_response(request)
        megabytes = bytes_taken // 1024**2
        if request.accepts("text/html") and not request.path.startswith("/api/"):
            return too_large(request, megabytes, papers=request.path.startswith(WITH_PAPERS))
        error = f"보내신 것이 너무 큽니다. {megabytes}MB보다 작게 해 주세요."
        return JsonResponse({"error": error, "sound_is_bad": True}, status=413)
