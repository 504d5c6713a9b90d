"""Every form that anybody finds on a page is sent: as it stands, emptied, and asking for somebody by name and phone.
What the answers show of people (also those that say what to mend) is on the access record; else it is not shown."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.test import Client

from privacy.models import AccessRecord

from .addresses import addresses
from .city import CANARIES, PHONE, STAFF_NAME, City
from .forms import Form, forms
from .reading import words
from .test_canaries import ROLES

pytestmark = pytest.mark.django_db
#: Whoever certainly meets somebody behind a form.
SEE_SOMEBODY = frozenset({"citizen_a", "clerk_a", "repair_officer", "technician_a", "call", "coordinator"})
SOMEBODY = {"name": "카나리아", "phone": PHONE, "date": "1931-02-03"}


@contextmanager
def undone(client: Client) -> Iterator[None]:
    """Whatever is done in here has not been done afterwards; also a sign-out."""
    cookies = {name: one.value for name, one in client.cookies.items()}
    before = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(before)
        client.cookies.clear()
        client.cookies.load(cookies)


def found(city: City, role: str) -> list[Form]:
    """A form of each shape, of all pages that this role can open."""
    shapes = {}
    for path in addresses(city).values():
        with undone(city.people[role]):
            answer = city.people[role].get(path)
            text = words(answer)  # also of files: they are closed when they are read
            if answer.status_code == 200 and "text/html" in answer.headers.get("Content-Type", ""):
                for one in forms(path, text):
                    shapes.setdefault(one.shape(), one)
    return list(shapes.values())


def shown(city: City, role: str, form: Form, sent: dict[str, list[str]]) -> tuple[int, set[str], bool]:
    """(status, words of A that were not sent along, whether colleagues' names are) in what it leads to."""
    answer = city.people[role].post(form.path, sent, follow=True)
    text = words(answer)
    own = city.own_name(role)
    if own:
        text = text.replace(own, "")
    typed = " ".join(value for values in sent.values() for value in values)
    hidden = {one for one in CANARIES if one in text and one not in typed}
    return answer.status_code, hidden, STAFF_NAME in text and STAFF_NAME not in typed


@pytest.mark.parametrize("role", ROLES)
def test_answers_to_what_is_sent(city: City, role: str) -> None:
    wrong, seen, sent_at_all = [], 0, 0
    for form in found(city, role):
        for sent in form.sendings(SOMEBODY):
            sent_at_all += 1
            last = AccessRecord.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            with undone(city.people[role]):
                _, of_a, of_staff = shown(city, role, form, sent)
                new = list(AccessRecord.objects.filter(pk__gt=last))
            if not (of_a or of_staff):
                continue
            seen += 1
            named = {subject for record in new for subject in record.subjects}
            if not all(record.detail for record in new if record.subjects):
                wrong.append(f"{form.path}: {role} reads for no purpose")
            if of_a and not named & city.subjects:
                wrong.append(f"{form.path}: {role} reads {of_a}, on no record: {sent}")
            if of_staff and not named & city.staff:
                wrong.append(f"{form.path}: {role} reads names of colleagues, on no record: {sent}")
            with undone(city.people[role]):
                with connection.cursor() as cursor:
                    cursor.execute("ALTER TABLE privacy_accessrecord RENAME TO lost")
                status, of_a, of_staff = shown(city, role, form, sent)
            if of_a or of_staff:
                wrong.append(
                    f"{form.path}: {role} reads {of_a or 'names'} ({status}) while nothing is recorded"
                )
    assert wrong == []
    assert sent_at_all and (seen or role not in SEE_SOMEBODY), "the crawler is blind"
    assert not seen or role not in ("chief", "police")
