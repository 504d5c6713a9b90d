"""Who is told of gateways that fell silent or are back: whoever can go and look, in one message each."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count
from django.db.models.functions import Now
from django.urls import reverse

from people.models import RoleGrant, User
from people.outbox import tell

from .models import Outage

#: More than so many at once is no matter of single boxes: the city is told, not each office.
MASS = 20
#: So many villages are named in a message.
NAMED = 3


def tell_of(template: str, ids: Sequence[int]) -> None:
    """One message a person, however many gateways. `ids`: of the outages; in the transaction that noticed them."""
    outages = list(
        Outage.objects.filter(pk__in=ids)
        .select_related("gateway__village__district")
        .defer("gateway__village__district__boundary")
        .order_by("gateway__village__district_id", "gateway__village__name", "gateway__code")
    )
    their: dict[User, list[Outage]] = defaultdict(list)
    who = _whom_to_tell()
    for outage in outages:
        for user in who.of(outage):
            their[user].append(outage)
    for user, rows in their.items():
        context = {
            "count": len(rows),
            "places": [f"{row.gateway.village} ({row.gateway.code})" for row in rows[:NAMED]],
            "more": max(0, len(rows) - NAMED),
            "minutes": settings.GATEWAY_SILENT_AFTER // 60,
            "address": f"{settings.PORTAL_URL}{reverse('broadcast:gateways')}",
        }
        tell(user.phone, template, context, key=f"{template} {min(row.pk for row in rows)} {user.pk}")


@dataclass(frozen=True)
class Responsible:
    """`clerks`: by district code. `city`: operators and whoever is on duty. `mass`: moments of mass outages."""

    clerks: dict[str, list[User]]
    city: list[User]
    mass: frozenset[datetime]

    def of(self, outage: Outage) -> list[User]:
        clerks = self.clerks.get(outage.gateway.village.district_id, [])
        if outage.noticed_at in self.mass:
            return self.city or clerks
        return clerks or self.city


def _whom_to_tell() -> Responsible:
    role = RoleGrant.Role
    grants = RoleGrant.objects.in_force().filter(
        role__in=[role.OFFICE_CLERK, role.CITY_OPERATOR, role.DUTY_OFFICER], user__is_active=True
    )
    clerks, city = defaultdict(list), {}
    for grant in grants.select_related("user"):
        if not grant.user.phone:
            continue
        if grant.role == role.OFFICE_CLERK and grant.district_id:
            clerks[grant.district_id].append(grant.user)
        else:
            city[grant.user_id] = grant.user
    moments = Outage.objects.values("noticed_at").annotate(n=Count("pk")).filter(n__gt=MASS)
    # Those that are open, or were closed just now, are all that can still be told of.
    recent = moments.filter(noticed_at__gt=Now() - timedelta(days=30)).order_by()
    return Responsible(
        dict(clerks), list(city.values()), frozenset(recent.values_list("noticed_at", flat=True))
    )
