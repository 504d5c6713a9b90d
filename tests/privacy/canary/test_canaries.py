"""A crawler opens every address as everybody. Each word of somebody that an answer shows is on the access record, with
whose it is and for what; while it cannot be written down nothing is shown."""

import pytest
from django.db import connection, transaction

from privacy.models import AccessRecord

from .addresses import addresses
from .city import CANARIES, STAFF_NAME, City
from .reading import opened

pytestmark = pytest.mark.django_db

ROLES = (
    *("nobody", "citizen_a", "citizen_b", "chief", "operator", "police", "duty", "privacy", "admin"),
    *("clerk", "clerk_a", "clerk_b", "repair_officer", "technician", "technician_a", "technician_b", "call"),
    *("coordinator", "officer", "centre_a", "centre_b", "instructor_a", "instructor_b"),
)


def shown(city: City, role: str, path: str) -> tuple[int, set[str], bool]:
    """(status, words of A, whether colleagues' names are) in an answer."""
    status, text = opened(city.people[role], path)
    own = city.own_name(role)
    if own:
        text = text.replace(own, "")
    return status, {one for one in CANARIES if one in text}, STAFF_NAME in text


def test_every_role_is_somebody(city: City) -> None:
    assert set(city.people) == set(ROLES)


@pytest.mark.parametrize("role", ROLES)
def test_what_is_shown_is_on_record_and_else_not_shown(city: City, role: str) -> None:
    wrong, seen_at_all = [], 0
    for name, path in addresses(city).items():
        last = AccessRecord.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        _, of_a, of_staff = shown(city, role, path)
        if not (of_a or of_staff):
            continue
        seen_at_all += 1
        new = list(AccessRecord.objects.filter(pk__gt=last))
        named = {subject for record in new for subject in record.subjects}
        if not all(record.detail for record in new):
            wrong.append(f"{name}: {role} reads for no purpose")
        if of_a and not named & city.subjects:
            wrong.append(f"{name}: {role} reads {of_a}, on no record")
        if of_staff and not named & city.staff:
            wrong.append(f"{name}: {role} reads names of colleagues, on no record")
        before = transaction.savepoint()
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE privacy_accessrecord RENAME TO lost")
        status, of_a, of_staff = shown(city, role, path)
        transaction.savepoint_rollback(before)
        if of_a or of_staff or status != 503:
            wrong.append(
                f"{name}: {role} reads {of_a or 'names of colleagues'} ({status}) while nothing can be recorded"
            )
    assert wrong == []
    assert seen_at_all or role in SEES_NOTHING


#: Broadcast accounts see no personal data of anybody; nor does whoever is nobody here.
SEES_NOTHING = frozenset(
    {
        "nobody",
        "citizen_b",
        "clerk_b",
        "centre_b",
        "instructor_b",
        "chief",
        "police",
        "duty",
        "privacy",
        "admin",
        "technician",
        "technician_b",
    }
)


@pytest.mark.parametrize("role", ["chief", "police"])
def test_broadcast_accounts_see_nobody(city: City, role: str) -> None:
    """358 chiefs are no handlers of personal data: on no page and by no API do they see any."""
    for name, path in addresses(city).items():
        assert shown(city, role, path)[1:] == (set(), False), name
