"""A broadcast as CAP 1.2 for other systems. Valid against the OASIS XSD (tests/broadcast/cap/test_writing.py).

Pure but for what the broadcast's own rows say; the caller has fetched them (feed.py).
"""

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from django.conf import settings
from django.utils import timezone

from people.models import District

from ..categories import CATEGORIES, Lane
from ..models import Broadcast, Village
from .message import NAMESPACE

#: Kilometres around a village's point that are told for it: its outline is nowhere on record.
VILLAGE_KM = 1.0
#: category → CAP's category, and the severity where no alert has given one.
AS_CAP = {
    "wildfire": ("Fire", "Severe"),
    "rain": ("Met", "Severe"),
    "heat": ("Met", "Moderate"),
    "crisis": ("Security", "Severe"),
    "missing": ("Rescue", "Moderate"),
}
OTHERWISE = ("Other", "Unknown")
#: Letters that XML 1.0 does not know (section 2.2).
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Covered:
    """Where a broadcast goes: districts all of whose villages it reaches, and the single villages of others."""

    districts: Sequence[District]
    villages: Sequence[Village]


def alert_xml(broadcast: Broadcast, covered: Covered, corrected: Broadcast | None = None) -> bytes:
    """As an Alert, or, where it corrects another alert of ours, as an Update of that."""
    root = _alert(identifier(broadcast.pk), _sent(broadcast), "Update" if corrected else "Alert")
    if corrected:
        _add(root, "references", reference(corrected))
    info = _info(root, broadcast)
    areas = [
        *((one.name, [_polygon(one)], one.code) for one in covered.districts),
        *((str(one), [("circle", _circle(one))], "") for one in covered.villages),
    ]
    for name, shapes, code in areas:
        area = SubElement(info, "area")
        _add(area, "areaDesc", f"{settings.CITY_NAME} {name}")
        for tag, text in shapes:
            _add(area, tag, text)
        if code:
            geocode = SubElement(area, "geocode")
            _add(geocode, "valueName", "행정동코드")
            _add(geocode, "value", code)
    return _written(root)


def cancel_xml(broadcast: Broadcast) -> bytes:
    """That it was stopped."""
    if broadcast.cancelled_at is None:
        raise ValueError("it was not cancelled")
    root = _alert(identifier(broadcast.pk, cancelled=True), broadcast.cancelled_at, "Cancel")
    if broadcast.cancelled_reason:
        _add(root, "note", broadcast.cancelled_reason)
    _add(root, "references", reference(broadcast))
    return _written(root)


def reference(broadcast: Broadcast) -> str:
    return f"{sender()},{identifier(broadcast.pk)},{when(_sent(broadcast))}"


def identifier(pk: uuid.UUID, *, cancelled: bool = False) -> str:
    return f"jinju-{pk}-cancel" if cancelled else f"jinju-{pk}"


def sender() -> str:
    """Unique in the world by the portal's own host (3.2.1)."""
    return f"broadcast@{urlsplit(settings.PORTAL_URL).hostname}"


def when(at: datetime) -> str:
    """Seoul time with its offset: CAP knows no "Z" and no parts of seconds."""
    return timezone.localtime(at).replace(microsecond=0).isoformat()


def _alert(name: str, sent: datetime, msg_type: str) -> Element:
    root = Element("alert", xmlns=NAMESPACE)
    _add(root, "identifier", name)
    _add(root, "sender", sender())
    _add(root, "sent", when(sent))
    # An example city must not move anybody.
    _add(root, "status", "Exercise" if settings.DEMO else "Actual")
    _add(root, "msgType", msg_type)
    _add(root, "scope", "Public")
    return root


def _info(root: Element, broadcast: Broadcast) -> Element:
    category = CATEGORIES[broadcast.category]
    cap_category, severity = AS_CAP.get(broadcast.category, OTHERWISE)
    info = SubElement(root, "info")
    urgent = broadcast.lane == Lane.URGENT
    for tag, text in (
        ("language", "ko-KR"),
        ("category", cap_category),
        ("event", category.label),
        ("urgency", "Immediate" if urgent else "Expected"),
        ("severity", broadcast.severity or severity),
        ("certainty", "Unknown"),  # nobody has said
        ("expires", when(broadcast.expires_at) if broadcast.expires_at else ""),
        ("senderName", settings.CITY_NAME),
        ("headline", f"[{settings.CITY_NAME}] {category.label}"),
        ("description", broadcast.text),
        ("contact", settings.HELP_PHONE),
    ):
        if text:
            _add(info, tag, text)
    return info


def _add(to: Element, tag: str, text: str) -> None:
    SubElement(to, tag).text = plain(text)


def plain(text: str) -> str:
    """Without the letters that no XML can hold."""
    return _NOT_XML.sub("", text)


def _polygon(district: District) -> tuple[str, str]:
    return "polygon", " ".join(f"{lat},{lon}" for lon, lat in district.boundary)


def _circle(village: Village) -> str:
    return f"{village.lat},{village.lon} {VILLAGE_KM}"


def _sent(broadcast: Broadcast) -> datetime:
    if broadcast.published_at is None:
        raise ValueError("it was not sent")
    return broadcast.published_at


def _written(root: Element) -> bytes:
    indent(root)
    return tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def covered(reached: Iterable[Village], all_of: dict[str, int], districts: dict[str, District]) -> Covered:
    """`reached`: its villages; `all_of`: district code → how many villages it has; `districts` by code."""
    by_district: dict[str, list[Village]] = {}
    for village in reached:
        by_district.setdefault(village.district_id, []).append(village)
    whole = [code for code, its in by_district.items() if len(its) >= all_of.get(code, 0) > 0]
    single = [v for code, its in by_district.items() if code not in whole for v in its]
    return Covered([districts[code] for code in sorted(whole)], single)
