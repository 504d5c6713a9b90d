"""What privacy/ asks of this app: who held which post, who is who, and who could see whose rows (privacy/whose.py)."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime

from people.for_privacy import holders, residents_known
from people.models import RoleGrant
from privacy import whose
from privacy.holdings import Person
from privacy.review import facts

from .models import Case, TechnicianPost, Visit


@whose.register
def posts(identifiers: Collection[str]) -> Iterator[whose.Post]:
    rows = TechnicianPost.objects.filter(user__username__in=identifiers).select_related("user", "contractor")
    for one in rows:
        yield whose.Post(
            one.user.username, f"{one.contractor} 수리 기사", one.granted_at, one.revoked_at, "technician"
        )


@facts.tell_of_rows("repair.case")
def known(keys: Collection[str]) -> dict[str, facts.Known]:
    """As their applicant, in the district that has the case."""
    cases = list(Case.objects.filter(pk__in=keys).values_list("pk", "resident", "district"))
    people = residents_known([str(resident) for _, resident, _ in cases])
    return {str(pk): replace(people[str(resident)], district=district) for pk, resident, district in cases}


@whose.register_sight
def sights(person: Person, at: datetime) -> Iterator[whose.Sight]:
    """Of their cases: the office of the district, the city's officers, and the technician of an open visit."""
    cases = list(Case.objects.filter(phone_index=person.index, filed_at__lte=at))
    if not cases:
        return
    what = "무상수리 신청"
    for who, post in holders(RoleGrant.Role.OFFICE_CLERK, at, {case.district_id for case in cases}):
        yield whose.Sight(who, what, post)
    for who, post in holders(RoleGrant.Role.REPAIR_OFFICER, at):
        yield whose.Sight(who, what, post)
    visits = Visit.objects.filter(case__in=cases, taken_at__lte=at).exclude(ended_at__lte=at)
    for visit in visits.select_related("technician"):
        yield whose.Sight(visit.technician.username, what, "방문을 맡은 수리 기사")
