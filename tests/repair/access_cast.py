"""Who and what the access matrix (test_access_matrix.py) is about: every role signed in, and what is A's."""

import io
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from people.models import PhoneCode, RoleGrant
from people.phones import normalised, phone_index
from repair import papers, workflow
from repair.filing import DeviceFiled
from repair.models import Case, Device, Draft, Paper, Settlement
from tests import make, make_repair

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


def photo() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "navy").save(out, "JPEG")
    return SimpleUploadedFile("photo.jpg", out.getvalue(), "image/jpeg")


def cast() -> dict[str, Client]:
    """Role → signed in. `…_a` belongs to A's office or visits A; `…_b` elsewhere."""
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
    clients = {name: make.signed_in(Client(), user) for name, user in users.items()}
    clients |= {
        "nobody": Client(),
        "citizen_a": citizen("010-9999-7001"),
        "citizen_b": citizen("010-9999-7002"),
    }
    return clients


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


def things() -> dict[str, object]:
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
