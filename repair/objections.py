"""이의신청: an applicant objects to a refusal, and somebody who had no part in it judges. As workflow.py's deeds."""

import uuid
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from .actors import Actor
from .history import locked, write
from .models import Case, Step
from .notices import notify
from .states import NotPossible, State, check_deed

Deed = Step.Deed
#: Within 60 days of being told (민원 처리에 관한 법률 제35조 제1항).
OBJECTION_DAYS = 60
#: An objection is decided within 10 days (제35조 제2항). All days are counted: whichever days the law means, that is in
#: time.
DECIDED_WITHIN = timedelta(days=10)


def may_object_until(case: Case) -> date | None:
    """The last day for an objection to a refusal; None if it was not refused."""
    if case.state != State.REFUSED:
        return None
    refused = case.steps.filter(deed__in=[Deed.REFUSED, Deed.UPHELD]).last()
    return None if refused is None else timezone.localdate(refused.at) + timedelta(days=OBJECTION_DAYS)


@transaction.atomic
def object_to(pk: uuid.UUID, by: Actor, why: str) -> Case:
    """이의신청, within 60 days and once. The household claims its year again."""
    case = locked(pk, by)
    check_deed(Deed.OBJECTED, case.state)
    until = may_object_until(case)
    if until is not None and timezone.localdate() > until:
        raise NotPossible(
            f"이의신청은 {until.month}월 {until.day}일까지 하실 수 있었습니다. 아래 번호로 물어봐 주세요."
        )
    if case.steps.filter(deed=Deed.OBJECTED).exists():
        raise NotPossible("이의신청은 한 번 하실 수 있습니다. 더 다투실 방법은 아래 번호로 물어봐 주세요.")
    if case.rule.once_a_year and not case.is_organisation and not case.household_exception:
        case.household_claim = case.household_index
    case.due_on = timezone.localdate() + DECIDED_WITHIN
    try:
        with transaction.atomic():
            write(case, Deed.OBJECTED, by, why, after=State.OBJECTED, fields=["household_claim", "due_on"])
    except IntegrityError as error:
        if "one_live_case" not in str(error):
            raise
        raise NotPossible(
            "그 사이에 같은 가구의 다른 신청이 접수되었습니다. 아래 번호로 전화해 주세요."
        ) from None
    return case


@transaction.atomic
def reopen(pk: uuid.UUID, by: Actor, why: str) -> Case:
    """이의를 받아들임: the office looks again."""
    case = locked(pk, by)
    case.due_on = None
    step = write(case, Deed.REOPENED, by, why, after=State.RECEIVED, fields=["due_on"])
    notify(case, "repair_reopened", step.pk)
    return case


@transaction.atomic
def uphold(pk: uuid.UUID, by: Actor, why: str) -> Case:
    """이의를 받아들이지 않음, by somebody who neither proposed nor decided the refusal (as the database holds too)."""
    case = locked(pk, by)
    check_deed(Deed.UPHELD, case.state)
    before = case.steps.filter(deed__in=[Deed.PROPOSED_REFUSAL, Deed.REFUSED])
    if by.user and before.filter(by=by.user).exists():
        raise NotPossible("불가를 올리거나 정한 사람은 이의를 판단할 수 없습니다. 다른 담당자가 정해 주세요.")
    case.due_on = None
    step = write(case, Deed.UPHELD, by, why, after=State.REFUSED, fields=["due_on"])
    notify(case, "repair_upheld", step.pk)
    return case
