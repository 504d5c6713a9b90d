"""What several pages of a booking answer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ..models import Booking


def not_now(request: HttpRequest, booking: Booking, words: str) -> HttpResponse:
    """A deed that does not fit (any more), with the reason and the way back."""
    return render(request, "learning/citizen/not_now.html", {"booking": booking, "words": words}, status=409)
