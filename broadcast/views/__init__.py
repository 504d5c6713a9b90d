"""The pages of 마을방송."""

from functools import cache
from typing import TYPE_CHECKING

from people.models import District, RoleGrant, User

if TYPE_CHECKING:
    from django.http import HttpRequest

    class SignedIn(HttpRequest):
        """A request behind LoginRequiredMiddleware."""

        user: User


def works_in_an_office(user: User) -> bool:
    """City operators, clerks and police, who speak to many villages; a chief speaks to their own."""
    return user.is_city_operator or user.is_police or user.has_role(RoleGrant.Role.OFFICE_CLERK)


@cache
def shapes() -> list[District]:
    """Every district with its boundary. Kept per process: only a migration changes them, and decoding them took
    longer than all else on a live page."""
    return list(District.objects.all())
