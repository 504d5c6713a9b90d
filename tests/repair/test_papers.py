"""서류와 사진: taken in by content, bounded, sealed under their row, forgotten with their file."""

import base64
import os
import threading
import time
import uuid
from io import StringIO

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection, transaction
from django.utils.datastructures import MultiValueDict

from privacy.models import AccessRecord
from privacy.sealing import SealBroken
from repair import filing, paper_store, papers, tasks
from repair.models import Draft, Paper
from repair.paper_fields import PHOTOS_ONLY, PapersField
from tests import make, make_repair

from .paper_things import (
    BEFORE,
    EVIDENCE,
    PHONE,
    TROUBLE,
    a_case,
    draft,
    files,
    photo,
    sent,
    take,
    until_committed,
)
from .test_paper_content import A_PDF, opened

pytestmark = pytest.mark.django_db


def test_kept_sealed_under_its_own_row_and_nowhere_else() -> None:
    [paper] = take(draft(), sent())
    assert (paper.content_type, paper.size, paper.scan) == ("application/pdf", len(A_PDF), "waiting")
    [path] = files()
    assert path == paper_store.folder() / paper.pk.hex[:2] / str(paper.pk)
    assert b"%PDF" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    assert papers.open_bytes(paper) == A_PDF
    [other] = take(draft("+821099990002"), photo())
    path.write_bytes((paper_store.folder() / other.file).read_bytes())
    with pytest.raises(SealBroken):
        papers.open_bytes(paper)


def test_a_picture_is_kept_as_it_was_encoded_anew() -> None:
    [paper] = take(draft(), photo())
    assert paper.content_type == "image/jpeg"
    assert opened(papers.open_bytes(paper)).format == "JPEG"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("증명서.pdf", "증명서.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\내 문서\\증명서.pdf", "증명서.pdf"),
        ("증명\u202efdp.exe", "증명fdp.exe"),
        ("a\r\nb\x00.pdf", "ab.pdf"),
        ("", "이름 없는 파일"),
        ("가" * 300, "가" * 100),
    ],
)
def test_names_are_shown_and_lead_nowhere(name: str, shown: str) -> None:
    assert papers.shown_name(name) == shown


def test_all_or_none() -> None:
    with pytest.raises(papers.NotAPaper, match=r"글.txt.*JPG"):
        take(draft(), sent(), sent(b"text", "글.txt"))
    assert not Paper.objects.exists()
    assert files() == []


@pytest.mark.parametrize(
    ("file", "words"),
    [(sent(b""), "빈 파일"), (sent(b"%PDF-" + bytes(2000) + b"%%EOF"), "MB보다 큽니다"), (sent(b"x"), "PDF")],
)
def test_what_is_refused(file: SimpleUploadedFile, words: str, settings) -> None:
    settings.PAPER_MAX_BYTES = 2000
    with pytest.raises(papers.NotAPaper, match=words):
        take(draft(), file)


def test_how_many_at_once_and_in_all() -> None:
    of = draft()
    with pytest.raises(papers.NotAPaper, match="한 번에 5개"):
        take(of, *(photo(n) for n in range(6)))
    for start in (0, 5):
        take(of, *(photo(n) for n in range(start, start + 5)), kind=TROUBLE)
    with pytest.raises(papers.NotAPaper, match="모두 10개"):
        take(of, sent())
    assert of.papers.count() == len(files()) == 10


def test_proof_of_the_work_is_counted_apart() -> None:
    case = a_case()
    for start in (0, 5):
        take(case, *(photo(n) for n in range(start, start + 5)), kind=TROUBLE)
    assert len(take(case, *(photo(n) for n in range(5)), kind=BEFORE)) == 5


def test_sent_again_it_is_kept_once() -> None:
    of = draft()
    [first] = take(of, photo())
    assert take(of, photo(), photo()) == [first]
    [other_kind] = take(of, photo(), kind=TROUBLE)
    assert other_kind != first
    assert len(files()) == 2


def test_where_photos_are_wanted_a_pdf_is_none() -> None:
    for kind in papers.PHOTOS:
        with pytest.raises(papers.NotAPaper, match=r"사진.*만"):
            take(draft(f"+82109999100{len(kind)}"), sent(), kind=kind)

    class Photos(forms.Form):
        photos = PapersField(label="사진", accept=PHOTOS_ONLY)

    assert "만 보내실" in Photos({}, MultiValueDict({"photos": [sent()]})).errors["photos"][0]
    assert Photos({}, MultiValueDict({"photos": [photo()]})).is_valid()


def test_to_a_draft_that_was_filed_meanwhile() -> None:
    of = draft()
    Draft.objects.all().delete()
    with pytest.raises(papers.NotAPaper, match="이미 접수"):
        take(of, sent())
    assert files() == []


