"""Who opens what: every address under /learning/ × every role × own, another centre's, another person's.

The table says which roles may open an address of A (a learner, their booking at A's centre, their request for a visit).
Everybody else is sent to sign in, refused, or told that there is no such page; nothing changes; and not a word of A is
in the answer. Where something of A is shown the access record says so, and where it cannot be written nothing is shown.
The addresses are found by themselves: one that nobody has thought about here fails the first test.
"""

import re
import uuid
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from learning import urls
from privacy.models import AccessRecord

from .access_cast import CANARIES, Things, cast, state

pytestmark = pytest.mark.django_db

EVERYBODY = frozenset(
    {"nobody", "citizen_a", "citizen_b", "chief", "operator", "police", "privacy", "clerk", "repair_officer"}
    | {"technician", "call", "coordinator", "officer", "centre_a", "centre_b", "instructor_a", "instructor_b"}
)
CITIZENS = frozenset({"citizen_a", "citizen_b", "chief"})
A = frozenset({"citizen_a"})
OFFICER = frozenset({"officer"})
COORDINATORS = frozenset({"coordinator", "officer"})
CALLS = COORDINATORS | {"call"}
DESK = CALLS | {"centre_a", "centre_b"}
A_DESK = CALLS | {"centre_a"}
A_CLASS = A_DESK | {"instructor_a"}
INSTRUCTORS = frozenset({"instructor_a", "instructor_b"})
A_INSTRUCTOR = frozenset({"instructor_a"})
ZONES = COORDINATORS | {"centre_a", "centre_b"}
A_ZONE = COORDINATORS | {"centre_a"}

Entry = tuple[frozenset[str], tuple[str, ...]]


def entries(may: frozenset[str], args: tuple[str, ...], *names: str) -> dict[str, Entry]:
    return dict.fromkeys(names, (may, args))


#: Name of an address → (who may open it, what it is asked with).
TABLE: dict[str, Entry] = {
    # Citizens
    **entries(EVERYBODY, (), "landing", "classes", "calendar", "feed"),
    **entries(EVERYBODY, ("session",), "class"),
    **entries(CITIZENS, ("session",), "book"),
    **entries(CITIZENS, (), "mine"),
    **entries(
        A,
        ("booking",),
        "my_booking",
        "my_booking_do",
        "my_cancel",
        "my_move",
        "my_calendar_file",
        "my_series",
    ),
    **entries(A, ("came",), "my_certificate"),
    # Call centre, centres, and whoever teaches the class
    **entries(DESK, (), "desk", "desk_call", "desk_to_phone"),
    **entries(A_DESK, ("call",), "desk_phone"),
    **entries(A_DESK, ("booking",), "desk_booking", "desk_cancel", "desk_move", "desk_answer"),
    **entries(A_DESK, ("session",), "desk_session", "desk_close", "desk_call_off", "desk_seats"),
    **entries(A_CLASS, ("session",), "desk_list", "desk_attendance", "desk_rest"),
    **entries(A_CLASS, ("session", "booking"), "desk_mark"),
    # Coordinator
    **entries(COORDINATORS, (), "courses", "course_new", "places", "place_new"),
    **entries(
        COORDINATORS, ("course",), "course", "course_edit", "course_rules", "session_new", "series_new"
    ),
    **entries(COORDINATORS, ("rule",), "course_rule_end"),
    **entries(COORDINATORS, ("session",), "session_change"),
    **entries(COORDINATORS, ("centre",), "place", "room_new", "place_staff"),
    **entries(COORDINATORS, ("room",), "room"),
    **entries(COORDINATORS, ("post",), "place_dismiss"),
    # Visits
    **entries(EVERYBODY, (), "visits"),
    **entries(CITIZENS, (), "visits_ask", "visits_mine"),
    **entries(A, ("request",), "visits_one", "visits_one_do"),
    **entries(CALLS, (), "visits_desk", "visits_new"),
    **entries(COORDINATORS, (), "visits_join"),
    **entries(CALLS, ("request",), "visits_request", "visits_request_do"),
    **entries(COORDINATORS, ("visit",), "visits_class", "visits_class_do"),
    **entries(COORDINATORS, (), "teachers", "instructors", "fees", "coverage", "institution_new"),
    **entries(COORDINATORS, ("session",), "session_teachers"),
    **entries(COORDINATORS, ("instructor",), "instructor"),
    **entries(OFFICER, (), "fee_rates"),
    **entries(COORDINATORS, ("month",), "fees_month", "fees_file"),
    **entries(INSTRUCTORS, (), "teach", "teach_times", "teach_fees"),
    **entries(A_INSTRUCTOR, ("assignment",), "teach_one", "teach_one_do"),
    # Experience zone, city, everybody
    **entries(EVERYBODY, (), "zones", "open_data"),
    **entries(ZONES, (), "zone_work"),
    **entries(A_ZONE, ("zone",), "zone_desk", "zone_tap", "zone_days", "zone_hours", "zone_devices"),
    **entries(A_ZONE, ("zone", "nothing"), "zone_undo", "zone_day_open"),
    **entries(A_ZONE, ("zone", "device"), "zone_device"),
    **entries(OFFICER, (), "city_figures"),
    **entries(OFFICER, ("year",), "city_report"),
    **entries(EVERYBODY, ("year",), "open_data_tables"),
}
#: Not there as long as there is nothing to show.
MAY_BE_ABSENT = frozenset({"open_data_tables"})
#: Of these addresses every row is compared before and after.
KINDS = (
    *apps.get_app_config("learning").get_models(),
    *(apps.get_model("people", name) for name in ("Message", "Call", "RoleGrant", "User")),
)


