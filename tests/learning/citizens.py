"""A citizen in tests: by the code to their phone, and a press as a browser would send it."""

from typing import Any

from django.http import HttpResponse
from django.test import Client

from learning.models import Booking, Session
from tests.repair.applicant import signed_in

__all__ = ["FORM", "OTHERS", "PHONE", "book", "citizen", "newest", "signed_in"]
PHONE, OTHERS = "010-9999-7101", "010-9999-7102"
FORM = {"whose": "self", "name": "예시 어르신", "personal": "on"}


def citizen(phone: str = PHONE) -> Client:
    client = Client()
    signed_in(client, phone, "/learning/mine/")
    return client


def book(client: Client, session: Session, **typed: Any) -> HttpResponse:
    """신청하기 pressed. `typed`: instead of FORM's; None: left out."""
    given = {name: value for name, value in {**FORM, **typed}.items() if value is not None}
    return client.post(f"/learning/classes/{session.pk}/book/", given)


def newest() -> Booking:
    return Booking.objects.latest("booked_at", "turn")
