"""Who opens which file, as what it is handed out, and that each opening is on record first."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from people.phones import phone_index
from privacy.models import AccessRecord
from repair import paper_store, tasks, workflow
from repair.models import Paper
from tests import make, make_repair

from .paper_things import (
    BEFORE,
    PHONE,
    TROUBLE,
    a_case,
    citizen_of,
    clean,
    draft,
    opens,
    photo,
    saying,
    sent,
    signed_in,
    take,
)
from .test_paper_content import A_PDF

pytestmark = pytest.mark.django_db


def test_who_opens_what() -> None:
    """Kind of paper × who asks: 200, 404 where it is not theirs, 403 without any such work, 302 to sign in."""
    make_repair.programme()
    visit = make_repair.visit(make_repair.selected(phone=PHONE))
    case, of = visit.case, draft()
    taken = {
        "certificate": take(case, sent()),
        "trouble": take(case, photo(1), kind=TROUBLE),
        "before": take(case, photo(2), kind=BEFORE),
        "of a draft": take(of, photo(3)),
    }
    clean(*(paper for [paper] in taken.values()))
    other = make_repair.technician(case.contractor)
    chief = make.chief(phone="+821099990009", phone_sign_in=True, phone_index=phone_index("+821099990009"))
    for who, client, expected in [
        ("its office", signed_in(make.clerk(case.district)), [200, 200, 200, 404]),
        ("another office", signed_in(make.clerk(make.district("금산면"))), [404] * 4),
        ("the city", signed_in(make_repair.repair_officer()), [200, 200, 200, 404]),
        ("its technician", signed_in(visit.technician), [404, 200, 200, 404]),
        ("a colleague", signed_in(other), [404] * 4),
        ("the city's operator", signed_in(make.city_operator()), [403] * 4),
        ("the applicant", citizen_of(), [200] * 4),
        ("another citizen", citizen_of("+821099990008"), [404] * 4),
        ("a chief, as a citizen", signed_in(chief), [404] * 4),
        ("nobody", Client(), [302] * 4),
    ]:
        assert [opens(client, paper) for [paper] in taken.values()] == expected, who
    visit.ended_at, visit.end = timezone.now(), "given_back"
    visit.save()
    assert [opens(signed_in(visit.technician), paper) for [paper] in taken.values()] == [404] * 4
    assert Client().post(f"/repair/papers/{taken['trouble'][0].pk}/").status_code == 405
    assert citizen_of().get(f"/repair/papers/{uuid.uuid4()}/").status_code == 404


def test_a_citizen_sees_their_own_picture_at_once_and_their_pdf_when_it_is_safe() -> None:
    case = a_case()
    [pdf], [image] = take(case, sent()), take(case, photo())
    assert (opens(citizen_of(), pdf), opens(citizen_of(), image)) == (409, 200)
    tasks.scan_papers()
    assert (opens(citizen_of(), pdf), opens(citizen_of(), image)) == (200, 200)


def test_as_what_it_is_handed_out() -> None:
    case = a_case()
    taken = take(case, sent(name='evil".html'), photo())
    clean(*taken)
    office = saying(signed_in(make.clerk()), case)
    pdf, image = (office.get(f"/repair/papers/{paper.pk}/") for paper in taken)
    assert pdf["Content-Disposition"].startswith("attachment; ")
    assert image["Content-Disposition"].startswith("inline; ")
    for answer, kind in ((pdf, "application/pdf"), (image, "image/jpeg")):
        assert answer["Content-Type"] == kind
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "no-store" in answer["Cache-Control"]
        assert "evil" not in answer["Content-Disposition"]
    assert office.head(f"/repair/papers/{taken[0].pk}/").content == b""


def test_each_opening_is_on_record_and_a_refused_one_shows_nothing() -> None:
    case, clerk = a_case(), make.clerk()
    [paper] = take(case, sent())
    office = signed_in(clerk)
    assert office.get(f"/repair/papers/{paper.pk}/").status_code == 409
    seen = AccessRecord.objects.filter(identifier=clerk.username, action="download")
    assert not seen.exists()
    clean(paper)
    asked = office.get(f"/repair/papers/{paper.pk}/")
    assert asked["Location"] == f"/repair/desk/{case.pk}/" and not seen.exists()
    for n in (1, 2):
        assert opens(office, paper) == 200
        assert seen.count() == n
    assert seen[0].subjects == [f"repair.case:{case.pk}"]
    assert case.number in seen[0].detail
    assert "자격을 보여 주는 서류" in seen[0].detail and seen[0].detail.endswith(": 자격·서류 확인")
    [own] = take(draft(), photo())
    assert opens(citizen_of(), own) == 200
    assert AccessRecord.objects.filter(subjects=[f"repair.draft:{own.draft_id}"], action="view").exists()


def test_what_cannot_be_recorded_is_not_shown() -> None:
    case = a_case()
    [paper] = take(case, sent())
    clean(paper)
    office = saying(signed_in(make.clerk()), case)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE privacy_accessrecord ADD CONSTRAINT nothing CHECK (false) NOT VALID")
    answer = office.get(f"/repair/papers/{paper.pk}/")
    assert answer.status_code == 503
    assert b"%PDF" not in answer.content


def test_a_file_that_was_changed_on_disk_is_not_shown() -> None:
    case = a_case()
    [paper] = take(case, sent())
    clean(paper)
    (paper_store.folder() / paper.file).write_bytes(A_PDF)
    answer = saying(signed_in(make.clerk()), case).get(f"/repair/papers/{paper.pk}/")
    assert answer.status_code == 500
    assert b"%PDF" not in answer.content
    assert "열 수 없는 파일" in answer.content.decode()


def test_what_arrives_touches_no_disk_before_it_is_sealed(settings, tmp_path) -> None:
    """There is no folder for files that would be received on disk: the longest that may be sent need none."""
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "nowhere"
    case = a_case()
    workflow.ask_paper(case.pk, make_repair.staff(make.clerk()), "등록증")
    long = A_PDF.replace(b"1 0 obj", b"%" + b"x" * (settings.PAPER_MAX_BYTES - 200) + b"\n1 0 obj")
    three = [sent(long, f"{n}.pdf") for n in range(3)]  # the same three times is kept once
    answer = citizen_of().post(f"/repair/mine/{case.pk}/papers/", {"evidence": three})
    assert answer.status_code == 302
    [paper] = Paper.objects.all()
    assert paper.size == len(long)
