"""찾아가는 수업: what the coordinator does: propose a time, join requests, move, call off, refuse; and what follows.

A class is proposed first. It is confirmed by itself once every group has agreed and a lead and an assistant have said
that they come; it is proposed again if one of them cannot.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from .actors import Actor
from .booking_states import NotPossible
from .models import Assignment, VisitClass, VisitRequest
from .visit_states import LEAST_PEOPLE, ClassState, Deed, RequestState, waits_as
from .visits_history import SYSTEM, locked_class, locked_request, locked_requests, write
from .visits_joining import Join
from .visits_notices import of_class, tell_group, tell_instructor
from .ways import to_the_middle

Requests = QuerySet[VisitRequest]
TOO_FEW = f"모두 더해 {LEAST_PEOPLE}명이 되어야 찾아갑니다. 가까운 신청과 함께 묶어 주세요."


@dataclass(frozen=True)
class Plan:
    """When and where. `host`: the request to whose place all come. `travel_minutes` None: reckoned (ways.py)."""

    starts_at: datetime
    ends_at: datetime
    host: uuid.UUID
    travel_minutes: int | None = None


@transaction.atomic
def propose(pks: Sequence[uuid.UUID], plan: Plan, by: Actor) -> VisitClass:
    """A class for one request or for several; each is told and asked. NotPossible below three people."""
    rows = VisitRequest.objects.select_for_update(of=("self",)).select_related("district", "institution")
    requests = list(rows.defer("district__boundary").filter(pk__in=pks).order_by("pk"))
    if len(requests) != len(set(pks)) or any(
        r.state not in (RequestState.HELD, RequestState.OPEN) for r in requests
    ):
        raise NotPossible("그 사이에 바뀐 신청이 있습니다. 화면을 새로 고쳐 다시 골라 주세요.")
    if len({(r.topic, r.level) for r in requests}) != 1:
        raise NotPossible("주제와 수준이 같은 신청만 한 수업으로 묶을 수 있습니다.")
    people = sum(r.people for r in requests)
    if people < LEAST_PEOPLE:
        raise NotPossible(TOO_FEW)
    if plan.starts_at <= timezone.now():
        raise NotPossible("앞으로 올 날짜와 시간으로 적어 주세요.")
    host = next(r for r in requests if r.pk == plan.host)
    if not host.place_name:
        raise NotPossible("모일 곳을 적은 신청을 골라 주세요. 곳이 없으면 신청한 분께 전화로 여쭤 주세요.")
    way = plan.travel_minutes
    visit = VisitClass.objects.create(
        topic=host.topic,
        level=host.level,
        institution=host.institution,
        place_name=host.place_name,
        address=host.address,
        district=host.district,
        travel_minutes=to_the_middle((host.district.lat, host.district.lon)) if way is None else way,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        made_by=by.user,
        is_example=any(r.is_example for r in requests),
    )
    deed = Deed.JOINED if len(requests) > 1 else Deed.PLANNED
    write(visit, deed, by)
    for request in requests:
        step = write(request, deed, by, after=RequestState.PLANNED, visit_class=visit, agreed_at=None)
        told = {**of_class(visit), "together": len(requests) > 1, "people": people}
        tell_group(request, "learning_visit_proposed", step.pk, **told)
    return visit


def join(found: Join, by: Actor) -> VisitClass:
    """One class of those that fit together (visits_joining.py)."""
    plan = Plan(found.starts_at, found.ends_at, found.host.pk)
    return propose([ask.pk for ask in found.asks], plan, by)


def confirm_if_all_agree(visit: VisitClass, by: Actor) -> None:
    """In a deed that has locked the class."""
    if visit.state != ClassState.PROPOSED:
        return
    requests = locked_requests(visit)
    assignments = list(_live(visit))
    all_agree = bool(requests) and all(r.agreed_at for r in requests)
    if not all_agree or len(assignments) < 2 or any(a.confirmed_at is None for a in assignments):
        return
    step = write(visit, Deed.CONFIRMED, by, after=ClassState.CONFIRMED)
    for request in requests:
        tell_group(request, "learning_visit_confirmed", step.pk, **of_class(visit))
    for assignment in assignments:
        tell_instructor(assignment, "learning_teach_confirmed", step.pk)


def after_leaving(visit: VisitClass, others: Sequence[VisitRequest], by: Actor) -> None:
    """A group has left: the class goes on if the others are enough and one of them hosts it, else they wait again."""
    place = (visit.place_name, visit.address)
    hosted = any((r.place_name, r.address) == place for r in others)
    if sum(r.people for r in others) >= LEAST_PEOPLE and hosted:
        confirm_if_all_agree(visit, by)
        return
    _end(visit, others, SYSTEM, "함께하기로 한 분이 못 하게 됨" if others else "신청한 분이 못 하게 됨")


@transaction.atomic
def call_off(pk: uuid.UUID | str, by: Actor, why: str) -> VisitClass:
    """The class is not held; its groups wait for another time, its instructors are free. Twice does nothing more."""
    visit = locked_class(pk)
    if visit.state == ClassState.CALLED_OFF:
        return visit
    _end(visit, locked_requests(visit), by, why)
    return visit


def _end(visit: VisitClass, requests: Sequence[VisitRequest], by: Actor, why: str) -> None:
    assignments = list(_live(visit))
    # The database releases the assignments (migration 0002).
    step = write(visit, Deed.CALLED_OFF, by, why, after=ClassState.CALLED_OFF, why=why)
    came_apart = by is SYSTEM
    for request in requests:
        back = write(
            request,
            Deed.CAME_APART if came_apart else Deed.CALLED_OFF,
            by,
            why,
            after=waits_as(request.people),
            visit_class=None,
            agreed_at=None,
        )
        template = "learning_visit_came_apart" if came_apart else "learning_visit_called_off"
        tell_group(request, template, back.pk, why=why, **of_class(visit))
    for assignment in assignments:
        tell_instructor(assignment, "learning_teach_released", step.pk, why=why)


@transaction.atomic
def move(pk: uuid.UUID | str, starts_at: datetime, ends_at: datetime, by: Actor, why: str) -> VisitClass:
    """Another time: everybody is asked again, and the instructors are released, who promised to come at the old one."""
    visit = locked_class(pk)
    if visit.state not in (ClassState.PROPOSED, ClassState.CONFIRMED):
        raise NotPossible("이미 끝났거나 취소한 수업은 옮길 수 없습니다.")
    if starts_at <= timezone.now():
        raise NotPossible("앞으로 올 날짜와 시간으로 적어 주세요.")
    for assignment in _live(visit):
        release(assignment, by, "수업 날짜가 바뀜")
    changed = {"starts_at": starts_at, "ends_at": ends_at}
    write(visit, Deed.MOVED, by, why, after=ClassState.PROPOSED, **changed)
    for request in locked_requests(visit):
        step = write(request, Deed.MOVED, by, why, agreed_at=None)
        tell_group(request, "learning_visit_moved", step.pk, why=why, **of_class(visit))
    return visit


@transaction.atomic
def refuse(pk: uuid.UUID | str, by: Actor, why: str) -> VisitRequest:
    """드리지 못함, with its reason. Not for being too few: those are kept. Twice does nothing more."""
    request = locked_request(pk)
    if request.state == RequestState.REFUSED:
        return request
    if request.state == RequestState.PLANNED:
        raise NotPossible("수업이 잡힌 신청입니다. 먼저 수업을 취소해 주세요.")
    step = write(request, Deed.REFUSED, by, why, after=RequestState.REFUSED, refused_why=why)
    tell_group(request, "learning_visit_refused", step.pk)
    return request


def release(assignment: Assignment, by: Actor, why: str) -> None:
    """Takes an instructor off, and tells them if it was not themselves. The caller has locked what they teach."""
    assignment.released_at, assignment.released_why = timezone.now(), why
    assignment.save(update_fields=["released_at", "released_why"])
    if by.user is None or by.user.pk != assignment.instructor.user_id:
        tell_instructor(assignment, "learning_teach_released", "released", why=why)


def _live(visit: VisitClass) -> QuerySet[Assignment]:
    rows = visit.assignments.live().select_related("instructor__user", "visit_class__district")
    return rows.defer("visit_class__district__boundary").select_for_update(of=("self",)).order_by("pk")
