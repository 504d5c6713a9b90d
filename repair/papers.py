"""서류와 사진: files of a draft or a case are taken in, opened and forgotten here and nowhere else.

Who sends one never waits for the scanner (paper_scanning.py); who opens one is asked first (views/paper.py).
"""

import hashlib
import logging
import uuid
from collections.abc import Iterable, Sequence
from typing import cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from people import queue
from people.models import User
from privacy.access import Action, record

from . import paper_store
from .actors import Actor, contractor_of
from .history import locked
from .models import Case, Draft, Paper
from .paper_content import JPEG, NotAPaper
from .paper_decoding import kept_of

__all__ = ["NotAPaper", "forget", "open_bytes", "take_in"]

log = logging.getLogger(__name__)

Kind, Scan = Paper.Kind, Paper.Scan
#: What the technician takes pictures of. Counted apart: a household's many papers never keep proof of the work out.
OF_THE_WORK = (Kind.BEFORE, Kind.AFTER)
MOST_OF_THE_WORK = 40
#: What a technician sees of a case. Certificates are the office's.
PHOTOS = (Kind.TROUBLE, *OF_THE_WORK)
ONLY_PHOTOS = "이곳에는 사진(JPG, PNG, WEBP, GIF)만 보내실 수 있습니다."
#: Letters of a file's name.
NAME = 100


class NoBytes(Exception):
    """There is nothing to open: it was infected and destroyed."""


def look_at(file: UploadedFile, *, photo: bool = False) -> tuple[bytes, str]:
    """(what is kept of it, its content type). NotAPaper; `photo`: a PDF is none either.

    Once a file: the form looks, then the deed takes it in.
    """
    looked: tuple[bytes, str] | None = getattr(file, "looked_at", None)
    if looked is None:
        looked = file.looked_at = _looked_at(file)  # type: ignore[attr-defined]
    if photo and looked[1] != JPEG:
        raise NotAPaper(f"‘{shown_name(file.name or '')}’: {ONLY_PHOTOS}")
    return looked


def _looked_at(file: UploadedFile) -> tuple[bytes, str]:
    name = shown_name(file.name or "")
    if not file.size:
        raise NotAPaper(f"‘{name}’: 빈 파일입니다. 사진이나 서류를 다시 골라 주세요.")
    if file.size > settings.PAPER_MAX_BYTES:
        megabytes = settings.PAPER_MAX_BYTES // 1024**2
        raise NotAPaper(f"‘{name}’: 파일이 {megabytes}MB보다 큽니다. 더 작은 사진이나 서류를 보내 주세요.")
    file.seek(0)
    try:
        return kept_of(file.read())
    except NotAPaper as error:
        raise NotAPaper(f"‘{name}’: {error}") from error


def shown_name(name: str) -> str:
    """As it was called, without what could make it look like something else (control and direction marks)."""
    plain = "".join(letter for letter in name.replace("\\", "/").rpartition("/")[2] if letter.isprintable())
    return plain.strip()[:NAME] or "이름 없는 파일"


def take_in(
    files: Sequence[UploadedFile],
    kind: str,
    *,
    case: Case | None = None,
    draft: Draft | None = None,
    by: Actor,
) -> list[Paper]:
    """The papers of a case or a draft, all or none. NotAPaper. Whose it is the caller has asked.

    A file that is there already is not kept twice: a telephone that lost the answer sends again.
    """
    if len(files) > settings.PAPERS_AT_ONCE:
        raise NotAPaper(f"한 번에 {settings.PAPERS_AT_ONCE}개까지 보내실 수 있습니다. 나누어 보내 주세요.")
    looked = [
        (shown_name(file.name or ""), *look_at(file, photo=kind in PHOTOS)) for file in files
    ]  # slow: before any lock
    if not looked:
        return []
    of = case or draft
    if of is None:
        raise ValueError("a paper is of a case or of a draft")
    with transaction.atomic():
        there = _locked(of, by)
        old = {(paper.kind, paper.sha256): paper for paper in there}
        papers, new = [], 0
        for name, data, content_type in looked:
            sha256 = hashlib.sha256(data).hexdigest()
            paper = old.get((kind, sha256))
            if paper is None:
                new += 1
                paper = old[kind, sha256] = Paper(
                    case=case,
                    draft=draft,
                    kind=kind,
                    name=name,
                    content_type=content_type,
                    size=len(data),
                    sha256=sha256,
                    by=by.user,
                )
                _refuse_too_many(old.values(), kind)
                # The file first: a row always has one, and a file that no row names is swept.
                paper.file = paper_store.write(paper.pk, data)
                paper.save(force_insert=True)
            if paper not in papers:
                papers.append(paper)
        if new:
            _record(Action.CREATE, of, f"{Kind(kind).label} {new}개 받음", by)
            transaction.on_commit(wake)
    return papers


