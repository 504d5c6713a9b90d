"""What happens to a request (요구): asked, postponed, answered, withdrawn. Each deed whole or not at all."""

import uuid
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from . import clocks, erasing
from . import personal_data as held
from .access import Action, record
from .destruction import time_is_over
from .doors import is_own
from .holdings import Person
from .keys import blind_index
from .models import Request, RequestStep
from .refusal_grounds import GROUNDS
from .telling import tell

Deed, State, Kind = RequestStep.Deed, Request.State, Request.Kind


class NotPossible(ValueError):
    """Its text says in Korean why not."""


@transaction.atomic
def ask(request: HttpRequest, person: Person, kind: str, words: str, once: uuid.UUID) -> Request:
    """A new one, or the one that this form made before: of the same person, whatever somebody else sends."""
    today = timezone.localdate()
    once = uuid.UUID(blind_index("request once", f"{person.index} {once}")[:32])
    asked, new = Request.objects.get_or_create(
        once=once,
        defaults={
            "kind": kind,
            "phone": person.number,
            "name_code": person.name,
            "words": words,
            "due_on": clocks.last_day(today),
        },
    )
    if new:
        _step(asked, Deed.ASKED, None)
        record(request, Action.CREATE, [asked], f"정보주체의 요구: {asked.get_kind_display()}")
        _say(asked, "privacy_asked")
    return asked


@transaction.atomic
def withdraw(request: HttpRequest, pk: uuid.UUID) -> Request:
    asked = _open(pk)
    asked.state = State.WITHDRAWN
    asked.save(update_fields=["state"])
    _step(asked, Deed.WITHDREW, None)
    record(request, Action.CHANGE, [asked], "정보주체의 요구: 거둠")
    return asked


@transaction.atomic
def postpone(request: HttpRequest, pk: uuid.UUID, why: str, until: date) -> Request:
    """Only a copy may come later, for a reason that the person is told (법 제35조 제3항); once, ten days at most."""
    asked = _open(pk, request)
    if asked.kind != Kind.COPY:
        raise NotPossible("열람만 까닭을 알리고 늦출 수 있습니다. 나머지는 기한 안에 답해 주세요.")
    if asked.postponed:
        raise NotPossible("이미 한 번 늦춘 요구입니다. 더 늦출 수 없습니다.")
    if timezone.localdate() > asked.due_on:
        raise NotPossible("기한이 지난 요구는 늦출 수 없습니다. 지금 답해 주세요.")
    if not asked.due_on < until <= clocks.last_day(asked.due_on):
        raise NotPossible(
            f"{asked.due_on:%Y-%m-%d} 다음 날부터 {clocks.last_day(asked.due_on):%Y-%m-%d} 사이로 정해 주세요."
        )
    asked.postponed, asked.due_on = why, until
    asked.save(update_fields=["postponed", "due_on"])
    _step(asked, Deed.POSTPONED, request.user)
    record(request, Action.CHANGE, [asked], "정보주체의 요구: 기한을 늦춤")
    _say(asked, "privacy_postponed")
    return asked


@transaction.atomic
def grant(request: HttpRequest, pk: uuid.UUID, answer: str) -> Request:
    """To be erased is not done by saying so: a plan goes to a second person, and the clock runs until it is done."""
    asked = _open(pk, request)
    if asked.kind != Kind.ERASE:
        return _answer(request, asked, State.GRANTED, answer, "")
    person = Person(asked.phone, asked.phone_index, asked.name_code)
    asked.plan = erasing.propose(
        request, person, f"정보주체의 삭제 요구 ({timezone.localdate(asked.asked_at)})"
    )
    asked.state, asked.answer = State.ERASING, answer
    asked.save(update_fields=["plan", "state", "answer"])
    _step(asked, Deed.GRANTED, request.user)
    record(request, Action.CHANGE, [asked], "정보주체의 요구: 지우기로 함")
    _say(asked, "privacy_erasing")
    return asked


@transaction.atomic
def refuse(request: HttpRequest, pk: uuid.UUID, ground: str, answer: str) -> Request:
    """`ground`: of refusal_grounds.GROUNDS, one that the law knows for this kind."""
    kind = Request.objects.values_list("kind", flat=True).get(pk=pk)
    if ground not in GROUNDS or kind not in GROUNDS[ground].kinds:
        raise NotPossible("이 요구를 거절할 수 있는 사유가 아닙니다. 목록에서 골라 주세요.")
    return _answer(request, _open(pk, request), State.REFUSED, answer, ground)


def forget_answered() -> int:
    """What was asked, once it is as long ago as personal_data.py promises: whole years after the one of the answer.
    Returns how many."""
    first_kept = timezone.make_aware(datetime(timezone.localdate().year - held.KEPT_YEARS, 1, 1))
    ended = Q(answered_at__lt=first_kept) | Q(state=State.WITHDRAWN, asked_at__lt=first_kept)
    with transaction.atomic():
        rows = list(Request.objects.select_for_update(of=("self",)).filter(ended).exclude(phone_index=""))
        time_is_over(rows, "개인정보에 대한 요구", f"{held.KEPT}이 지남")
        for row in rows:
            held.erase_request(row)
    return len(rows)


def _answer(request: HttpRequest, asked: Request, state: str, answer: str, ground: str) -> Request:
    asked.state, asked.answer, asked.ground, asked.answered_at = state, answer, ground, timezone.now()
    asked.save(update_fields=["state", "answer", "ground", "answered_at"])
    _step(asked, Deed(state), request.user)
    record(request, Action.CHANGE, [asked], f"정보주체의 요구: {asked.get_state_display()}")
    _say(asked, "privacy_answered")
    return asked


def _open(pk: uuid.UUID, officer: HttpRequest | None = None) -> Request:
    """`officer`: who answers it."""
    asked = Request.objects.select_for_update(of=("self",)).get(pk=pk)
    if asked.state != State.OPEN:
        raise NotPossible("이미 끝난 요구입니다.")
    if officer and is_own(officer, asked.phone_index):
        raise NotPossible("본인의 요구입니다. 다른 개인정보 담당이 답해야 합니다.")
    return asked


def _step(asked: Request, deed: str, by: Any) -> None:
    RequestStep.objects.create(request=asked, deed=deed, by=by, due_on=asked.due_on)


def _say(asked: Request, template: str) -> None:
    context = {"kind": asked.get_kind_display(), "due_on": asked.due_on}
    # One that was to be erased, and was not after all, is answered again.
    tell(asked.phone, template, context, f"{template}:{asked.pk}:{asked.steps.count()}")
