"""기한을 멈춤: days that do not count while a visit is owed. As workflow.py's deeds."""

import uuid

from django.db import transaction
from django.utils import timezone

from . import deadlines
from .actors import Actor
from .history import locked, write
from .models import Case, Pause, Step
from .states import NotPossible, State

Deed = Step.Deed


@transaction.atomic
def pause(pk: uuid.UUID, by: Actor, why: str) -> Case:
    """기한을 멈춤: from today on no day counts. Only while somebody must come, or come again, and with a reason."""
    case = locked(pk, by)
    if case.state != State.SELECTED:
        raise NotPossible("방문을 기다리는 동안에만 기한을 멈출 수 있습니다.")
    if case.pauses.filter(until_on=None).exists():
        raise NotPossible("이미 멈춰 있습니다.")
    Pause.objects.create(case=case, from_on=timezone.localdate(), why=why, by=by.user)
    write(case, Deed.PAUSED, by, why)
    return case


@transaction.atomic
def resume(pk: uuid.UUID, by: Actor) -> Case:
    """기한을 다시 셈, from today on."""
    case = locked(pk, by)
    if not deadlines.count_again(case, timezone.localdate(), "멈췄다가 다시 셈"):
        raise NotPossible("멈춘 기한이 없습니다.")
    write(case, Deed.RESUMED, by)
    return case
