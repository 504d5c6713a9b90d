"""Who does a deed: for the history of a booking, and for the access record."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest

from people.models import User

from .models import BookingStep

if TYPE_CHECKING:

    class SignedIn(HttpRequest):
        """A request behind LoginRequiredMiddleware."""

        user: User


Who = BookingStep.Who


@dataclass(frozen=True)
class Actor:
    """`user`: None for a citizen and for the system. `request`: None when no page was asked."""

    who: str
    user: User | None = None
    request: HttpRequest | None = None


SYSTEM = Actor(Who.SYSTEM)


def citizen(request: HttpRequest | None) -> Actor:
    return Actor(Who.LEARNER, None, request)


def staff(request: "SignedIn") -> Actor:
    return Actor(Who.STAFF, request.user, request)