def found(under: list = urls.urlpatterns) -> Iterator[URLPattern]:
    for one in under:
        if isinstance(one, URLResolver):
            yield from found(one.url_patterns)
        else:
            yield one


@pytest.fixture
def things() -> Things:
    return Things()


@pytest.fixture
def people(things: Things) -> dict[str, Client]:
    clients = cast(things)
    things.args["post"] = things.post()
    return clients


def address(name: str, things: Things) -> str:
    return reverse(f"learning:{name}", args=[things.args[one] for one in TABLE[name][1]])


def read(answer) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body.decode("utf-8", "replace")


def words_of_a(answer) -> list[str]:
    text = read(answer)
    return [word for word in CANARIES if word in text]


def shut(answer) -> bool:
    """Sent to sign in or to their own list, refused, or told that there is no such page or way."""
    if answer.status_code == 302:
        return bool(re.match(r"/(people|accounts)/|/learning/desk/to-phone/$", answer["Location"]))
    return answer.status_code in (401, 403, 404, 405)


def test_every_address_has_its_entry() -> None:
    names = [one.name for one in found()]
    assert len(names) == len(set(names))
    assert set(names) - set(TABLE) == set(), "who may open these?"
    assert set(TABLE) - set(names) == set(), "these are gone"


def test_every_role_is_somebody(people: dict[str, Client]) -> None:
    assert set(people) == EVERYBODY


#: What a form or a button may send; enough that many deeds would go through for whoever may do them.
SENT = {
    "why": "몰래",
    "words": "몰래",
    "reason": "몰래",
    "answer": "decline",
    "said": "came",
    "deed": "withdraw",
    "what": "hours",
    "phone": "010-9999-7001",
    "people": "1",
    "once": str(uuid.uuid4()),
    "trouble": "몰래",
    "on": "2030-01-01",
    "which": "one",
    "seats": "1",
    "do": "book",
    "month": "2020-01",
}


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_who_opens_what_and_changes_nothing_else(
    people: dict[str, Client], things: Things, role: str
) -> None:
    """Whoever may not open an address reads nothing of A there, and changes nothing with it."""
    client, wrong = people[role], []
    for name, (may, _) in TABLE.items():
        last = AccessRecord.objects.latest("pk").pk if AccessRecord.objects.exists() else 0
        answer = client.get(address(name, things))
        seen = words_of_a(answer)
        if role not in may:
            wrong += refused_wrongly(answer, name, role)
        elif answer.status_code in (403, 404, 500) and name not in MAY_BE_ABSENT:
            wrong.append(f"{name}: {answer.status_code} for {role}, who may open it")
        elif seen:
            new = AccessRecord.objects.filter(pk__gt=last)
            if not any(things.subjects & set(record.subjects) for record in new):
                wrong.append(f"{name}: {role} reads {seen} and it is on no record")
    before = state(KINDS)
    for name, (may, _) in TABLE.items():
        if role not in may:
            wrong += refused_wrongly(client.post(address(name, things), SENT), f"POST {name}", role)
    wrong += [f"{role} changed {table}" for table in set(state(KINDS)) - set(before)]
    assert wrong == []


def refused_wrongly(answer, name: str, role: str) -> list[str]:
    wrong = [] if shut(answer) else [f"{name}: {answer.status_code} for {role}"]
    if seen := words_of_a(answer):
        wrong.append(f"{name}: {role} reads {seen}")
    return wrong


def test_staff_of_another_centre_find_nobody_by_their_number(people: dict[str, Client]) -> None:
    """Whoever telephones is found by those who may see the booking."""
    for role, finds in (("call", True), ("centre_a", True), ("centre_b", False)):
        answer = people[role].post(reverse("learning:desk_call"), {"phone": "010-9999-7001"})
        assert answer.status_code == 200
        assert ("가온 배움터" in read(answer)) == finds, role


def test_what_is_not_there_is_not_there_for_anybody(people: dict[str, Client], things: Things) -> None:
    for name, (may, args) in TABLE.items():
        if not args or args == ("year",) or args == ("month",):
            continue
        gone = [uuid.uuid4() if isinstance(things.args[one], uuid.UUID) else 999_998 for one in args]
        for role in may:
            answer = people[role].get(reverse(f"learning:{name}", args=gone))
            assert shut(answer), (role, name, answer.status_code)


def test_without_a_record_nothing_is_shown(people: dict[str, Client], things: Things) -> None:
    """Whoever may read something of A reads nothing of it while it cannot be written down."""
    shows = 0
    for role in ("citizen_a", "call", "coordinator", "centre_a", "instructor_a"):
        for name, (may, _) in TABLE.items():
            if role not in may:
                continue
            if not words_of_a(people[role].get(address(name, things))):
                continue
            shows += 1
            before = transaction.savepoint()
            with connection.cursor() as cursor:
                cursor.execute("ALTER TABLE privacy_accessrecord RENAME TO lost")
            answer = people[role].get(address(name, things))
            transaction.savepoint_rollback(before)
            assert answer.status_code == 503, (role, name, answer.status_code)
            assert words_of_a(answer) == [], (role, name)
    assert shows > 15
