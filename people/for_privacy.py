"""What privacy/ asks people/, which it does not know: holidays, messages, and who held which post."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from django.conf import settings

from privacy import clocks, telling, whose
from privacy.fields import opened
from privacy.review import facts

from .holidays import holidays_between
from .models import District, Resident, RoleGrant, User
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


def _of_staff(identifiers: Collection[str]) -> dict[str, facts.Known]:
    """Where they live only if they are served here themselves: what staff are asked for is a name and a phone."""
    rows = User.objects.filter(username__in=identifiers, phone_sign_in=False)
    staff = {one.username: (one.name, one.phone_index or "") for one in rows}
    phones = [phone for _, phone in staff.values() if phone]
    streets = {
        one.phone_index: facts.street_of(one.address)
        for one in Resident.objects.filter(phone_index__in=phones)
    }
    return {
        name: facts.Known(surname=known[:1], street=streets.get(phone, ""), phone=phone)
        for name, (known, phone) in staff.items()
    }


def residents_known(keys: Collection[str]) -> dict[str, facts.Known]:
    """Of residents: surname, house, phone, and the district that their address names."""
    codes = dict(District.objects.values_list("name", "code"))
    rows = Resident.objects.filter(pk__in=keys)
    names: dict[Any, str | None] = {pk: name for pk, name, *_ in opened(rows, "name")}
    found = {}
    for pk, address, phone in opened(rows, "address", "phone_index"):
        where = next((codes[word] for word in (address or "").split() if word in codes), "")
        street = facts.street_of(address or "")
        found[str(pk)] = facts.Known((names[pk] or "")[:1], street, phone, where)
    return found


def connect() -> None:
    clocks.know_holidays(_holidays)
    telling.tell_by(_tell)
    whose.register(_posts)
    facts.tell_of_staff(_of_staff)
    facts.tell_of_rows("people.resident")(residents_known)
