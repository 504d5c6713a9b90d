"""Locking a visiting class and its requests, moving them and writing down what happened: what every deed does, once.

Always the class first and then its requests by their key, so that no two deeds wait for each other.
"""

import uuid
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils import timezone

from privacy.access import Action, record

from .actors import SYSTEM, Actor
from .booking_states import NotPossible
from .models import VisitClass, VisitRequest, VisitStep
from .visit_states import CLASS_TRANSITIONS, REQUEST_TRANSITIONS, ClassState, Deed, RequestState

if TYPE_CHECKING:
    from .actors import SignedIn

__all__ = ["SYSTEM", "group", "instructor", "locked_class", "locked_request", "locked_requests", "write"]

NOT_NOW = "‘{}’ 상태에서는 할 수 없는 일입니다. 화면을 새로 고쳐 지금 상태를 확인해 주세요."
#: Nothing happens any more to requests that stand there.
ENDED = frozenset(state for state, to in REQUEST_TRANSITIONS.items() if not to)


def group(request: HttpRequest | None) -> Actor:
    """Whoever asked for the visit."""
    return Actor(VisitStep.Who.GROUP, None, request)


def instructor(request: "SignedIn") -> Actor:
    return Actor(VisitStep.Who.INSTRUCTOR, request.user, request)


def locked_class(pk: uuid.UUID | str) -> VisitClass:
    """VisitClass.DoesNotExist."""
    rows = VisitClass.objects.select_for_update(of=("self",)).select_related("district")
    return rows.defer("district__boundary").get(pk=pk)


def locked_requests(of: VisitClass) -> list[VisitRequest]:
    """All that it answers, by key."""
    return list(VisitRequest.objects.select_for_update(of=("self",)).filter(visit_class=of).order_by("pk"))


def locked_request(pk: uuid.UUID | str) -> VisitRequest:
    """With its class, if it has one, locked before it. VisitRequest.DoesNotExist."""
    while True:
        class_pk = VisitRequest.objects.values_list("visit_class", flat=True).get(pk=pk)
        visit = locked_class(class_pk) if class_pk else None
        found = VisitRequest.objects.select_for_update(of=("self",)).get(pk=pk)
        if found.visit_class_id == class_pk:
            found.visit_class = visit
            return found


def write(
    row: VisitRequest | VisitClass, deed: Deed, by: Actor, because: str = "", after: str = "", **changed: Any
) -> VisitStep:
    """Moves the row to `after` ("": it stays) with what else `changed`, and adds the step and its access record.

    In the caller's transaction, the row locked. NotPossible if none moves that way.
    """
    is_request = isinstance(row, VisitRequest)
    if after and after != row.state:
        _check(row.state, after, is_request=is_request)
        changed["state"] = after
        if is_request and after in ENDED:
            changed["ended_at"] = timezone.now()
    for name, value in changed.items():
        setattr(row, name, value)
    if changed:
        row.save(update_fields=list(changed))
    step = VisitStep.objects.create(
        request=row if isinstance(row, VisitRequest) else None,
        visit_class=row if isinstance(row, VisitClass) else None,
        deed=deed,
        after=row.state,
        who=by.who,
        by=by.user,
        why=because or None,
    )
    who = by.user.get_username() if by.user and by.request is None else None
    record(by.request, Action.CHANGE, [row], f"찾아가는 수업: {deed.label}", who=who)
    return step


def _check(before: str, after: str, *, is_request: bool) -> None:
    if is_request:
        fits, label = (
            RequestState(after) in REQUEST_TRANSITIONS[RequestState(before)],
            RequestState(before).label,
        )
    else:
        fits, label = ClassState(after) in CLASS_TRANSITIONS[ClassState(before)], ClassState(before).label
    if not fits:
        raise NotPossible(NOT_NOW.format(label))
