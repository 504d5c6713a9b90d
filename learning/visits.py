"""찾아가는 수업: what a group or an institution does: ask, agree, decline, take it back.

Fewer than three are never refused: the request is kept, and joined with others nearby who ask for the same, at once if
they live in the same district, else when the coordinator says so (visits_planning.py), because then somebody has to go
further. Both can be declined. Staff do the same for whoever telephones.
"""

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from people.models import District
from people.phones import phone_index
from people.places import neighbours
from privacy.consents import Consents, keep_consents

from . import visits_planning as planning
from .actors import Actor
from .booking_states import NotPossible
from .models import Institution, VisitRequest, VisitWish
from .visit_states import ClassState, Deed, RequestState, waits_as
from .visits_history import SYSTEM, locked_request, locked_requests, write
from .visits_joining import Ask, Join, Times, joins
from .visits_notices import tell_group

WAITING = (RequestState.HELD, RequestState.OPEN)
#: No class is proposed for sooner: all have to be asked, and somebody has to be found who comes.
LEAST_NOTICE = timedelta(days=2)


@dataclass(frozen=True)
class Asked:
    """What the form asks, checked. `once`: of the form; phone in E.164; `wishes`: the best first."""

    once: uuid.UUID
    kind: str
    contact_name: str
    phone: str
    district: District
    topic: str
    level: int
    people: int
    wishes: Sequence[Times]
    institution: Institution | None = None
    group_name: str = ""
    place_name: str = ""
    address: str = ""
    equipment: Sequence[str] = ()
    words: str = ""
    joins_others: bool = True
    is_example: bool = False


@transaction.atomic
def ask(asked: Asked, by: Actor, said: Consents | None = None) -> VisitRequest:
    """The request, held below three people, else open. The same form again returns the first one's.

    `said`: consents. A request that is held looks for others of its district at once; then it is planned already.
    """
    with connection.cursor() as cursor:
        # One after the other for each thing that can be asked for: two who come at once see each other.
        what = f"visit {asked.topic} {asked.level}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [what])
    if made := VisitRequest.objects.filter(once=asked.once).first():
        return made
    request = VisitRequest.objects.create(
        number=_new_number(),
        once=asked.once,
        state=waits_as(asked.people),
        contact_phone=asked.phone,
        phone_index=phone_index(asked.phone),
        entered_by=by.user,
        equipment=list(asked.equipment),
        **{name: getattr(asked, name) for name in _SAME},
    )
    for order, (starts, ends) in enumerate(asked.wishes, 1):
        VisitWish.objects.create(request=request, order=order, starts_at=starts, ends_at=ends)
    keep_consents(request, said or {}, by.request, who=None if by.request else by.who)
    step = write(request, Deed.ASKED, by)
    tell_group(request, "learning_visit_asked", step.pk, held=request.state == RequestState.HELD)
    if request.state == RequestState.HELD:
        _join_at_once(request)
    return request


_SAME = (
    *("kind", "contact_name", "district", "topic", "level", "people", "institution", "group_name"),
    *("place_name", "address", "words", "joins_others", "is_example"),
)


def _new_number() -> str:
    """방문-2026-1234-5678: random, so that nobody finds another's by counting."""
    digits = f"{secrets.randbelow(10**8):08}"
    return f"방문-{timezone.localdate().year}-{digits[:4]}-{digits[4:]}"


def _join_at_once(request: VisitRequest) -> None:
    """With others who are too few alone, in the same district, and have not declined before: a class is proposed."""
    rows = VisitRequest.objects.filter(district=request.district_id, topic=request.topic)
    few = rows.filter(state=RequestState.HELD).exclude(steps__deed=Deed.DECLINED)
    for found in possible_joins(few):
        if request.pk in {ask.pk for ask in found.asks}:
            planning.join(found, SYSTEM)
            request.refresh_from_db()


@dataclass(frozen=True)
class Waiting(Ask):
    """With what the coordinator wants to know besides."""

    number: str = ""
    declined: bool = False


def possible_joins(among: "planning.Requests | None" = None) -> list[Join]:
    """What could become one class, of requests that wait, at times that are not too near. Three queries."""
    rows = VisitRequest.objects.all() if among is None else among
    rows = rows.filter(state__in=WAITING, joins_others=True).prefetch_related("wishes", "steps")
    earliest = timezone.now() + LEAST_NOTICE
    asks = [
        Waiting(
            pk=row.pk,
            topic=row.topic,
            level=row.level,
            district=row.district_id,
            people=row.people,
            wishes=tuple((w.starts_at, w.ends_at) for w in row.wishes.all() if w.starts_at > earliest),
            has_place=bool(row.place_name),
            joins_others=row.joins_others,
            asked_at=row.asked_at,
            number=row.number,
            declined=any(step.deed == Deed.DECLINED for step in row.steps.all()),
        )
        for row in rows
    ]
    return list(joins(asks, neighbours()))


@transaction.atomic
def agree(pk: uuid.UUID | str, by: Actor) -> VisitRequest:
    """The proposed time and place suit them. Twice does nothing more. The class is confirmed once all have said so."""
    request = locked_request(pk)
    visit = request.visit_class
    if request.state != RequestState.PLANNED or visit is None:
        raise NotPossible("지금은 답하실 제안이 없습니다. 새 제안이 오면 문자로 알려 드립니다.")
    if request.agreed_at is None:
        write(request, Deed.AGREED, by, agreed_at=timezone.now())
        planning.confirm_if_all_agree(visit, by)
    return request


@transaction.atomic
def decline(pk: uuid.UUID | str, by: Actor, why: str = "") -> VisitRequest:
    """It does not suit them: the request waits on, without that class."""
    request = locked_request(pk)
    visit = request.visit_class
    if request.state != RequestState.PLANNED or visit is None:
        raise NotPossible("지금은 사양하실 제안이 없습니다.")
    _not_begun(request)
    others = locked_requests(visit)
    step = write(
        request, Deed.DECLINED, by, why, after=waits_as(request.people), visit_class=None, agreed_at=None
    )
    tell_group(request, "learning_visit_declined", step.pk)
    planning.after_leaving(visit, [other for other in others if other.pk != request.pk], by)
    return request


@transaction.atomic
def withdraw(pk: uuid.UUID | str, by: Actor, why: str = "") -> VisitRequest:
    """They do not want a visit any more. Twice does nothing more."""
    request = locked_request(pk)
    if request.state == RequestState.WITHDRAWN:
        return request
    visit = request.visit_class
    _not_begun(request)
    others = locked_requests(visit) if visit else []
    step = write(
        request, Deed.WITHDRAWN, by, why, after=RequestState.WITHDRAWN, visit_class=None, agreed_at=None
    )
    tell_group(request, "learning_visit_withdrawn", step.pk)
    if visit:
        planning.after_leaving(visit, [other for other in others if other.pk != request.pk], by)
    return request


def _not_begun(request: VisitRequest) -> None:
    visit = request.visit_class
    if visit is None:
        return
    over = visit.state in (ClassState.TAUGHT, ClassState.REPORTED)
    if over or (visit.state == ClassState.CONFIRMED and visit.starts_at <= timezone.now()):
        raise NotPossible("이미 시작한 수업입니다. 전화로 알려 주세요.")
