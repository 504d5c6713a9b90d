"""신청서 쓰기: what a citizen has typed so far, theirs by the code to their phone, on whatever device.

Kept as typed, whether it is right or not: nobody loses a sentence because another field was wrong. Whether it is right
is asked when a step is left and again when it is filed, by the rule in force then (apply_steps.py).
"""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from people.by_phone import Phone
from privacy.access import Action, record
from privacy.destruction import time_is_over
from privacy.one_query import Rows, read

from . import papers
from .actors import SYSTEM, Actor
from .models import OF_PHONE, Case, Draft, Paper

#: Step → field → what was typed.
Answers = dict[str, dict[str, str]]
#: Letters of one field; longer than anything a form takes, short enough that nobody stores a book.
LETTERS = 2000
#: A draft that nobody has touched for so long goes, with its files. The start page says so.
KEPT_DAYS = 30


def of(phone: Phone) -> Draft | None:
    return Draft.objects.filter(phone_index=phone.index).first()


def begun(phone: Phone) -> tuple[Draft | None, bool]:
    """(what they typed so far, whether they have filed before). One query."""
    drafts, filed = read(
        Rows(Draft, "phone_index = %s", [phone.index]),
        Rows(Case, OF_PHONE, [phone.index, phone.index], ("number",), most=1),
    )
    return next(iter(drafts), None), bool(filed)


def answers_of(draft: Draft | None) -> Answers:
    return json.loads(draft.answers) if draft else {}


@transaction.atomic
def save(phone: Phone, step: str, typed: Mapping[str, str], by: Actor) -> Draft:
    """The draft, with what was typed at one step in place of what stood there."""
    draft, _ = Draft.objects.select_for_update(of=("self",)).get_or_create(phone_index=phone.index)
    answers = answers_of(draft)
    answers[step] = {name: value[:LETTERS] for name, value in typed.items()}
    draft.answers = json.dumps(answers, ensure_ascii=False)
    draft.save(update_fields=["answers", "saved_at"])
    record(by.request, Action.CHANGE, [draft], f"무상수리 신청서 쓰기: {step}")
    return draft


def wipe(phone: Phone, by: Actor) -> None:
    """지우고 새로 쓰기: the draft and its files are gone."""
    _forget(phone.index, by, "신청서 지우기")


def forget_old() -> int:
    """Deletes drafts that were left alone for KEPT_DAYS. Returns how many."""
    before = timezone.now() - timedelta(days=KEPT_DAYS)
    left = Draft.objects.filter(saved_at__lt=before).values_list("phone_index", flat=True)
    return sum(_forget(index, SYSTEM, "오래된 신청서 지우기", before) for index in list(left))


@transaction.atomic
def _forget(index: str, by: Actor, words: str, saved_before: datetime | None = None) -> bool:
    drafts = Draft.objects.select_for_update(of=("self",)).filter(phone_index=index)
    draft = (drafts.filter(saved_at__lt=saved_before) if saved_before else drafts).first()
    if draft is None:
        return False
    for paper in draft.papers.all():
        papers.forget(paper, by)
    if saved_before:
        time_is_over([draft], "쓰다 만 무상수리 신청서", f"{KEPT_DAYS}일이 지남")
    else:
        record(by.request, Action.DELETE, [draft], f"무상수리 {words}")
    draft.delete()
    return True


def paper(phone: Phone, pk: uuid.UUID) -> Paper:
    """One of their draft's files. Paper.DoesNotExist."""
    return Paper.objects.get(pk=pk, draft__phone_index=phone.index)
