"""Whether an alert concerns anybody, what would be said, and what a person should look at first. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..categories import CATEGORIES, Severity
from .kinds import kind_of
from .matching import Match, Place, match
from .message import Info, Message
from .refused import Refused
from .words import HANGUL, words_of

#: An alert that was sent longer ago is a replay, whatever it says of its end.
OLDEST = timedelta(hours=24)
#: Clocks differ; but nobody sends tomorrow's alert today.
EARLIEST = timedelta(minutes=10)
NOT_ACTUAL = {"Exercise": "훈련", "Test": "시험", "System": "시스템 알림", "Draft": "초안"}
#: From the gravest on.
GRAVITY = list(Severity.values)


class Elsewhere(Refused):
    """It is in order, and reaches no village of ours."""


@dataclass(frozen=True)
class Judged:
    """What is to be said where. `doubts`: Korean reasons for which a person looks at it before it is sent."""

    category: str
    severity: Severity
    event: str
    text: str
    villages: frozenset[int]
    expires: datetime
    doubts: tuple[str, ...]


def nothing_to_do(message: Message, now: datetime) -> str:
    """A Korean sentence saying why it is not acted on; "" if it is. Raises Refused for a date that cannot be."""
    if message.name.sent > now + EARLIEST:
        raise Refused(
            "wrong_date", "보낸 때가 아직 오지 않은 때입니다. 시계를 확인해 주세요.", "sent is in the future"
        )
    if message.status != "Actual":
        return f"실제 상황이 아닙니다({NOT_ACTUAL[message.status]})."
    if message.scope != "Public":
        return "모두에게 알리는 경보가 아닙니다."
    if message.msg_type in ("Ack", "Error"):
        return "경보가 아니라 답장입니다."
    if message.name.sent < now - OLDEST:
        return "보낸 지 하루가 넘은 경보입니다."
    if message.infos and all(end_of(message, info) <= now for info in message.infos):
        return "끝나는 때가 지난 경보입니다."
    return ""


def end_of(message: Message, info: Info) -> datetime:
    """Until when it holds. Where it does not say: as long as our own broadcasts of that kind."""
    return info.expires or message.name.sent + CATEGORIES[_kind(info)].lasts


def judge(message: Message, places: Sequence[Place], now: datetime, most_letters: int) -> Judged:
    """Raises Elsewhere where it reaches no village.

    Blocks in other languages say the same again: the Korean ones count, or else those of the first language. Where
    several are left, they tell different places different things: only the gravest that reaches us, for a person to
    look at, and never one block's words to another block's villages.
    """
    valid = [info for info in message.infos if end_of(message, info) > now]
    language = next((i.language for i in valid if i.language[:2] == "ko"), valid[0].language)[:2]
    ours = [info for info in valid if info.language[:2] == language]
    matched = [(info, match(info.areas, places)) for info in ours]
    reaching = [(i, m) for i, m in matched if m.villages] or [(i, m) for i, m in matched if m.near]
    if not reaching:
        raise _elsewhere([m for _, m in matched], any(info.areas for info in ours))
    info, where = min(reaching, key=lambda pair: GRAVITY.index(pair[0].severity))
    category, text = _kind(info), words_of(info, most_letters)
    doubts = []
    if not HANGUL.search(text):
        doubts.append("우리말로 된 글이 없습니다.")
    if len(reaching) > 1:
        doubts.append("지역마다 내용이 다른 경보입니다. 가장 심각한 것만 담았습니다.")
    if not where.villages:
        doubts.append("경보 지역 안에 마을이 없어, 2km 안의 마을을 담았습니다.")
    if where.unread:
        doubts.append("알 수 없는 지역 코드가 함께 있습니다.")
    if info.urgency == "Past" or info.certainty == "Unlikely":
        doubts.append("지난 일이거나 일어날 것 같지 않다고 적혀 있습니다.")
    if info.effective and info.effective > now + EARLIEST:
        doubts.append("아직 효력이 시작되지 않았습니다.")
    if message.name.sent < now - CATEGORIES[category].lasts:
        doubts.append("늦게 도착했습니다.")
    villages = where.villages or where.near
    return Judged(category, info.severity, info.event, text, villages, end_of(message, info), tuple(doubts))


def grave_enough(severity: str, least: str) -> bool:
    """Whether a rule to send from `least` on covers it. `least` "": never."""
    return bool(least) and GRAVITY.index(severity) <= GRAVITY.index(least)


def _kind(info: Info) -> str:
    return kind_of(info.event, info.categories, info.severity)


def _elsewhere(matches: Sequence[Match], has_area: bool) -> Elsewhere:
    if not has_area:
        return Elsewhere("no_area", "어느 지역의 경보인지 적혀 있지 않습니다.", "no area is given")
    if unread := [name for m in matches for name in m.unread]:
        return Elsewhere(
            "unknown_code",
            f"지역 코드({unread[0][:30]})를 알지 못해 어느 마을인지 알 수 없습니다.",
            f"geocode {unread[0][:60]!r} is not known, and no other shape reaches a village",
        )
    return Elsewhere(
        "elsewhere",
        "진주시의 마을에 닿지 않는 경보입니다.",
        "the area reaches no village of Jinju",
    )
