"""What privacy/ asks of this app: who could see a complaint with its phone (privacy/whose.py)."""

from collections.abc import Iterator
from datetime import datetime

from people.for_privacy import holders
from people.models import RoleGrant
from privacy import whose
from privacy.holdings import Person

from .models import NoiseComplaint


@whose.register_sight
def sights(person: Person, at: datetime) -> Iterator[whose.Sight]:
    """Of their complaints: the office of the village's district, and the city's operators."""
    left = NoiseComplaint.objects.filter(phone_index=person.index, received_at__lte=at)
    districts = set(left.values_list("village__district", flat=True))
    if not districts:
        return
    for role, where in ((RoleGrant.Role.OFFICE_CLERK, districts), (RoleGrant.Role.CITY_OPERATOR, None)):
        for who, post in holders(role, at, where):
            yield whose.Sight(who, "소음 민원", post)
