"""지원 자격: who may have a computer repaired, and what to say to whom may not. Pure.

Advises the citizen before the form (it never locks out: the office decides) and tells the clerk what the rule says of a
case. Source: the city's notice on 컴퓨터 무상수리 (지원 대상, 한도, 한 해 한 번); its numbers come dated, as `Terms`.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from .groups import Group


class Verdict(StrEnum):
    YES = "yes"
    WAITS = "waits"
    """All fits, but the money is spent: selected in the order of filing as some comes back."""
    ASK = "ask"
    """Something is not known: a person has to look."""
    NO = "no"


class Why(StrEnum):
    """What a reason is about. Stable: kept with a decision."""

    # For NO, in the order in which they are told: when, where, who, how often, how much.
    NOT_OPEN_YET = "not_open_yet"
    CLOSED = "closed"
    NOT_HERE = "not_here"
    NO_GROUP = "no_group"
    USED = "used"
    TOO_MANY_DEVICES = "too_many_devices"
    SPENT = "spent"
    # For ASK, in the same order.
    HOME_UNKNOWN = "home_unknown"
    GROUP_UNKNOWN = "group_unknown"
    USE_UNKNOWN = "use_unknown"
    SEVERAL_DEVICES = "several_devices"
    # For WAITS and YES.
    IN_ORDER = "in_order"
    FITS = "fits"
    PAYS = "pays"


@dataclass(frozen=True)
class Asked:
    """What is known of whoever applies; None is not known. An organisation knows that it is one: without a group it
    is judged as a household."""

    group: Group | None
    lives_here: bool | None
    """Registered in Jinju; an organisation: has its seat here."""
    used_this_year: bool | None
    """The household had a computer repaired in this programme year. Not asked of an organisation."""
    devices: int = 1

    def __post_init__(self) -> None:
        if self.devices < 1:
            raise ValueError("at least one device")

    @property
    def is_organisation(self) -> bool:
        return self.group is Group.ORGANISATION


@dataclass(frozen=True)
class Terms:
    """The dated rule and the state of the programme year. Money in won."""

    groups: frozenset[Group]
    cap_won: int
    """For a household, or for each device of an organisation."""
    once_a_year: bool
    organisation_devices: int
    """At most."""
    opens_on: date
    closes_on: date
    """The last day."""
    left_won: int
    """Neither spent nor reserved."""
    when_spent: Literal["close", "wait"]


@dataclass(frozen=True)
class Reason:
    code: Why
    words: str


@dataclass(frozen=True)
class Answer:
    verdict: Verdict
    reasons: tuple[Reason, ...]
    bring: tuple[str, ...]
    """Papers, by the names they have at the counter; none with a NO. `BRING_NOTE` goes with them."""


IDENTITY, RESIDENCE = "신분증", "주민등록등본"
#: 전자정부법 제36조 (행정정보 공동이용): what an office can look up, nobody has to bring.
BRING_NOTE = "동의해 주시면 직원이 대신 확인할 수 있는 서류가 많습니다. 서류가 없어도 신청하실 수 있습니다."
_PAPERS: dict[Group, tuple[str, ...]] = {
    Group.BASIC_LIVING: ("기초생활수급자 증명서",),
    Group.NEAR_POOR: ("차상위계층 확인서",),
    Group.DISABLED: ("장애인등록증(복지카드)",),
    Group.SINGLE_PARENT: ("한부모가족 증명서",),
    Group.GRANDPARENTS: ("가족관계증명서",),
    Group.MULTICULTURAL: ("가족관계증명서 또는 혼인관계증명서", "외국인등록증(국적을 얻지 않으신 경우)"),
    Group.MANY_CHILDREN: ("다자녀카드(경남i다누리카드)가 있으면 그 카드",),
    Group.VETERAN: ("국가유공자증 또는 보훈대상자 확인원",),
    Group.DEFECTOR: ("북한이탈주민등록확인서",),
    Group.ORGANISATION: ("고유번호증 또는 사회복지시설 신고증",),
}


def judge(asked: Asked, terms: Terms, on: date) -> Answer:
    """What the rule says. `on`: the day of filing (who filed in time is not late because the office was); today
    before there is a case. A NO has every reason for it; an ASK what is unknown, and whether the money is spent."""
    refusals = _refusals(asked, terms, on)
    if refusals:
        return Answer(Verdict.NO, refusals, ())
    unknown, bring = _unknown(asked, terms), papers(asked.group)
    waits = () if _is_enough(asked, terms) else (Reason(Why.IN_ORDER, _in_order(asked, terms)),)
    if unknown:
        return Answer(Verdict.ASK, unknown + waits, bring)
    pays = Reason(Why.PAYS, _pays(asked, terms))
    if waits:
        return Answer(Verdict.WAITS, (*waits, pays), bring)
    return Answer(Verdict.YES, (Reason(Why.FITS, "지원 대상에 해당합니다. 신청해 주세요."), pays), bring)


def papers(group: Group | None) -> tuple[str, ...]:
    """What shows that somebody is who they say, lives here and is of the group."""
    if group is Group.ORGANISATION:
        return (f"방문하시는 분의 {IDENTITY}", *_PAPERS[group])
    return (IDENTITY, RESIDENCE, *(_PAPERS[group] if group else ()))


def _refusals(asked: Asked, terms: Terms, on: date) -> tuple[Reason, ...]:
    found: list[Reason] = []
    is_open = terms.opens_on <= on <= terms.closes_on
    if on < terms.opens_on:
        found.append(
            Reason(Why.NOT_OPEN_YET, f"아직 접수 기간이 아닙니다. {_day(terms.opens_on)}부터 받습니다.")
        )
    if on > terms.closes_on:
        found.append(Reason(Why.CLOSED, f"접수가 {_day(terms.closes_on)}에 끝났습니다."))
    if asked.lives_here is False:
        whose = "진주시에 있는 단체만" if asked.is_organisation else "진주시에 주민등록이 된 분만"
        found.append(Reason(Why.NOT_HERE, f"{whose} 지원받으실 수 있습니다."))
    if asked.group and asked.group not in terms.groups:
        found.append(Reason(Why.NO_GROUP, f"올해는 ‘{asked.group.label}’ 지원이 없습니다."))
    if terms.once_a_year and asked.used_this_year and not asked.is_organisation:
        found.append(
            Reason(
                Why.USED,
                "한 가구에 한 해 한 번 고쳐 드립니다. 올해 이미 지원받으셨으니 내년에 다시 신청해 주세요.",
            )
        )
    if asked.is_organisation and asked.devices > terms.organisation_devices:
        most = f"단체는 컴퓨터를 {terms.organisation_devices}대까지 신청하실 수 있습니다."
        found.append(Reason(Why.TOO_MANY_DEVICES, f"{most} 대수를 줄여 주세요."))
    # Of a year that has not begun or is over, the money says nothing: it may not be set, or have been taken back.
    if is_open and terms.when_spent == "close" and not _is_enough(asked, terms):
        less = "대수를 줄여 주세요." if _could(asked, terms) else "내년에 다시 신청해 주세요."
        found.append(Reason(Why.SPENT, f"{_short(asked, terms)} {less}"))
    return tuple(found)


def _unknown(asked: Asked, terms: Terms) -> tuple[Reason, ...]:
    found: list[Reason] = []
    if asked.lives_here is None:
        words = "단체가 진주시에 있는지" if asked.is_organisation else "진주시에 주민등록이 되어 있는지"
        found.append(Reason(Why.HOME_UNKNOWN, f"{words} 직원이 확인해 드립니다."))
    if asked.group is None:
        found.append(Reason(Why.GROUP_UNKNOWN, "지원 대상에 해당하는지 직원이 확인해 드립니다."))
    if asked.is_organisation:
        return tuple(found)
    if terms.once_a_year and asked.used_this_year is None:
        found.append(Reason(Why.USE_UNKNOWN, "올해 이미 지원받으셨는지 직원이 확인해 드립니다."))
    if asked.devices > 1:
        words = "한 가구에 컴퓨터 한 대를 고쳐 드립니다. 여러 대를 고칠 수 있는지는 직원과 상의해 주세요."
        found.append(Reason(Why.SEVERAL_DEVICES, words))
    return tuple(found)


def _is_enough(asked: Asked, terms: Terms) -> bool:
    """Whether what would be reserved is there: the whole cap, as nobody knows yet what the repair costs."""
    return terms.left_won >= terms.cap_won * (asked.devices if asked.is_organisation else 1)


def _could(asked: Asked, terms: Terms) -> int:
    """Devices of an organisation for which the money is there, if it is not for all. The cap is then no zero."""
    return terms.left_won // terms.cap_won if asked.is_organisation else 0


def _short(asked: Asked, terms: Terms) -> str:
    if could := _could(asked, terms):
        return f"올해 남은 예산으로는 컴퓨터를 {could}대까지만 고쳐 드릴 수 있습니다."
    return "올해 예산을 모두 썼습니다."


def _in_order(asked: Asked, terms: Terms) -> str:
    return f"{_short(asked, terms)} 신청해 두시면 예산이 남는 대로 접수한 순서에 따라 도와드립니다."


def _pays(asked: Asked, terms: Terms) -> str:
    of_what = "컴퓨터 한 대에 수리비를" if asked.is_organisation else "수리비를"
    own = "그보다 더 들면 먼저 여쭙고, 넘는 금액만 직접 내시면 됩니다."
    return f"{of_what} {won(terms.cap_won)}까지 시에서 냅니다. {own}"


def won(amount: int) -> str:
    """As people say it: 20만 원, 155,000원."""
    return f"{amount // 10_000:,}만 원" if amount and amount % 10_000 == 0 else f"{amount:,}원"


def _day(day: date) -> str:
    return f"{day.year}년 {day.month}월 {day.day}일"
