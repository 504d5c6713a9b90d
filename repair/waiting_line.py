"""예산 대기: who waits for money, in the order of filing.

The money that is left goes to the first in line for whom it is enough. Whoever needs more than is left (an organisation
with several devices) is passed over, keeps their place, and comes first as soon as there is enough: else one of them
would keep from all behind what they cannot have themselves. Who was passed over is written down with the selection.
"""

import uuid
from typing import Any

from django.db import transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from .actors import Actor
from .history import locked, write
from .models import Case, Device, Programme, Rule, Step
from .notices import notify
from .states import NotPossible, State

Deed = Step.Deed
#: Of those who were passed over, in the words of a step.
MOST_NAMED = 10


def first_in_line(case: Case, rule: Rule, left_won: int) -> Case | None:
    """Somebody else who waits for money, filed before, and for whom what is left is enough: they come first."""
    if left_won < rule.cap_won:
        return None
    enough = Q(kind=Case.Kind.HOUSEHOLD) | Q(computers__lte=left_won // rule.cap_won)
    return _before(case).filter(enough).first()


def passed_over(case: Case, rule: Rule, left_won: int) -> list[str]:
    """Numbers of those who filed before and for whom what is left is not enough, though it is for this one."""
    too_many = Q(kind=Case.Kind.ORGANISATION, computers__gt=left_won // rule.cap_won)
    return list(_before(case).filter(too_many).values_list("number", flat=True)[:MOST_NAMED])


def _before(case: Case) -> QuerySet[Any]:
    """Who else waits and filed earlier, with `computers`; the earliest first."""
    waiting = Case.objects.filter(
        programme=case.programme_id, state=State.WAITING, filed_at__lt=case.filed_at
    )
    of_each = Device.objects.filter(case=OuterRef("pk")).order_by().values("case")
    counted = Subquery(of_each.annotate(number=Count("pk")).values("number"))
    return waiting.exclude(pk=case.pk).annotate(computers=counted).order_by("filed_at")


@transaction.atomic
def put_in_order(pk: uuid.UUID, by: Actor) -> Case:
    """예산 대기: where the year says that applicants wait when money is spent."""
    case = locked(pk, by, "programme")
    if case.programme.when_spent != Programme.WhenSpent.WAIT:
        raise NotPossible("올해는 예산이 다하면 접수를 마칩니다. 기다리게 하지 않고 지원 불가로 올려 주세요.")
    step = write(case, Deed.PUT_IN_ORDER, by, after=State.WAITING)
    notify(case, "repair_waiting", step.pk)
    return case
