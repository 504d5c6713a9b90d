"""Contractors and their technicians: posts are only added (trigger), like every grant.

Whoever is no technician any more gives back what they had taken, so that no household waits for nobody.
"""

import uuid

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from people.grants import CannotGrant, revoke
from people.models import User
from privacy.access import Action, record

from . import deadlines
from .actors import SYSTEM, Actor, is_officer
from .history import locked, write
from .models import Case, Contractor, Step, TechnicianPost, Visit
from .notices import falls_through, notify, tell_contractor
from .states import NotPossible, State, check_deed

GONE = "기사를 그만둠"
CHANGED = "수리 업체가 바뀜"


@transaction.atomic
def add_contractor(name: str, phone: str, by: User) -> Contractor:
    """CannotGrant if there is one of that name."""
    try:
        with transaction.atomic():
            contractor = Contractor.objects.create(name=name, phone=phone)
    except IntegrityError:
        raise CannotGrant(f"‘{name}’은 이미 있는 업체입니다.") from None
    record(None, Action.CREATE, [contractor], f"무상수리 업체: {contractor}", who=by.get_username())
    return contractor


@transaction.atomic
def appoint(username: str, contractor: Contractor, *, reason: str, by: User) -> TechnicianPost:
    """Whoever signs in with that id repairs for `contractor` from now on; the post that holds already, if any.

    CannotGrant: no such account, a phone user (one factor is too little for addresses), a closed one, or somebody
    who repairs for another contractor.
    """
    user = User.objects.select_for_update(of=("self",)).filter(username__iexact=username).first()
    if user is None or user.phone_sign_in:
        raise CannotGrant(
            f"{username}: 그런 직원 아이디가 없습니다. 시스템 담당에게 계정을 먼저 만들어 달라고 해 주세요."
        )
    if not user.is_active:
        raise CannotGrant("닫은 계정에는 권한을 줄 수 없습니다.")
    if not contractor.is_active:
        raise CannotGrant(f"{contractor}: 지금 쓰지 않는 업체입니다.")
    held = TechnicianPost.objects.filter(user=user, revoked_at=None).select_related("contractor").first()
    if held is not None:
        if held.contractor_id == contractor.pk:
            return held
        raise CannotGrant(
            f"{username}: 지금 {held.contractor}의 기사입니다. 그곳에서 먼저 그만두게 해 주세요."
        )
    post = TechnicianPost.objects.create(user=user, contractor=contractor, reason=reason, granted_by=by)
    record(None, Action.GRANT, [user], f"{post}: {reason}", who=by.get_username())
    return post


@transaction.atomic
def dismiss(post: TechnicianPost, *, reason: str, by: User) -> int:
    """They repair no more, from now on. Returns how many of their visits are free for a colleague again."""
    revoke(post, reason=reason, by=by)
    open_visits = Visit.objects.filter(technician=post.user_id, ended_at=None)
    return sum(_give_back(visit, Actor(Step.Who.STAFF, by)) for visit in open_visits)


@transaction.atomic
def change_contractor(pk: uuid.UUID, by: Actor, to: Contractor, why: str) -> Case:
    """수리 업체를 바꿈: of a case whose visit is still owed, by the city's officer. The deadline stays, for it was
    promised; a visit that somebody took is free again. Both contractors and the applicant are told. NotPossible."""
    case = locked(pk, by, "contractor")
    check_deed(Step.Deed.CHANGED_CONTRACTOR, case.state)
    if not is_officer(by.user):
        raise NotPossible("수리 업체는 시청 무상수리 담당만 바꿀 수 있습니다.")
    before = case.contractor
    if before == to:
        raise NotPossible(f"이미 {to}에서 고치기로 한 신청입니다.")
    if not to.is_active:
        raise NotPossible(f"{to}: 지금 쓰지 않는 업체입니다.")
    visit = Visit.objects.select_for_update(of=("self",)).filter(case=case, ended_at=None).first()
    if visit is not None:
        visit.ended_at, visit.end, visit.end_words = timezone.now(), Visit.End.GIVEN_BACK, CHANGED
        visit.save(update_fields=["ended_at", "end", "end_words"])
    case.contractor = to
    step = write(case, Step.Deed.CHANGED_CONTRACTOR, by, why, fields=["contractor"])
    if visit is not None:
        visit.case = case
        falls_through(visit)
    notify(case, "repair_contractor", step.pk, day=case.due_on)
    if before is not None:
        tell_contractor(before, case, "repair_taken_away", step.pk)
    tell_contractor(to, case, "repair_handed", step.pk, day=case.due_on)
    return case


def free_visits_of_nobody() -> int:
    """Gives back open visits whose technician holds no post any more, such as when an account was closed."""
    live = TechnicianPost.objects.in_force().filter(user=OuterRef("technician"))
    count = 0
    for visit in Visit.objects.filter(~Exists(live), ended_at=None):
        with transaction.atomic():
            count += _give_back(visit, SYSTEM)
    return count


def _give_back(found: Visit, by: Actor) -> bool:
    """The case waits for another technician; its money stays reserved. In the caller's transaction."""
    case = locked(found.case_id)
    visit = Visit.objects.select_for_update(of=("self",)).filter(pk=found.pk, ended_at=None).first()
    if visit is None:
        return False
    arrived = visit.arrived_at is not None
    visit.ended_at, visit.end_words = timezone.now(), GONE
    visit.end = Visit.End.BROKEN_OFF if arrived else Visit.End.GIVEN_BACK
    visit.save(update_fields=["ended_at", "end", "end_words"])
    if case.state == State.CONSENT:  # nobody answered: the next technician asks again
        write(case, Step.Deed.HANDED_OVER, by, GONE, after=State.REPAIRING)
    if arrived:
        day = deadlines.again(case)
        step = write(case, Step.Deed.BROKE_OFF, by, GONE, after=State.SELECTED, fields=["due_on"])
        notify(case, "repair_again", step.pk, day=day)
    else:
        write(case, Step.Deed.GAVE_BACK, by, GONE)
        visit.case = case
        falls_through(visit)
    return True
