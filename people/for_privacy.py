"""What privacy/ asks people/, which it does not know: holidays, messages, and who held which post."""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Q

from privacy import clocks, telling, whose
from privacy.fields import opened
from privacy.holdings import Person
from privacy.models import Request
from privacy.review import facts

from .holidays import holidays_between
from .models import Call, District, Message, Resident, RoleGrant, User
from .outbox import tell
from .phones import normalised, phone_index


def _holidays(first: date, last: date) -> frozenset[date]:
    return frozenset(holidays_between(first, last))


def _tell(phone: str, template: str, context: dict[str, Any], key: str) -> None:
    page = f"{settings.PORTAL_URL}/privacy/mine/requests/"
    tell(phone, template, {"page": page, "phone": settings.HELP_PHONE, **context}, key=key, calls=True)


def _sent(begins: str) -> telling.Sent:
    """A message that failed has a call, if it asked for one."""
    State = Message.State
    counted = Message.objects.filter(key__startswith=begins).aggregate(
        waiting=Count("pk", filter=Q(state__in=(State.WAITING, State.SENDING))),
        sent=Count("pk", filter=Q(state=State.SENT)),
        failed=Count("pk", filter=Q(state=State.FAILED)),
        to_call=Count("pk", filter=Q(call__state=Call.State.OPEN)),
    )
    return telling.Sent(**counted)


def _posts(identifiers: Collection[str]) -> Iterator[whose.Post]:
    grants = RoleGrant.objects.filter(user__username__in=identifiers).select_related("user", "district")
    for one in grants.defer("district__boundary"):
        where = one.district.name if one.district else ""
        words = f"{where} 직원" if where else one.get_role_display()
        yield whose.Post(
            one.user.username, words, one.granted_at, one.revoked_at, one.role, one.district_id or ""
        )


def _person_of(typed: str) -> Person:
    number = normalised(typed)
    return Person(number, phone_index(number))


def holders(role: str, at: datetime, districts: Collection[str] | None = None) -> Iterator[tuple[str, str]]:
    """(login id, what they were) of those who held a role then; `districts`: there only."""
    grants = RoleGrant.objects.in_force(at).filter(role=role).select_related("user", "district")
    if districts is not None:
        grants = grants.filter(district__in=districts)
    for one in grants.defer("district__boundary"):
        yield one.user.username, f"{one.district.name} 직원" if one.district else one.get_role_display()


def _sights(person: Person, at: datetime) -> Iterator[whose.Sight]:
    """Of what they asked of their own data: the privacy officer's team."""
    if Request.objects.filter(phone_index=person.index, asked_at__lte=at).exists():
        for who, post in holders(RoleGrant.Role.PRIVACY_OFFICER, at):
            yield whose.Sight(who, "개인정보에 대한 요구", post)


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
    telling.sent_by(_sent)
    whose.register(_posts)
    whose.register_sight(_sights)
    facts.tell_of_staff(_of_staff)
    facts.tell_of_rows("people.resident")(residents_known)
    whose.know_people(_person_of)
