"""Who opens what: every address under /repair/ × every role × own, another district's, another person's.

The table says which roles may open an address of case A (문산읍, applicant A, visited by technician A). Everybody
else is sent to sign in, refused or told that there is no such page; nothing changes; and not a letter of A is in the
answer. Where something of A is shown, the access record says so.
"""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone
from PIL import Image

from people.models import PhoneCode, RoleGrant
from people.phones import normalised, phone_index
from privacy.models import AccessRecord
from repair import papers, urls
from repair.filing import DeviceFiled
from repair.models import BudgetEntry, Case, Device, Draft, Paper, Settlement, Step, Visit
from tests import make, make_repair

pytestmark = pytest.mark.django_db

#: Words of A that stand nowhere else.
CANARIES = (
    "카나리아",
    "010-9999-7001",
    "01099997001",
    "+821099997001",
    "비밀로 77",
    "1931-02-03",
    "고장카나리",
)
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


def photo() -> SimpleUploadedFile:
    import io

    out = io.BytesIO()
    Image.new("RGB", (64, 64), "navy").save(out, "JPEG")
    return SimpleUploadedFile("photo.jpg", out.getvalue(), "image/jpeg")


@pytest.fixture
def people() -> dict[str, Client]:
    """The cast, each signed in."""
    year = make_repair.programme()
    assert year.contractor
    clerk_a, clerk_b = make.clerk(make.district("문산읍")), make.clerk(make.district("금산면"))
    technician_a = make_repair.technician(year.contractor)
    privacy = make.user()
    RoleGrant.objects.create(user=privacy, role=RoleGrant.Role.PRIVACY_OFFICER, reason="시험")
    users = {
        "chief": make.chief(
            phone="+821099990007", phone_index=phone_index("+821099990007"), phone_sign_in=True
        ),
        "operator": make.city_operator(),
        "police": make.police(),
        "privacy": privacy,
        "clerk_a": clerk_a,
        "clerk_b": clerk_b,
        "officer": make_repair.repair_officer(),
        "technician_a": technician_a,
        "technician_b": make_repair.technician(year.contractor),
    }
    cast = {name: make.signed_in(Client(), user) for name, user in users.items()}
    cast |= {"nobody": Client(), "citizen_a": citizen("010-9999-7001"), "citizen_b": citizen("010-9999-7002")}
    return cast


def citizen(phone: str) -> Client:
    number = normalised(phone)
    code = PhoneCode.objects.create(
        phone=number,
        phone_index=phone_index(number),
        code_hash="",
        expires_at=timezone.now(),
        used_at=timezone.now(),
    )
    client = Client()
    session = client.session
    session["citizen"] = str(code.pk)
    session.save()
    client.cookies["sessionid"] = session.session_key
    return client


@pytest.fixture
def things(people: dict[str, Client], django_user_model) -> dict[str, object]:
    """Case A with all that hangs on it, and a case of somebody else in another district."""
    by = make.clerk(make.district("문산읍"))
    case = make_repair.confirmed(
        by,
        name="카나리아",
        phone="010-9999-7001",
        birth_date="1931-02-03",
        address="진주시 문산읍 비밀로 77",
        devices=[DeviceFiled(Device.Kind.LAPTOP, Device.Trouble.SLOW, words="고장카나리")],
    )
    from repair import workflow

    workflow.select(case.pk, make_repair.staff(by))
    case.refresh_from_db()
    technician = Case.objects.get(pk=case.pk).contractor.technician_posts.order_by("pk").first().user
    visit = make_repair.visit(case, technician)
    make_repair.case(district=make.district("금산면"), phone="010-9999-7002", name="다른이")
    [evidence] = papers.take_in([photo()], Paper.Kind.EVIDENCE, case=case, by=make_repair.CITIZEN)
    Paper.objects.update(scan="clean")
    draft, _ = Draft.objects.get_or_create(phone_index=case.phone_index)
    [draft_paper] = papers.take_in([photo()], Paper.Kind.TROUBLE, draft=draft, by=make_repair.CITIZEN)
    year = case.programme
    settlement = Settlement.objects.create(
        programme=year,
        contractor=case.contractor,
        month=timezone.localdate().replace(day=1) - timedelta(days=1),
        cases_count=0,
        total_won=0,
        made_by=by,
    )
    return {
        "case": case.pk,
        "visit": visit.pk,
        "evidence": evidence.pk,
        "draft_paper": draft_paper.pk,
        "year": year.year,
        "price": year.prices.first().pk,
        "post": case.contractor.technician_posts.last().pk,
        "settlement": settlement.pk,
        "step": "who",
        "deed": "hand-over",
        "visit_deed": "diagnose",
    }


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
