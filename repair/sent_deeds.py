"""A technician's deeds as they come from a page or, perhaps hours later, from a phone that was in a dead spot.

Each carries an id that the page or the phone made: however often it comes, it happens once, and whoever sends it again
hears the first answer. What is refused stops nothing that follows; whatever rests on it (an answer to a sum, a
confirmed total) says so itself, because it names what the screen showed.
"""

import math
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from privacy.one_query import Rows, read

from . import papers, visits
from .actors import Actor
from .history import locked
from .models import PriceItem, SentDeed, Visit
from .states import NotPossible
from .visit_forms import (
    AnswerForm,
    BreakOffForm,
    DeedForm,
    DiagnosisForm,
    FinishForm,
    GiveBackForm,
    LineForm,
    PhotosForm,
    PlanForm,
    RemoveForm,
)

#: What a phone kept longer is taken as of then.
OLDEST = timedelta(days=3)
#: In one request.
MOST_DEEDS, MOST_LETTERS = 50, 2000
ENDED = "이 방문은 끝났습니다. 신청을 거두었거나 다른 곳에서 끝낸 것이니, 시청에 전화로 알려 주세요."
TAKEN_ID = "보낸 일의 번호가 겹칩니다. 화면을 새로 고친 뒤 다시 적어 주세요."
UNKNOWN = "알 수 없는 일입니다. 화면을 새로 고친 뒤 다시 적어 주세요."


class Unreadable(ValueError):
    """What was sent is no list of deeds; its text says so in Korean."""


@dataclass(frozen=True)
class Sent:
    """`ago`: seconds between the deed and its sending, both by the same clock, right or wrong as it may be."""

    id: uuid.UUID
    deed: str
    body: Mapping[str, Any]
    ago: float = 0
    files: MultiValueDict[str, UploadedFile] = field(default_factory=MultiValueDict)


@dataclass(frozen=True)
class Answer:
    """`status`: done | again (it was done before) | refused (`words` say why and what to do)."""

    id: uuid.UUID
    status: str
    words: str = ""


Deed = Callable[[uuid.UUID, Actor, Sent, Any, datetime], object]
#: Name → its form, and what it does with (visit's id, who, what was sent, the checked form, when it was done).
DEEDS: dict[str, tuple[type[DeedForm], Deed]] = {
    "plan": (PlanForm, lambda pk, by, _, form, at: visits.plan(pk, by, form.cleaned_data["planned_at"])),
    "give_back": (
        GiveBackForm,
        lambda pk, by, _, form, at: visits.give_back(pk, by, form.cleaned_data["why"]),
    ),
    "arrive": (DeedForm, lambda pk, by, _, form, at: visits.arrive(pk, by, at)),
    "diagnose": (
        DiagnosisForm,
        lambda pk, by, _, form, at: visits.diagnose(pk, by, form.cleaned_data["words"]),
    ),
    "add_line": (
        LineForm,
        lambda pk, by, sent, form, at: visits.add_line(
            pk,
            by,
            uuid.UUID(form.cleaned_data["device"]),
            form.cleaned_data["item"],
            form.cleaned_data["count"],
            line_id=sent.id,
        ),
    ),
    "remove_line": (
        RemoveForm,
        lambda pk, by, _, form, at: visits.remove_line(pk, by, form.cleaned_data["line"]),
    ),
    "photos": (
        PhotosForm,
        lambda pk, by, _, form, at: visits.add_photos(
            pk, by, form.cleaned_data["photos"], form.cleaned_data["kind"]
        ),
    ),
    "ask": (DeedForm, lambda pk, by, _, form, at: visits.ask_consent(pk, by)),
    "answer": (
        AnswerForm,
        lambda pk, by, _, form, at: visits.answer_consent(pk, by, **form.cleaned_data),
    ),
    "break_off": (BreakOffForm, lambda pk, by, _, form, at: visits.break_off(pk, by, form.why())),
    "finish": (
        FinishForm,
        lambda pk, by, _, form, at: visits.finish(
            pk,
            by,
            form.outcomes(),
            form.cleaned_data["name"],
            at,
            total_won=form.cleaned_data["total_won"],
        ),
    ),
}


def form_of(deed: str, visit: Visit, *args: Any, listed: list[PriceItem] | None = None, **kwargs: Any) -> Any:
    """The form of a deed of DEEDS, for this visit. `listed`: its `prices`, if they are known."""
    form = DEEDS[deed][0]
    if form in (LineForm, FinishForm):
        kwargs["devices"] = list(visit.case.devices.all())
    if form is LineForm:
        kwargs["prices"] = prices(visit) if listed is None else listed
    return form(*args, visit=visit, **kwargs)


