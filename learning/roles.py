"""Who works for 디지털배움터, and as what. What each may open stands beside the pages; which rows, in the querysets."""

from typing import Any

from people.models import RoleGrant, User

Role = RoleGrant.Role


def sees_all(user: User) -> bool:
    """Works for the whole city: call centre, coordinator, the city's officer."""
    return any(
        user.has_role(role) for role in (Role.LEARNING_CALL, Role.LEARNING_COORDINATOR, Role.LEARNING_OFFICER)
    )


def is_call_centre(user: Any) -> bool:
    """상담: books, moves and cancels for callers. So may a coordinator, who answers the telephone too."""
    return bool(user.is_authenticated) and (user.has_role(Role.LEARNING_CALL) or is_coordinator(user))


def is_coordinator(user: Any) -> bool:
    """Courses, sessions, instructors, visiting classes, fees. The city's officer may do what a coordinator may."""
    return bool(user.is_authenticated) and (user.has_role(Role.LEARNING_COORDINATOR) or is_officer(user))


def is_officer(user: Any) -> bool:
    """시청 담당: figures, the yearly report, rates."""
    return bool(user.is_authenticated) and user.has_role(Role.LEARNING_OFFICER)


def is_centre_staff(user: Any) -> bool:
    """Works at a centre (CentrePost)."""
    from .models import CentrePost

    return bool(user.is_authenticated) and CentrePost.objects.in_force().filter(user=user).exists()


def is_instructor(user: Any) -> bool:
    return bool(user.is_authenticated) and user.has_role(Role.LEARNING_INSTRUCTOR)
