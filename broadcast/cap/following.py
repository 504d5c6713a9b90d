"""What an Update or a Cancel does to what it refers to (CAP 1.2, section 3.2.1). Inside of intake's transaction."""

from collections.abc import Iterable
from datetime import UTC

from django.utils import timezone

from ..cancel import cancel
from ..compose import discard
from ..models import Alert, AlertSource, Broadcast, Plan
from .message import Message, Reference
from .refused import Refused


def as_row(name: Reference) -> list[str]:
    """As Alert.references holds it; equal moments in other time zones are equal rows."""
    return [name.sender, name.identifier, name.sent.astimezone(UTC).isoformat()]


def of_name(name: Reference) -> Alert | None:
    """The alert of that name, whoever brought it."""
    found = Alert.objects.filter(sender=name.sender, identifier=name.identifier, sent=name.sent)
    return found.select_related("broadcast", "source").first()


def former(message: Message, source: AlertSource) -> list[Alert]:
    """The alerts that it refers to, as far as they came. Refused unless the sender and the source are the same:
    nobody takes back what another said."""
    found = []
    for name in message.references:
        if name.sender != message.name.sender:
            raise _stranger()
        if alert := of_name(name):
            if alert.source_id != source.pk:
                raise _stranger()
            found.append(alert)
    return found


def is_superseded(message: Message, source: AlertSource) -> bool:
    """Whether an Update or a Cancel of it was here first."""
    later = Alert.objects.filter(source=source, sender=message.name.sender, msg_type__in=["Update", "Cancel"])
    later = later.exclude(outcome=Alert.Outcome.IGNORED)
    return later.filter(references__contains=[as_row(message.name)]).exists()


def take_back(alerts: Iterable[Alert], why: str) -> tuple[list[Broadcast], int]:
    """Their broadcasts are stopped, those that were not sent yet thrown away.

    Returns what had been sent, and how many stay because a person has planned them.
    """
    stopped, planned = [], 0
    for alert in alerts:
        if alert.broadcast_id is None:
            continue
        broadcast = Broadcast.objects.select_for_update(of=("self",)).filter(pk=alert.broadcast_id).first()
        if broadcast is None:
            continue
        if broadcast.published_at:
            stopped.append(cancel(broadcast.pk, None, why))
        elif Plan.objects.filter(original=broadcast).exists():
            planned += 1
        elif broadcast.submitted_at:  # stays on record; nobody can agree to it any more
            broadcast.cancelled_at, broadcast.cancelled_reason = timezone.now(), why
            broadcast.save(update_fields=["cancelled_at", "cancelled_reason"])
        else:
            discard(broadcast.pk, broadcast.author)
    return stopped, planned


def _stranger() -> Refused:
    return Refused(
        "not_the_sender",
        "다른 곳에서 보낸 경보는 고치거나 취소할 수 없습니다.",
        "an Update or Cancel comes from the sender and source of what it refers to",
        status=403,
    )