def _locked(of: Case | Draft, by: Actor) -> list[Paper]:
    """What is there already, the case or draft locked so that the count holds. Case.DoesNotExist as history.locked."""
    if isinstance(of, Case):
        locked(of.pk, by)
        return list(of.papers.all())
    rows = Draft.objects.select_for_update(of=("self",)).filter(pk=of.pk)
    if not rows.values_list("pk", flat=True):
        raise NotAPaper("이 신청서는 이미 접수되었거나 지워졌습니다. ‘내 신청’에서 확인해 주세요.")
    return list(of.papers.all())


def _refuse_too_many(papers: Iterable[Paper], kind: str) -> None:
    of_the_work = kind in OF_THE_WORK
    most = MOST_OF_THE_WORK if of_the_work else settings.PAPERS_MOST
    if sum((paper.kind in OF_THE_WORK) == of_the_work for paper in papers) > most:
        raise NotAPaper(f"모두 {most}개까지 보내실 수 있습니다. 더 보내실 것은 담당자에게 물어봐 주세요.")


def wake() -> None:
    """Scans now rather than at the next turn; if nobody hears it, beat asks again."""
    queue.tell("repair.tasks.scan_papers", [], "routine")


def forget(paper: Paper, by: Actor) -> None:
    """The row, and after the commit the file. A second time does nothing."""
    with transaction.atomic():
        found = Paper.objects.select_for_update(of=("self",)).filter(pk=paper.pk).first()
        if found is None:
            return
        _record(Action.DELETE, subject_of(found), f"{found.get_kind_display()} 지움", by)
        name = found.file
        found.delete()
        transaction.on_commit(lambda: paper_store.remove(name))


def subject_of(paper: Paper) -> Case | Draft:
    """Whose it is, for the access record; the database knows that it is of one of the two."""
    return cast(Case | Draft, paper.case or paper.draft)


def said_of(of: Case | Draft) -> str:
    return of.number if isinstance(of, Case) else "작성 중"


def _record(action: str, of: Case | Draft, words: str, by: Actor) -> None:
    who = by.user.get_username() if by.user and by.request is None else None
    record(by.request, action, [of], f"무상수리 {said_of(of)}: {words}", who=who)


def for_staff(user: User) -> QuerySet[Paper]:
    """What this member of staff may open: an office its cases', a technician photos of their open visits."""
    mine = Q(case__in=Case.objects.for_office(user))
    if contractor_of(user) is not None:
        mine |= Q(case__in=Case.objects.for_user(user), kind__in=PHOTOS)
    return Paper.objects.filter(mine)


def for_phone(phone_index: str) -> QuerySet[Paper]:
    """What whoever showed that this phone is theirs may open: of their cases and their draft."""
    if not phone_index:
        return Paper.objects.none()
    return Paper.objects.filter(
        Q(case__in=Case.objects.for_phone(phone_index)) | Q(draft__phone_index=phone_index)
    )


def is_open_to_staff(paper: Paper) -> bool:
    return paper.scan == Scan.CLEAN


def is_open_to_citizen(paper: Paper) -> bool:
    """A picture that was encoded anew holds nothing but a picture; a PDF waits for the scanner."""
    return paper.scan == Scan.CLEAN or (paper.scan == Scan.WAITING and paper.content_type == JPEG)


def open_bytes(paper: Paper) -> bytes:
    """What was kept. NoBytes if it was destroyed; FileNotFoundError, SealBroken if the disk lost or changed it.

    Whether they may see it, and the access record, are the caller's.
    """
    if paper.scan == Scan.INFECTED or not paper.file:
        raise NoBytes(str(paper.pk))
    return paper_store.read(paper.pk, paper.file)


def destroy(pk: uuid.UUID, found: str) -> None:
    """An infected file: its bytes go, the row stays and says so."""
    with transaction.atomic():
        paper = Paper.objects.select_for_update(of=("self",)).filter(pk=pk, scan=Scan.WAITING).first()
        if paper is None:
            return
        name, paper.file = paper.file, ""
        paper.scan, paper.found, paper.scanned_at = Scan.INFECTED, found, timezone.now()
        paper.save(update_fields=["scan", "found", "scanned_at", "file"])
        record(None, Action.DELETE, [subject_of(paper)], f"무상수리: 위험한 파일을 없앰 ({found})")
        transaction.on_commit(lambda: paper_store.remove(name))


def sweep() -> int:
    """Deletes files that no row names: of drafts that are gone, of somebody who died on the way. Returns how many."""
    names = list(paper_store.old_names())
    named = set(Paper.objects.exclude(file="").values_list("file", flat=True))
    lost = [name for name in names if name not in named]
    for name in lost:
        paper_store.remove(name)
    return len(lost)


def reseal_files() -> int:
    """Seals files again that another key than the first sealed (manage.py reseal). Returns how many. A row whose file
    is not there (a backup of rows alone) is said in the log, and passed over."""
    moved = 0
    for pk in list(Paper.objects.exclude(file="").values_list("pk", flat=True)):
        with transaction.atomic():
            paper = Paper.objects.select_for_update(of=("self",)).exclude(file="").filter(pk=pk).first()
            try:
                if paper is not None and paper_store.is_old(paper.file):
                    paper_store.write(pk, paper_store.read(pk, paper.file))
                    moved += 1
            except FileNotFoundError:
                log.warning("paper %s has no file", pk)
    return moved
