"""승인: a second person agrees or not; in a disaster the sender breaks the glass, and somebody looks at it afterwards.

Whether a second person is needed is clearance.py. The database refuses it too if somebody decides on their own
(migration 0008), so each of these holds whatever calls it.
"""

import uuid
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from people.models import User
from privacy.access import Action, record

from .categories import CATEGORIES
from .clearance import (
    Refused,
    decide_for,
    refuse_if_ended,
    refuse_if_not_theirs,
    sends_as,
    tell_duty_officers,
)
from .models import Airing, Broadcast, Decision, Sender
from .publish import air
from .sending_rules import Outcome

Kind = Decision.Kind
#: Outcomes that end the waiting.
DECIDED = (Kind.APPROVED, Kind.REFUSED, Kind.GLASS_BROKEN)
#: What nobody decided on by then is of no use to anybody.
WAITS = timedelta(days=3)

NOT_A_DISASTER = "승인 없이 보내기는 산불, 호우·홍수, 국가위기처럼 재난일 때만 할 수 있습니다."


class AlreadyDecided(Exception):
    """Somebody was quicker. `decision`: theirs."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(decision.get_kind_display())
        self.decision = decision


def approve(broadcast_id: uuid.UUID, by: User) -> Broadcast:
    """`by` agrees: it is aired now, or, if it is planned, at its times.

    Raises Broadcast.DoesNotExist if it is not theirs to decide on, AlreadyDecided, Refused if the rules by now
    refuse it, PermissionDenied if its sender has lost one of the villages.
    """
    with transaction.atomic():
        broadcast = _waiting(broadcast_id, by)
        _refuse_what_may_not_go(broadcast)
        Decision.objects.create(broadcast=broadcast, kind=Kind.APPROVED, by=by)
        _let_go(broadcast)
    return broadcast


def refuse(broadcast_id: uuid.UUID, by: User, reason: str) -> Decision:
    """`by` does not agree, for a reason that the sender reads. Raises Broadcast.DoesNotExist, AlreadyDecided."""
    with transaction.atomic():
        broadcast = _waiting(broadcast_id, by)
        return Decision.objects.create(broadcast=broadcast, kind=Kind.REFUSED, by=by, reason=reason[:300])


def break_glass(broadcast_id: uuid.UUID, by: User, reason: str) -> Broadcast:
    """The sender airs it alone, in a disaster, and answers for it: those on duty are told, it is reviewed afterwards.

    Raises Broadcast.DoesNotExist if it is not their own, PermissionDenied if it is no disaster or not theirs to
    speak to, Refused, AlreadyDecided.
    """
    with transaction.atomic():
        own = Broadcast.objects.filter(author=by, needs_second_person=True, submitted_at__isnull=False)
        broadcast = own.select_for_update(of=("self",)).get(pk=broadcast_id)
        _raise_if_decided(broadcast)
        if not CATEGORIES[broadcast.category].disaster:
            raise PermissionDenied(NOT_A_DISASTER)
        _refuse_what_may_not_go(broadcast)
        Decision.objects.create(broadcast=broadcast, kind=Kind.GLASS_BROKEN, by=by, reason=reason[:300])
        tell_duty_officers("glass_broken", broadcast, reason)
        record(None, Action.CHANGE, [broadcast], f"승인 없이 긴급 발송: {reason}", who=by.get_username())
        _let_go(broadcast)
    return broadcast


def review(broadcast_id: uuid.UUID, by: User, reason: str, *, was_right: bool) -> Decision:
    """The city's verdict on a broken glass; once. Raises Broadcast.DoesNotExist, AlreadyDecided."""
    with transaction.atomic():
        broadcast = unreviewed(by).select_for_update(of=("self",)).filter(pk=broadcast_id).first()
        if broadcast is None:
            done = Decision.objects.filter(broadcast=broadcast_id, kind=Kind.REVIEWED).first()
            if done and by.is_city_operator:
                raise AlreadyDecided(done)
            raise Broadcast.DoesNotExist
        record(None, Action.CHANGE, [broadcast], f"긴급 발송 검토: {reason}", who=by.get_username())
        return Decision.objects.create(
            broadcast=broadcast, kind=Kind.REVIEWED, by=by, reason=reason[:300], was_right=was_right
        )


def unreviewed(user: User) -> "QuerySet[Broadcast]":
    """Sent by a broken glass, and nobody has looked at it yet: to be done by the city, and not by the sender."""
    if not user.is_authenticated or not user.is_city_operator:
        return Broadcast.objects.none()
    broken = Broadcast.objects.filter(decisions__kind=Kind.GLASS_BROKEN)
    open_ = broken.exclude(decisions__kind=Kind.REVIEWED)
    return open_.exclude(author=user).exclude(on_behalf_of__user=user)


def outcome_of(broadcast: Broadcast) -> Decision | None:
    """How the waiting ended, if it has."""
    return broadcast.decisions.filter(kind__in=DECIDED).first()


def goes_at(broadcast: Broadcast) -> datetime:
    """When it would be heard if somebody agreed now: at once, or at the next time of its plan."""
    plan = getattr(broadcast, "planned", None)
    due = plan and plan.airings.filter(state=Airing.State.DUE).order_by("due_at").first()
    return due.due_at if due else timezone.now()


def _waiting(broadcast_id: uuid.UUID, by: User) -> Broadcast:
    """Locked, so that of two who decide at the same moment the second finds that it is decided."""
    broadcast = Broadcast.objects.select_for_update(of=("self",)).get(
        pk=broadcast_id, needs_second_person=True, submitted_at__isnull=False
    )
    if broadcast.author_id != by.pk:
        _raise_if_decided(broadcast)
    return Broadcast.objects.decidable_by(by).get(pk=broadcast_id)


def _raise_if_decided(broadcast: Broadcast) -> None:
    if decision := outcome_of(broadcast):
        raise AlreadyDecided(decision)


def _refuse_what_may_not_go(broadcast: Broadcast) -> None:
    """The police may have been stopped, a chief dismissed, an alert taken back or over, since it was submitted."""
    if broadcast.cancelled_at:  # what is aired now could not be stopped any more
        raise Refused(f"보내지 않습니다. {broadcast.cancelled_reason}")
    if timezone.now() - broadcast.submitted_at > WAITS:  # type: ignore[operator]
        raise Refused("승인을 기다린 지 사흘이 지나 보낼 수 없습니다. 다시 만들어 주세요.")
    decided = decide_for(broadcast, goes_at(broadcast))
    if decided.outcome == Outcome.REFUSE:
        raise Refused(decided.reason)
    if sends_as(broadcast) != Sender.ALERT:
        refuse_if_not_theirs(broadcast, broadcast.author)
    else:
        refuse_if_ended(broadcast)


def _let_go(broadcast: Broadcast) -> None:
    if not hasattr(broadcast, "planned"):
        air(broadcast)
