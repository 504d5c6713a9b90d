"""What privacy/ asks people/, which it does not know: holidays, messages, and who held which post."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from django.conf import settings

from privacy import clocks, telling, whose

from .holidays import holidays_between
from .models import RoleGrant
from .outbox import tell


def _holidays(first: date, last: date) -> frozenset[date]:
    return frozenset(holidays_between(first, last))


def _tell(phone: str, template: str, context: dict[str, Any], key: str) -> None:
    page = f"{settings.PORTAL_URL}/privacy/mine/requests/"
    tell(phone, template, {"page": page, "phone": settings.HELP_PHONE, **context}, key=key, calls=True)


def _posts(identifiers: Collection[str]) -> Iterator[whose.Post]:
    grants = RoleGrant.objects.filter(user__username__in=identifiers).select_related("user", "district")
    for one in grants.defer("district__boundary"):
        where = one.district.name if one.district else ""
        words = f"{where} 직원" if where else one.get_role_display()
        yield whose.Post(
            one.user.username, words, one.granted_at, one.revoked_at, one.role, one.district_id or ""
        )


def connect() -> None:
    clocks.know_holidays(_holidays)
    telling.tell_by(_tell)
    whose.register(_posts)
