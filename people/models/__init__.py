"""Who somebody is (user, resident), what they may do (grant), where (place), what is told them (message)."""

from .call import Call
from .grant import Grant, GrantQuerySet, RoleGrant
from .holiday import HolidayOverride
from .message import Message
from .place import District, LegalArea
from .resident import PhoneCode, Resident
from .user import User

__all__ = [
    "Call",
    "District",
    "Grant",
    "GrantQuerySet",
    "HolidayOverride",
    "LegalArea",
    "Message",
    "PhoneCode",
    "Resident",
    "RoleGrant",
    "User",
]
