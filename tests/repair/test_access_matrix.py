"""Who opens what: every address under /repair/ × every role × own, another district's, another person's.

The table says which roles may open an address of case A (문산읍, applicant A, visited by technician A). Everybody
else is sent to sign in, refused or told that there is no such page; nothing changes; and not a letter of A is in the
answer. Where something of A is shown, the access record says so.
"""

import re
import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from privacy.models import AccessRecord
from repair import urls
from repair.models import BudgetEntry, Case, Paper, Step, Visit

from . import access_cast
from .access_cast import CANARIES

pytestmark = pytest.mark.django_db

EVERYBODY = frozenset(
    {
        "nobody",
        "citizen_a",
        "citizen_b",
        "chief",
        "operator",
        "police",
        "privacy",
        "clerk_a",
        "clerk_b",
        "officer",
    }
    | {"technician_a", "technician_b"}
)
CITIZENS = frozenset({"citizen_a", "citizen_b", "chief"})
OFFICES = frozenset({"clerk_a", "clerk_b", "officer"})
TECHNICIANS = frozenset({"technician_a", "technician_b"})
A_OFFICE = frozenset({"clerk_a", "officer"})
OFFICER = frozenset({"officer"})
#: Too little to show, or not yet over.
MAY_BE_ABSENT = ("open_data_devices", "open_data_tables", "visit_done")
#: Name of an address → (who may open it, its arguments).
TABLE: dict[str, tuple[frozenset[str], tuple]] = {
    **dict.fromkeys(("landing", "check", "status", "open_data"), (EVERYBODY, ())),
    "open_data_tables": (EVERYBODY, ("year",)),
    "open_data_devices": (EVERYBODY, ("year",)),
    **dict.fromkeys(("apply", "apply_again", "apply_papers", "apply_check", "mine"), (CITIZENS, ())),
    "apply_step": (CITIZENS, ("step",)),
    "apply_paper_remove": (frozenset({"citizen_a"}), ("draft_paper",)),
    **{
        name: (frozenset({"citizen_a"}), ("case",))
        for name in ("my_case", "my_receipt", "my_papers", "my_correct")
    },
    **{name: (frozenset({"citizen_a"}), ("case",)) for name in ("my_withdraw", "my_object", "my_rate")},
    **dict.fromkeys(("desk", "desk_find", "desk_take", "desk_new"), (OFFICES, ())),
    "desk_case": (A_OFFICE, ("case",)),
    "desk_receipt": (A_OFFICE, ("case",)),
    "desk_deed": (A_OFFICE, ("case", "deed")),
    "visits": (TECHNICIANS, ()),
    "visit_take": (TECHNICIANS, ("case",)),
    **{
        name: (frozenset({"technician_a"}), ("visit",))
        for name in ("visit", "visit_done", "visit_sent", "visit_photo")
    },
    "visit_deed": (frozenset({"technician_a"}), ("visit", "visit_deed")),
    **dict.fromkeys(("city", "city_year_new", "city_contractors", "city_appoint"), (OFFICER, ())),
    **dict.fromkeys(("settlements", "figures"), (OFFICER, ())),
    **dict.fromkeys(("city_dates", "city_budget", "city_rules", "city_prices"), (OFFICER, ("year",))),
    **dict.fromkeys(("city_year_contractor", "city_waiting"), (OFFICER, ("year",))),
    "city_price": (OFFICER, ("price",)),
    "city_dismiss": (OFFICER, ("post",)),
    "settlement": (OFFICER, ("settlement",)),
    "settlement_file": (OFFICER, ("settlement",)),
    "paper": (frozenset({"citizen_a", *A_OFFICE}), ("evidence",)),
}


def patterns() -> list[URLPattern]:
    return [one for one in urls.urlpatterns if isinstance(one, URLPattern)]


@pytest.fixture
def people() -> dict[str, Client]:
    return access_cast.cast()


@pytest.fixture
def things(people: dict[str, Client]) -> dict[str, object]:
    return access_cast.things()


def address(name: str, things: dict[str, object]) -> str:
    return reverse(f"repair:{name}", args=[things[one] for one in TABLE[name][1]])


def test_the_table_knows_every_address() -> None:
    assert {one.name for one in patterns()} == set(TABLE)


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_who_opens_what(people: dict[str, Client], things: dict[str, object], role: str) -> None:
    client, wrong = people[role], []
    for name, (may, _) in TABLE.items():
        before = AccessRecord.objects.count()
        answer = client.get(address(name, things))
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        seen = [word for word in CANARIES if word in body.decode("utf-8", "replace")]
        if role not in may:
            if not shut(answer):
                wrong.append(f"{name}: {answer.status_code} for {role}")
            if seen:
                wrong.append(f"{name}: {role} reads {seen}")
        elif answer.status_code in (403, 404, 500) and name not in MAY_BE_ABSENT:
            wrong.append(f"{name}: {answer.status_code} for {role}, who may open it")
        elif seen:
            new = AccessRecord.objects.order_by("pk")[before:]
            if not any(str(things["case"]) in subject for record in new for subject in record.subjects):
                wrong.append(f"{name}: {role} reads {seen} and it is on no record")
    assert wrong == []


def shut(answer) -> bool:
    """Sent to sign in or to their own page, refused, or told that there is no such page or way."""
    if answer.status_code == 302:
        return bool(re.match(r"/(people|accounts)/|/repair/(desk|visits|)$", answer["Location"]))
    return answer.status_code in (401, 403, 404, 405)


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_who_changes_nothing(people: dict[str, Client], things: dict[str, object], role: str) -> None:
    """The same by POST: whoever may not open it changes nothing with it."""
    client, wrong = people[role], []
    for name, (may, _) in TABLE.items():
        if role in may:
            continue
        before = state()
        answer = client.post(
            address(name, things), {"why": "몰래", "words": "몰래", "number": "1", "to": "1"}
        )
        if not shut(answer):
            wrong.append(f"{name}: {answer.status_code} for {role}")
        if state() != before:
            wrong.append(f"{name}: {role} changed something")
    assert wrong == []


def state() -> tuple:
    counted: tuple[Callable[[], int], ...] = (
        Step.objects.count,
        BudgetEntry.objects.count,
        Paper.objects.count,
    )
    cases = list(Case.objects.order_by("pk").values_list("pk", "state", "officer", "district"))
    visits = list(Visit.objects.order_by("pk").values_list("pk", "ended_at"))
    return (*[one() for one in counted], cases, visits)


def test_what_is_not_there_is_not_there_for_anybody(people: dict[str, Client]) -> None:
    for role, client in people.items():
        for name in ("my_case", "desk_case", "visit", "paper"):
            answer = client.get(reverse(f"repair:{name}", args=[uuid.uuid4()]))
            assert shut(answer), (role, name, answer.status_code)


def test_a_broadcast_account_sees_nothing_of_anybody(
    people: dict[str, Client], things: dict[str, object]
) -> None:
    """이장, 방송 담당, 경찰: broadcast accounts see no personal data."""
    for role in ("chief", "operator", "police"):
        for name in TABLE:
            answer = people[role].get(address(name, things))
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert not [word for word in CANARIES if word.encode() in body], (role, name)