@pytest.mark.django_db(transaction=True)
def test_the_count_holds_when_many_send_at_once() -> None:
    of, refused = draft(), []

    def send(turn: int) -> None:
        try:
            take(of, *(sent(A_PDF.replace(b"Catalog", b"%d-%d" % (turn, n))) for n in range(3)))
        except papers.NotAPaper:
            refused.append(turn)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(turn,)) for turn in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert of.papers.count() == 9
    assert len(refused) == 3
    named = {str(paper_store.folder() / name) for name in of.papers.values_list("file", flat=True)}
    assert named <= {str(path) for path in files()}


def test_they_go_along_when_the_application_is_filed() -> None:
    make_repair.programme()
    of = draft()
    [paper] = take(of, sent())
    case = filing.file(make_repair.filed(phone=PHONE), make_repair.CITIZEN, once=of.pk, draft=of)
    assert [p.pk for p in case.papers.all()] == [paper.pk]
    assert papers.open_bytes(case.papers.get()) == A_PDF


def test_receiving_and_deleting_are_on_record() -> None:
    case, clerk = a_case(), make.clerk()
    [paper] = papers.take_in([sent()], EVIDENCE, case=case, by=make_repair.staff(clerk))
    papers.forget(paper, make_repair.staff(clerk))
    papers.forget(paper, make_repair.staff(clerk))
    said = AccessRecord.objects.filter(identifier=clerk.username).order_by("pk")
    assert [(r.action, r.subjects) for r in said] == [
        (action, [f"repair.case:{case.pk}"]) for action in ("create", "delete")
    ]
    assert case.number in said[0].detail


def test_the_file_goes_after_the_commit_and_never_before() -> None:
    [paper] = take(draft(), sent())
    with pytest.raises(RuntimeError), transaction.atomic():
        papers.forget(paper, make_repair.CITIZEN)
        raise RuntimeError
    assert papers.open_bytes(Paper.objects.get()) == A_PDF
    connection.run_on_commit.clear()
    papers.forget(paper, make_repair.CITIZEN)
    assert len(files()) == 1
    until_committed()
    assert files() == []


def test_what_no_row_names_is_swept_once_it_is_old() -> None:
    [kept] = take(draft(), sent())
    [lost] = take(draft("+821099990003"), photo())
    lost.draft.delete()  # its rows go along, its files do not
    half = paper_store.folder() / "ab" / f"{uuid.uuid4()}.{uuid.uuid4().hex}.part"
    half.parent.mkdir(exist_ok=True)
    half.write_bytes(b"half")
    tasks.forget()
    assert len(files()) == 3  # young: somebody may be about to commit
    for path in files():
        old = time.time() - paper_store.GRACE - 60
        os.utime(path, (old, old))
    tasks.forget()
    assert [path.name for path in files()] == [str(kept.pk)]


def test_resealed_with_the_new_key(settings) -> None:
    old, new = (f"{name}:{base64.b64encode(name.encode() * 32).decode()}" for name in "on")
    settings.DATA_KEYS = old
    [paper] = take(draft(), sent())
    settings.DATA_KEYS = f"{new},{old}"
    take(draft("+821099990004"), photo())
    out = StringIO()
    call_command("reseal", stdout=out)
    assert "reseal_files: 1" in out.getvalue()
    settings.DATA_KEYS = new
    assert papers.open_bytes(Paper.objects.get(pk=paper.pk)) == A_PDF
    assert papers.reseal_files() == 0


class AForm(forms.Form):
    papers = PapersField(label="서류", required=False)


def filled(*chosen: SimpleUploadedFile) -> AForm:
    return AForm({}, MultiValueDict({"papers": list(chosen)}))


def test_a_form_takes_several_and_says_what_is_wrong_with_which() -> None:
    form = filled(photo(name="1.png"), sent(b"text", "글.txt"), sent(b"", "빈.pdf"), sent())
    assert not form.is_valid()
    assert [e.split(":")[0] for e in form.errors["papers"]] == ["‘글.txt’", "‘빈.pdf’"]
    form = filled(photo(name="1.png"), sent())
    assert form.is_valid()
    taken = take(draft(), *form.cleaned_data["papers"])
    assert [paper.name for paper in taken] == ["1.png", "서류.pdf"]
    assert filled().is_valid()
    assert "한 번에 5개" in filled(*(sent() for _ in range(6))).errors["papers"][0]
    html = str(AForm()["papers"])
    assert "multiple" in html
    assert "accept=" in html


def test_one_that_is_needed_says_so() -> None:
    class Needed(forms.Form):
        papers = PapersField(label="서류")

    assert Needed({}, MultiValueDict()).errors["papers"] == ["사진이나 서류를 골라 주세요."]


def test_a_form_decodes_once_and_the_deed_takes_what_it_found() -> None:
    file = photo()
    form = filled(file)
    assert form.is_valid()
    assert papers.look_at(file) is papers.look_at(file)
