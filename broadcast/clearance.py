"""Whether a broadcast may go now: the city's rules asked for one, and what follows if a second person is needed."""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from people.models import RoleGrant, User
from people.outbox import tell

from .categories import lane_of
from .models import Broadcast, Decision, Sender, SendingRule, Village
from .senders import sender_of, senders
from .sending_rules import Decided, Sending, decide


class Refused(PermissionDenied):
    """It is not sent, and stays a draft. Its text says in Korean why, for whoever asked."""


ENDED = "이 경보는 끝나는 때가 지나 보낼 수 없습니다."
FOREIGN = "보낼 수 없는 마을이 들어 있습니다. 맡은 마을만 골라 다시 만들어 주세요."


def decide_for(broadcast: Broadcast, at: datetime, sender: Sender | None = None) -> Decided:
    """What the city's rules say of it, if it were to go at `at`. `sender` None: as what its author sends."""
    sender = sender or sends_as(broadcast)
    what = Sending(
        sender=sender,
        category=broadcast.category,
        lane=lane_of(broadcast.category, broadcast.severity),
        villages=broadcast.villages.count(),
        at=timezone.localtime(at).time(),
        with_template=_keeps_to_a_template(broadcast, sender),
    )
    return decide(SendingRule.objects.filter(is_active=True), what)


def sends_as(broadcast: Broadcast) -> Sender:
    """An alert that was put in as it came is the alert's; anything else, one that was taken over too, its author's."""
    if broadcast.submitted_at and broadcast.alerts.filter(source__account=broadcast.author_id).exists():
        return Sender.ALERT
    return sender_of(broadcast.author)


def _keeps_to_a_template(broadcast: Broadcast, sender: str) -> bool:
    """One in use, for this kind of sender and this category."""
    template = broadcast.template
    return bool(
        template
        and template.is_active
        and template.sender in ("", sender)
        and template.category == broadcast.category
    )


def refuse_if_not_theirs(broadcast: Broadcast, user: User) -> None:
    """Raises PermissionDenied if one of its villages is not (no longer) this person's to speak to."""
    if broadcast.villages.exclude(pk__in=Village.objects.for_user(user).values("pk")).exists():
        raise PermissionDenied(FOREIGN)


def refuse_if_ended(broadcast: Broadcast) -> None:
    """Raises Refused if the alert that it carries holds no longer: yesterday's warning is worse than none."""
    if broadcast.alerts.filter(expires__lte=timezone.now()).exists():
        raise Refused(ENDED)


def is_cleared(broadcast: Broadcast) -> bool:
    """Nobody else is needed, or they agreed, or the glass was broken."""
    agreed = [Decision.Kind.APPROVED, Decision.Kind.GLASS_BROKEN]
    return not broadcast.needs_second_person or broadcast.decisions.filter(kind__in=agreed).exists()


def submit(broadcast: Broadcast) -> None:
    """It waits for a second person. Inside of the transaction that locked it; twice changes nothing."""
    if broadcast.submitted_at:
        return
    broadcast.submitted_at, broadcast.needs_second_person = timezone.now(), True
    broadcast.lane = lane_of(broadcast.category, broadcast.severity)
    broadcast.save(update_fields=["submitted_at", "needs_second_person", "lane"])
    if broadcast.is_urgent:
        tell_duty_officers("broadcast_waits", broadcast)


def tell_duty_officers(template: str, broadcast: Broadcast, reason: str = "") -> None:
    """당직: everybody on duty who left a number, once a broadcast and matter. In the transaction that is open."""
    on_duty = RoleGrant.objects.in_force().filter(role=RoleGrant.Role.DUTY_OFFICER, user__is_active=True)
    context = {
        "category": broadcast.get_category_display(),
        "sender": senders([broadcast.author_id])[broadcast.author_id],
        "villages": broadcast.villages.count(),
        "reason": reason,
        "address": f"{settings.PORTAL_URL}/broadcast/{broadcast.pk}/decide/",
    }
    for officer in {grant.user for grant in on_duty.select_related("user")}:
        if officer.phone:
            tell(officer.phone, template, context, key=f"{template}:{broadcast.pk}:{officer.pk}")
