"""The pages of 마을방송."""

from typing import TYPE_CHECKING

from people.models import RoleGrant, User

if TYPE_CHECKING:
    from django.http import HttpRequest

    class SignedIn(HttpRequest):
        """A request behind LoginRequiredMiddleware."""

        user: User


def works_in_an_office(user: User) -> bool:
    """City operators and clerks, who answer for many villages; a chief speaks to their own."""
    return user.is_city_operator or user.has_role(RoleGrant.Role.OFFICE_CLERK)
