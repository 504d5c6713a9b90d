"""The deed: an alert comes in. The same one twice is one broadcast; what it refers to is taken back first.

Reading aloud is slow, so it is done first; of what died there, only a sound is left, which compose.forget_old finds.
Then one transaction, one at a time a source, says what becomes of the alert. An Update or a Cancel that overtakes its
alert is remembered, and the alert does nothing.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from ..compose import keep
from ..models import Alert, AlertSource, Recording, Village
from ..voice.sound import BadSound
from ..voice.spoken import spoken
from .following import as_row, former, is_superseded, of_name, take_back
from .judging import Elsewhere, Judged, judge, nothing_to_do
from .matching import Place
from .message import Message, read
from .refused import Refused
from .sending import send_or_keep, settle

MOST_EVENT = 200  # letters that the column holds


@dataclass(frozen=True)
class Taken:
    """`again`: it had come before, nothing was done now. `elsewhere`: it reaches no village of ours."""

    alert: Alert
    again: bool = False
    elsewhere: Elsewhere | None = None


def take(source: AlertSource, data: bytes) -> Taken:
    """`data`: the XML as it came. Raises Refused, with nothing kept, where it is not to be understood or believed."""
    message = read(data)
    if known := of_name(message.name):
        return Taken(known, again=True)
    now = timezone.now()
    if why := nothing_to_do(message, now):
        return _settle(source, message, ignored=why)
    former(message, source)  # a stranger is refused before anything is spoken
    if message.msg_type == "Cancel" or is_superseded(message, source):
        return _settle(source, message)
    try:
        judged = judge(message, places(), now, settings.TEXT_MAX_LETTERS)
    except Elsewhere as elsewhere:
        if message.msg_type == "Update":  # what it refers to is over for us
            return _settle(source, message, note=str(elsewhere))
        taken = _settle(source, message, ignored=str(elsewhere))
        return Taken(taken.alert, taken.again, elsewhere)
    return _settle(source, message, judged=judged, sound=_spoken(source, judged.text))


def places() -> list[Place]:
    """The villages as matching.py needs them. One query."""
    rows = Village.objects.filter(is_active=True)
    values = rows.values_list("pk", "lat", "lon", "district_id", "legal_area_id")
    return [Place(pk, lat, lon, district, legal or "") for pk, lat, lon, district, legal in values]


def _spoken(source: AlertSource, text: str) -> Recording:
    try:
        return keep(spoken(text), Recording.Source.TEXT, source.account)
    except BadSound as e:
        raise Refused("unspeakable", str(e), "the text cannot be read aloud") from e


def _settle(
    source: AlertSource,
    message: Message,
    *,
    judged: Judged | None = None,
    sound: Recording | None = None,
    ignored: str = "",
    note: str = "",
) -> Taken:
    """Writes down what becomes of it, and does it. `ignored`: why nothing is done; `note`: said beside the outcome."""
    try:
        with transaction.atomic():
            # One at a time, so that an alert and its cancellation cannot pass each other unseen.
            AlertSource.objects.select_for_update(of=("self",)).get(pk=source.pk)
            if known := of_name(message.name):
                taken = Taken(known, again=True)
            else:
                taken = Taken(_written(source, message, judged))
                _act(taken.alert, message, judged, sound, ignored, note)
    except IntegrityError:
        known = of_name(message.name)
        if known is None:
            raise
        taken = Taken(known, again=True)  # another source brought it at the same moment
    if sound and (
        taken.again or taken.alert.broadcast is None or taken.alert.broadcast.recording_id != sound.pk
    ):
        sound.file.delete(save=False)
        sound.delete()
    return taken


def _written(source: AlertSource, message: Message, judged: Judged | None) -> Alert:
    """The row; what becomes of it is not yet decided."""
    info = message.infos[0] if message.infos else None
    return Alert.objects.create(
        source=source,
        identifier=message.name.identifier,
        sender=message.name.sender,
        sent=message.name.sent,
        msg_type=message.msg_type,
        references=[as_row(name) for name in message.references],
        event=(judged.event if judged else info.event if info else "")[:MOST_EVENT],
        severity=judged.severity if judged else info.severity if info else "",
        expires=judged.expires if judged else info.expires if info else None,
        xml=message.xml,
        outcome=Alert.Outcome.IGNORED,
    )


def _act(
    alert: Alert, message: Message, judged: Judged | None, sound: Recording | None, ignored: str, note: str
) -> None:
    if not ignored and is_superseded(message, alert.source):
        ignored = "나중 경보가 먼저 와서 이것을 고치거나 취소했습니다."
    if ignored:
        settle(alert, Alert.Outcome.IGNORED, [ignored])
        return
    notes = [note] if note else []
    corrected = None
    if message.msg_type in ("Update", "Cancel"):
        before = former(message, alert.source)
        word = "취소" if message.msg_type == "Cancel" else "정정"
        stopped, planned = take_back(before, f"경보를 보낸 곳에서 {word}했습니다.")
        corrected = stopped[-1] if stopped else None
        if before and not alert.event:  # a Cancel need not say again what it is about
            alert.event, alert.severity = before[-1].event, before[-1].severity
        if planned:
            notes.append("예약해 둔 방송은 그대로입니다. 예약에서 확인해 주세요.")
        if not before:
            notes.append("앞선 경보를 받은 적이 없습니다. 늦게 와도 방송하지 않습니다.")
    if judged is None or sound is None:
        alert.broadcast = corrected
        settle(alert, Alert.Outcome.CANCELLED, notes)
    else:
        send_or_keep(alert, judged, sound, corrected, notes)
