"""An alert as CAP 1.2 says it (OASIS, section 3.2), from a tree of XML. Pure: no database, no clock.

Strict where the standard is: what is not valid is refused with the name of the element, not guessed at.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from xml.etree.ElementTree import Element

from ..categories import Severity
from .areas import Area, area_of
from .reading import tree_of
from .refused import Refused

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
_CAP = f"{{{NAMESPACE}}}"
STATUSES = ("Actual", "Exercise", "System", "Test", "Draft")
MSG_TYPES = ("Alert", "Update", "Cancel", "Ack", "Error")
SCOPES = ("Public", "Restricted", "Private")
CATEGORIES = (
    *("Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra"),
    *("CBRNE", "Other"),
)
URGENCIES = ("Immediate", "Expected", "Future", "Past", "Unknown")
CERTAINTIES = ("Observed", "Likely", "Possible", "Unlikely", "Unknown")
MOST_REFERENCES, MOST_INFOS, MOST_AREAS = 50, 20, 500
#: Of all polygons: whether one crosses itself takes time that grows with the square.
MOST_POINTS_IN_ALL = 4000
MOST_CIRCLES_IN_ALL = 1000
#: As the XSD has it; "Z" is not allowed.
_WHEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[-+][0-9]{2}:[0-9]{2}")
#: Of an identifier and a sender: no blanks, commas, < or & (3.2.1), and as long as the column.
_NAME = re.compile(r"[^\s,<&]{1,200}")


@dataclass(frozen=True)
class Reference:
    """What names an alert: who sent it, its identifier, and when it was sent."""

    sender: str
    identifier: str
    sent: datetime


@dataclass(frozen=True)
class Info:
    """`language` in small letters. Texts are stripped; "" where there is none."""

    language: str
    categories: tuple[str, ...]
    event: str
    urgency: str
    severity: Severity
    certainty: str
    effective: datetime | None
    expires: datetime | None
    headline: str
    description: str
    instruction: str
    areas: tuple[Area, ...]


@dataclass(frozen=True)
class Message:
    """`xml`: as it came, decoded."""

    name: Reference
    status: str
    msg_type: str
    scope: str
    references: tuple[Reference, ...]
    infos: tuple[Info, ...]
    xml: str


def read(data: bytes) -> Message:
    """Raises Refused."""
    root, xml = tree_of(data)
    if root.tag != f"{_CAP}alert":
        raise Refused(
            "not_cap_1_2",
            "CAP 1.2 경보가 아닙니다. 이름 공간(namespace)을 확인해 주세요.",
            f"the root is {root.tag[:100]}, not alert of {NAMESPACE}",
        )
    if sum((each.text or "").count(",") for each in root.iter(f"{_CAP}polygon")) > MOST_POINTS_IN_ALL:
        raise _too_many("polygon points", MOST_POINTS_IN_ALL)
    if sum(1 for _ in root.iter(f"{_CAP}circle")) > MOST_CIRCLES_IN_ALL:
        raise _too_many("circle", MOST_CIRCLES_IN_ALL)
    sent = _time(root, "sent")
    if sent is None:
        raise _missing("sent")
    msg_type = _one_of(root, "msgType", MSG_TYPES)
    references = _references(_text(root, "references"))
    if msg_type in ("Update", "Cancel") and not references:
        raise _missing("references")
    infos = _all(root, "info", MOST_INFOS)
    if msg_type in ("Alert", "Update") and not infos:
        raise _missing("info")
    return Message(
        name=Reference(_name(root, "sender"), _name(root, "identifier"), sent),
        status=_one_of(root, "status", STATUSES),
        msg_type=msg_type,
        scope=_one_of(root, "scope", SCOPES),
        references=references,
        infos=tuple(_info(info, sent) for info in infos),
        xml=xml,
    )


def _info(info: Element, sent: datetime) -> Info:
    categories = tuple((each.text or "").strip() for each in info.findall(f"{_CAP}category"))
    if not categories:
        raise _missing("category")
    if unknown := set(categories) - set(CATEGORIES):
        raise _wrong("category", unknown.pop())
    if not (event := _text(info, "event")):
        raise _missing("event")
    expires = _time(info, "expires")
    if expires and expires < sent:
        raise Refused("wrong_date", "끝나는 때가 보낸 때보다 이릅니다.", "expires is before sent")
    return Info(
        language=_text(info, "language").lower() or "en-us",  # the standard's default
        categories=categories,
        event=event,
        urgency=_one_of(info, "urgency", URGENCIES),
        severity=Severity(_one_of(info, "severity", Severity.values)),
        certainty=_one_of(info, "certainty", CERTAINTIES),
        effective=_time(info, "effective"),
        expires=expires,
        headline=_text(info, "headline"),
        description=_text(info, "description"),
        instruction=_text(info, "instruction"),
        areas=tuple(_area(area) for area in _all(info, "area", MOST_AREAS)),
    )


def _area(area: Element) -> Area:
    if not (about := _text(area, "areaDesc")):
        raise _missing("areaDesc")
    codes = [(_text(code, "valueName"), _text(code, "value")) for code in area.findall(f"{_CAP}geocode")]
    polygons = [each.text or "" for each in area.findall(f"{_CAP}polygon")]
    circles = [each.text or "" for each in area.findall(f"{_CAP}circle")]
    return area_of(about, polygons, circles, codes)


def _references(text: str) -> tuple[Reference, ...]:
    """sender,identifier,sent of each, blanks between them (3.2.1)."""
    found = []
    for each in text.split():
        parts = each.split(",")
        if len(parts) != 3 or not all(map(_NAME.fullmatch, parts)):
            raise _wrong("references", each)
        found.append(Reference(parts[0], parts[1], _moment("references", parts[2])))
    if len(found) > MOST_REFERENCES:
        raise _too_many("references", MOST_REFERENCES)
    return tuple(found)


def _all(of: Element, name: str, most: int) -> list[Element]:
    found = of.findall(f"{_CAP}{name}")
    if len(found) > most:
        raise _too_many(name, most)
    return found


def _text(of: Element, name: str) -> str:
    found = of.findall(f"{_CAP}{name}")
    if len(found) > 1:
        raise Refused("repeated", f"{name} 항목이 두 번 들어 있습니다.", f"{name} occurs more than once")
    return (found[0].text or "").strip() if found else ""


def _name(of: Element, name: str) -> str:
    text = _text(of, name)
    if not text:
        raise _missing(name)
    if not _NAME.fullmatch(text):
        raise _wrong(name, text)
    return text


def _one_of(of: Element, name: str, allowed: "tuple[str, ...] | list[str]") -> str:
    text = _text(of, name)
    if not text:
        raise _missing(name)
    if text not in allowed:
        raise _wrong(name, text)
    return text


def _time(of: Element, name: str) -> datetime | None:
    text = _text(of, name)
    return _moment(name, text) if text else None


def _moment(name: str, text: str) -> datetime:
    try:
        if not _WHEN.fullmatch(text):
            raise ValueError
        at = datetime.fromisoformat(text)
        if not 2000 <= at.year <= 2200:
            raise ValueError
    except ValueError:
        raise Refused(
            "wrong_date",
            f"{name}의 날짜와 시각을 읽을 수 없습니다. 보기: 2026-11-22T09:00:00+09:00",
            f"{name}: {text[:40]!r} is no date of CAP 1.2, like 2026-11-22T09:00:00+09:00 (no Z)",
        ) from None
    return at


def _missing(name: str) -> Refused:
    return Refused("missing", f"있어야 할 {name} 항목이 없습니다.", f"{name} is missing")


def _wrong(name: str, value: str) -> Refused:
    return Refused(
        "wrong_value", f"{name} 항목의 값을 알 수 없습니다.", f"{name}: {value[:60]!r} is not allowed"
    )


def _too_many(name: str, most: int) -> Refused:
    return Refused(
        "too_many", f"{name} 항목이 너무 많습니다. {most}개까지 받습니다.", f"at most {most} {name}"
    )
