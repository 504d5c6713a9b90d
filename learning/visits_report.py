"""방문 결과: what the lead writes after the visit: how many came, what was taught, what is needed next."""

import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from .actors import Actor
from .booking_states import NotPossible
from .models import VisitReport
from .visit_states import ClassState, Deed, RequestState
from .visits_history import locked_class, locked_requests, write


@dataclass(frozen=True)
class Written:
    came: int
    taught: str
    next_time: str = ""


@transaction.atomic
def report(pk: uuid.UUID | str, written: Written, by: Actor) -> VisitReport:
    """Once; a second one returns the first. Its requests are done. NotPossible before the class has begun."""
    visit = locked_class(pk)
    if visit.state == ClassState.REPORTED:
        return visit.report
    if visit.state not in (ClassState.CONFIRMED, ClassState.TAUGHT):
        raise NotPossible("확정된 수업만 결과를 적을 수 있습니다. 운영 담당에게 물어봐 주세요.")
    if timezone.now() < visit.starts_at:
        raise NotPossible("수업을 시작한 뒤에 적을 수 있습니다.")
    if by.user is None:
        raise NotPossible("강사나 직원만 결과를 적을 수 있습니다.")
    if visit.state == ClassState.CONFIRMED:
        write(visit, Deed.TAUGHT, by, after=ClassState.TAUGHT)
    made = VisitReport.objects.create(
        visit_class=visit,
        came=written.came,
        taught=written.taught,
        next_time=written.next_time,
        written_by=by.user,
    )
    write(visit, Deed.REPORTED, by, after=ClassState.REPORTED)
    for request in locked_requests(visit):
        write(request, Deed.DONE, by, after=RequestState.DONE)
    return made
