"""Who does a deed: for the case's history, for the access record, and for what they may."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils import timezone

from people.models import RoleGrant, User
from people.models.grant import IN_FORCE
from privacy.one_query import Rows, read

from .models import Contractor, Step

if TYPE_CHECKING:

    class SignedIn(HttpRequest):
        """A request behind LoginRequiredMiddleware."""

        user: User


@dataclass(frozen=True)
class Actor:
    """`user`: None for the applicant and for the system. `request`: None when no page was asked."""

    who: str
    user: User | None = None
    request: HttpRequest | None = None


SYSTEM = Actor(Step.Who.SYSTEM)


def citizen(request: HttpRequest | None) -> Actor:
    return Actor(Step.Who.CITIZEN, None, request)


def staff(request: "SignedIn") -> Actor:
    return Actor(Step.Who.STAFF, request.user, request)


def technician(request: "SignedIn") -> Actor:
    return Actor(Step.Who.TECHNICIAN, request.user, request)


def is_officer(user: Any) -> bool:
    """The city's officer for this programme: all districts, the year's rules and money."""
    return bool(user.is_authenticated) and user.has_role(RoleGrant.Role.REPAIR_OFFICER)


def is_clerk(user: Any) -> bool:
    return bool(user.is_authenticated) and user.has_role(RoleGrant.Role.OFFICE_CLERK)


def works_on_cases(user: Any) -> bool:
    """Decides on cases: at an office for its district, at the city for all."""
    return is_officer(user) or is_clerk(user)


def contractor_of(user: Any) -> Contractor | None:
    """For whom this technician repairs today; None: they are no technician."""
    if not user.is_authenticated or not user.is_active:
        return None
    now = timezone.now()
    where, params = f"user_id = %s AND {IN_FORCE}", [user.pk, now, now]
    theirs = f"id IN (SELECT contractor_id FROM repair_technicianpost WHERE {where})"  # noqa: S608 - as above
    [found] = read(Rows(Contractor, f"is_active AND {theirs}", params))
    return next(iter(found), None)