#: Of PriceItem: the live prices of the year of a case (whose id is the parameter).
LISTED = '"is_active" AND "programme_id" = (SELECT programme_id FROM repair_case WHERE id = %s)'


def prices(visit: Visit) -> list[PriceItem]:
    return read(Rows(PriceItem, LISTED, [visit.case_id]))[0]


def done_at(visit: Visit, ago: float, now: datetime) -> datetime:
    """Not in the future, not before the visit was taken, not longer than OLDEST ago."""
    seconds = min(max(ago, 0), OLDEST.total_seconds()) if math.isfinite(ago) else 0
    return max(now - timedelta(seconds=seconds), visit.taken_at)


def apply(visit: Visit, by: Actor, deeds: Iterable[Sent]) -> list[Answer]:
    """One after the other, each whole or not at all. `visit`: theirs, open or ended."""
    answers = []
    for sent in deeds:
        form = form_of(sent.deed, visit, sent.body, sent.files) if sent.deed in DEEDS else None
        answers.append(once(visit, by, sent, form))
    return answers


def once(visit: Visit, by: Actor, sent: Sent, form: Any) -> Answer:
    """Does what was sent, unless it was answered before. `form`: bound; None for a deed that nobody knows."""
    if by.user is None:
        raise ValueError("a technician has an account")
    trouble = UNKNOWN if form is None else _mistakes(form)
    try:
        with transaction.atomic():
            locked(visit.case_id)
            if kept := SentDeed.objects.filter(pk=sent.id).first():
                return _answered_before(kept, visit, by)
            at = done_at(visit, sent.ago, timezone.now())
            trouble = trouble or _do(visit, by, sent, form, at)
            SentDeed.objects.create(
                pk=sent.id,
                by=by.user,
                visit=visit,
                deed=sent.deed if form is not None else "unknown",
                done_at=at,
                trouble=trouble[:300],
            )
    except IntegrityError as error:
        if "sentdeed" not in str(error):
            raise
        return Answer(sent.id, "refused", TAKEN_ID)
    return Answer(sent.id, "refused" if trouble else "done", trouble)


def _answered_before(kept: SentDeed, visit: Visit, by: Actor) -> Answer:
    if kept.visit_id != visit.pk or kept.by != by.user:
        return Answer(kept.pk, "refused", TAKEN_ID)
    return Answer(kept.pk, "refused" if kept.trouble else "again", kept.trouble)


def _do(visit: Visit, by: Actor, sent: Sent, form: Any, at: datetime) -> str:
    """Why it was refused, or "". Refused, it leaves nothing behind."""
    try:
        with transaction.atomic():
            DEEDS[sent.deed][1](visit.pk, by, sent, form, at)
    except Visit.DoesNotExist:
        return ENDED
    except (NotPossible, papers.NotAPaper) as error:
        return str(error)
    return ""


def _mistakes(form: Any) -> str:
    """All that is wrong with it, in one line."""
    return "" if form.is_valid() else " ".join(str(error) for each in form.errors.values() for error in each)


def parsed(data: object) -> list[Sent]:
    """Of {"deeds": [{"id", "deed", "ago", "body": {name: text}}]}. Unreadable if it is anything else."""
    rows = data.get("deeds") if isinstance(data, dict) else None
    if not isinstance(rows, list) or len(rows) > MOST_DEEDS:
        raise Unreadable(f"한 번에 {MOST_DEEDS}건까지, 정해진 꼴로 보내 주세요.")
    return [_one(row) for row in rows]


def _one(row: object) -> Sent:
    fields = row if isinstance(row, dict) else {}
    key, deed, body, ago = (fields.get(name) for name in ("id", "deed", "body", "ago"))
    if (
        isinstance(key, str)
        and isinstance(deed, str)
        and isinstance(body, dict)
        and isinstance(ago, int | float)
        and not isinstance(ago, bool)
        and all(_is_text(value) for value in body.values())
    ):
        try:
            return Sent(uuid.UUID(key), deed, body, float(ago))
        except (ValueError, OverflowError):
            pass
    raise Unreadable("보낸 것을 읽지 못했습니다. 화면을 새로 고친 뒤 다시 보내 주세요.")


def _is_text(value: object) -> bool:
    """JSON also knows halves of a sign, which nothing can keep."""
    if not isinstance(value, str) or len(value) > MOST_LETTERS:
        return False
    return not any("\ud800" <= letter <= "\udfff" for letter in value)
