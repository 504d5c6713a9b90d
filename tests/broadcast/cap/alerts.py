"""Alerts for tests, complete and valid unless told otherwise."""

import itertools
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from broadcast.cap.message import NAMESPACE

_count = itertools.count(1)


def numbered() -> Iterator[str]:
    """Names for parameters that hold the time: each process of a parallel run must find the same."""
    return map(str, itertools.count())


#: Around the village that make.village() makes (35.157, 128.182), about 2 km each way.
AROUND = "35.14,128.16 35.14,128.20 35.17,128.20 35.17,128.16 35.14,128.16"
SEOUL = "37.5,126.9 37.5,127.1 37.6,127.1 37.6,126.9 37.5,126.9"
SENDER = "alerts@example.org"


def at(minutes: float = 0) -> str:
    """So many minutes from now, as CAP has it."""
    return written(timezone.now() + timedelta(minutes=minutes))


def written(when: datetime) -> str:
    return timezone.localtime(when).replace(microsecond=0).isoformat()


def area(
    polygon: str = AROUND, *, circle: str = "", codes: tuple[tuple[str, str], ...] = (), about: str = "문산읍"
) -> str:
    shapes = f"<polygon>{polygon}</polygon>" if polygon else ""
    shapes += f"<circle>{circle}</circle>" if circle else ""
    for name, value in codes:
        shapes += f"<geocode><valueName>{name}</valueName><value>{value}</value></geocode>"
    return f"<area><areaDesc>{about}</areaDesc>{shapes}</area>"


def info(areas: str | None = None, **fields: str) -> str:
    """`fields` take the place of what stands here; None leaves an element out."""
    parts = {
        "language": "ko-KR",
        "category": "Fire",
        "event": "산불",
        "urgency": "Immediate",
        "severity": "Severe",
        "certainty": "Observed",
        "effective": None,
        "expires": at(60),
        "headline": "문산읍 산불",
        "description": None,
        "instruction": "대피하십시오",
        **fields,
    }
    inner = "".join(f"<{tag}>{text}</{tag}>" for tag, text in parts.items() if text is not None)
    return f"<info>{inner}{area() if areas is None else areas}</info>"


def alert(infos: str | None = None, *, namespace: str = NAMESPACE, **fields: str) -> str:
    parts = {
        "identifier": f"alert-{next(_count)}",
        "sender": SENDER,
        "sent": at(),
        "status": "Actual",
        "msgType": "Alert",
        "scope": "Public",
        "references": None,
        **fields,
    }
    inner = "".join(f"<{tag}>{text}</{tag}>" for tag, text in parts.items() if text is not None)
    return f'<alert xmlns="{namespace}">{inner}{info() if infos is None else infos}</alert>'


def cancel_of(former: str, sent: str, msg_type: str = "Cancel", **fields: str) -> str:
    infos = "" if msg_type == "Cancel" else None
    references = f"{fields.get('sender', SENDER)},{former},{sent}"
    return alert(infos, **{"msgType": msg_type, "references": references, **fields})
