"""From an alert to the air: by the source's rule and the city's, or by a person who takes the draft over."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

from people.models import User
from privacy.access import Action, record

from ..categories import lane_of
from ..clearance import tell_duty_officers
from ..models import Alert, Broadcast, Recording, Sender
from ..publish import publish
from .judging import Judged, grave_enough

MOST_WHY = 200  # letters that the column holds
NOT_GRAVE = "바로 보내기로 정한 심각도가 아니어서 확인이 필요합니다."


def send_or_keep(
    alert: Alert, judged: Judged, sound: Recording, corrects: Broadcast | None, notes: Sequence[str]
) -> None:
    """Sends it where source and city let it go by itself, else keeps it for a person, and tells whoever is on duty
    if it is urgent. Inside of intake's transaction."""
    account = alert.source.account
    broadcast = Broadcast.objects.create(
        author=account,
        category=judged.category,
        severity=judged.severity,
        lane=lane_of(judged.category, judged.severity),
        text=judged.text,
        recording=sound,
        corrects=corrects,
    )
    broadcast.villages.set(judged.villages)
    doubts = list(judged.doubts)
    if not grave_enough(judged.severity, alert.source.may_send_from):
        doubts.append(NOT_GRAVE)
    if not doubts:
        try:
            broadcast = publish(broadcast.pk, account, sender=Sender.ALERT)
        except PermissionDenied as refusal:
            doubts.append(str(refusal))
    alert.broadcast = broadcast
    if broadcast.published_at:
        _end_with(broadcast, judged.expires)
        settle(alert, Alert.Outcome.SENT, notes)
        return
    if broadcast.submitted_at:
        doubts.append("시의 보내기 규칙에 따라 다른 사람의 승인을 기다립니다.")
    elif broadcast.is_urgent:
        tell_duty_officers("alert_waits", broadcast)
    settle(alert, Alert.Outcome.DRAFT, [*doubts, *notes])


def settle(alert: Alert, outcome: str, why: Sequence[str]) -> None:
    alert.outcome, alert.why = outcome, " ".join(why)[:MOST_WHY]
    alert.save(update_fields=["outcome", "why", "broadcast", "event", "severity"])


def take_over(alert_id: int, by: User) -> Broadcast:
    """The draft becomes this city operator's own, to be changed and sent like any other of theirs.

    A second tap returns it as it is. Raises Alert.DoesNotExist where there is no such draft any more (somebody else
    has it, or it was sent), PermissionDenied for anybody but the city.
    """
    if not by.is_city_operator:
        raise PermissionDenied("재난 경보는 시청 방송 담당이 보냅니다.")
    with transaction.atomic():
        alert = Alert.objects.select_related("source").get(pk=alert_id)
        broadcast = Broadcast.objects.select_for_update(of=("self",)).filter(alerts=alert).first()
        if broadcast is None:
            raise Alert.DoesNotExist
        if broadcast.author_id == by.pk:
            return broadcast
        if broadcast.author_id != alert.source.account_id or not is_open(broadcast):
            raise Alert.DoesNotExist
        broadcast.author = by
        broadcast.save(update_fields=["author"])
        record(None, Action.CHANGE, [broadcast], "재난 경보의 초안을 넘겨받음", who=by.get_username())
    return broadcast


def is_open(broadcast: Broadcast) -> bool:
    """Whether it still is a draft that nobody has sent or submitted."""
    return broadcast.published_at is None and broadcast.submitted_at is None


def _end_with(broadcast: Broadcast, expires: datetime) -> None:
    """Nothing is pushed after the alert itself has ended."""
    if broadcast.published_at is None or broadcast.expires_at is None:
        return
    end = max(expires, broadcast.published_at + timedelta(seconds=1))
    if end < broadcast.expires_at:
        broadcast.expires_at = end
        broadcast.save(update_fields=["expires_at"])
