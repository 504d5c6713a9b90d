"""Papers for tests: what is sent, who sends it, who opens it."""

from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from people import citizen
from people.models import PhoneCode
from people.phones import phone_index
from privacy.access import subject
from repair import paper_store, papers
from repair.models import Case, Draft, Paper
from tests import make, make_repair

from . import clamd as real
from .test_paper_content import A_PDF, picture

PHONE = "+821099990001"
INFECTED_PDF = A_PDF.replace(b"%%EOF", real.EICAR + b"\n%%EOF")
EVIDENCE, TROUBLE, BEFORE = Paper.Kind.EVIDENCE, Paper.Kind.TROUBLE, Paper.Kind.BEFORE


def sent(data: bytes = A_PDF, name: str = "서류.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "text/html")  # what a browser says of it decides nothing


def photo(shade: int = 0, name: str = "사진.png") -> SimpleUploadedFile:
    return sent(picture(size=(40 + shade, 30)), name)


def draft(phone: str = PHONE) -> Draft:
    return Draft.objects.create(phone_index=phone_index(phone))


def take(of: Draft | Case, *files: SimpleUploadedFile, kind: str = EVIDENCE) -> list[Paper]:
    whose = {"case": of} if isinstance(of, Case) else {"draft": of}
    return papers.take_in(files, kind, by=make_repair.CITIZEN, **whose)  # type: ignore[arg-type]


def a_case(**fields: object) -> Case:
    make_repair.programme()
    return make_repair.case(phone=PHONE, **fields)


def clean(*taken: Paper) -> None:
    Paper.objects.filter(pk__in=[paper.pk for paper in taken]).update(scan=Paper.Scan.CLEAN)


def files() -> list[Path]:
    return [path for path in paper_store.folder().rglob("*") if path.is_file()]


def citizen_of(phone: str = PHONE) -> Client:
    now = timezone.now()
    code = PhoneCode.objects.create(phone=phone, phone_index=phone_index(phone), expires_at=now, used_at=now)
    client = Client()
    session = client.session
    session[citizen.KEY] = str(code.pk)
    session.save()
    return client


def signed_in(user: object) -> Client:
    return make.signed_in(Client(), user)  # type: ignore[arg-type]


def saying(client: Client, case: Case) -> Client:
    given = {"row": subject(case), "purpose": "papers", "back": "/start/"}
    assert client.post("/privacy/look/", given).status_code in (302, 403)
    return client


def opens(client: Client, paper: Paper) -> int:
    """Whoever may has said what for."""
    if paper.case:
        saying(client, paper.case)
    return client.get(f"/repair/papers/{paper.pk}/").status_code


def until_committed() -> None:
    """The transaction that the test runs in does not end: what waits for its end is done now."""
    for _, what, _ in connection.run_on_commit:
        what()
    connection.run_on_commit.clear()
