"""What became of an application, as its applicant reads it: what happened, what comes next and by when. Pure.

What the staff note among themselves is not in here: why is told of what was asked for, refused or decided.
"""

from dataclasses import dataclass
from datetime import date, datetime

from .models import Case, Step
from .states import LABELS, State

Deed = Step.Deed
#: What is told of a deed; a deed that is not here is the office's own affair.
HAPPENED = {
    Deed.FILED: "신청을 받았습니다.",
    Deed.CORRECTED: "신청 내용을 고쳤습니다.",
    Deed.ASKED_PAPER: "서류가 더 필요해 요청드렸습니다.",
    Deed.BROUGHT_PAPER: "서류를 받았습니다.",
    Deed.CONFIRMED: "자격을 확인했습니다.",
    Deed.SELECTED: "선정되셨습니다.",
    Deed.PUT_IN_ORDER: "예산이 남기를 기다리는 차례에 올렸습니다.",
    Deed.REFUSED: "지원해 드리지 못하게 되었습니다.",
    Deed.KEPT_OPEN: "다시 살펴보고 있습니다.",
    Deed.WITHDREW: "신청을 거두셨습니다.",
    Deed.OBJECTED: "이의신청을 받았습니다.",
    Deed.REOPENED: "이의신청을 받아들여 다시 살펴봅니다.",
    Deed.UPHELD: "이의신청을 살펴보았으나 지원해 드리지 못합니다.",
    Deed.MOVED: "담당 읍면동이 바뀌었습니다.",
    Deed.CARRIED: "올해 예산이 모자라 다음 해의 차례로 넘겼습니다.",
    Deed.CHANGED_CONTRACTOR: "찾아갈 수리 업체가 바뀌었습니다. 방문 기한은 그대로입니다.",
    Deed.PAUSED: "방문 기한을 잠시 멈췄습니다.",
    Deed.RESUMED: "방문 기한을 다시 셉니다.",
    Deed.TOOK: "찾아갈 수리 기사가 정해졌습니다.",
    Deed.GAVE_BACK: "찾아갈 수리 기사를 다시 정하고 있습니다.",
    Deed.ARRIVED: "수리 기사가 방문했습니다.",
    Deed.BROKE_OFF: "수리를 다 마치지 못해 다시 찾아갑니다.",
    Deed.ASKED_CONSENT: "지원 금액을 넘는 수리비에 동의하시는지 여쭈었습니다.",
    Deed.AGREED: "지원 금액을 넘는 수리비에 동의하셨습니다.",
    Deed.DECLINED: "지원 금액을 넘는 수리는 하지 않기로 하셨습니다.",
    Deed.FINISHED: "수리를 마쳤습니다.",
    Deed.RATED: "만족도를 알려 주셨습니다.",
}
#: Of these the applicant reads why.
TOLD_WHY = frozenset({Deed.ASKED_PAPER, Deed.REFUSED, Deed.UPHELD})
WEEKDAYS = "월화수목금토일"


@dataclass(frozen=True)
class Happened:
    at: datetime
    words: str
    why: str


def timeline(steps: list[Step]) -> list[Happened]:
    """The newest first."""
    told = [step for step in steps if step.deed in HAPPENED]
    return [
        Happened(step.at, HAPPENED[Deed(step.deed)], (step.why or "") if step.deed in TOLD_WHY else "")
        for step in reversed(told)
    ]


def state_words(case: Case) -> str:
    return LABELS[State(case.state)][1]


def day_words(day: date) -> str:
    """7월 3일(금)"""
    return f"{day.month}월 {day.day}일({WEEKDAYS[day.weekday()]})"


def hour_words(at: datetime) -> str:
    """7월 3일(금) 오후 2시 30분. `at`: local."""
    half, hour = ("오전" if at.hour < 12 else "오후"), at.hour % 12 or 12
    return f"{day_words(at.date())} {half} {hour}시" + (f" {at.minute}분" if at.minute else "")


def comes_next(
    case: Case,
    today: date,
    *,
    if_selected_today: date | None = None,
    planned_at: datetime | None = None,
    paused: bool = False,
    objection_until: date | None = None,
) -> str:
    """The next thing and its date, and what the applicant does; "" if nothing comes any more.

    `if_selected_today`: the deadline that a selection today would give. `planned_at`: local, of the open visit.
    """
    state = State(case.state)
    if state in (State.RECEIVED, State.CONFIRMED, State.OBJECTED, State.REFUSAL):
        if state in (State.RECEIVED, State.CONFIRMED) and if_selected_today:
            return (
                "결과를 문자나 전화로 알려 드립니다."
                f" 만약 오늘 선정되시면 {day_words(if_selected_today)}까지 수리 기사가 찾아갑니다."
            )
        return "결과를 문자나 전화로 알려 드립니다. 지금 하실 일은 없습니다."
    if state == State.PAPERS:
        return "서류를 사진으로 찍어 보내시거나, 읍면동 행정복지센터로 가져와 주세요."
    if state == State.WAITING:
        return "차례가 되면 문자나 전화로 알려 드립니다. 지금 하실 일은 없습니다."
    if state == State.REFUSED and objection_until and today <= objection_until:
        return f"받아들이기 어려우시면 {day_words(objection_until)}까지 이의신청을 하실 수 있습니다."
    if state == State.REFUSED:
        return "더 다투시는 방법(행정심판, 행정소송)은 아래 번호로 물어봐 주세요."
    if state == State.DONE and case.satisfaction is None:
        return "수리가 어떠셨는지 알려 주시면 고맙겠습니다."
    if state == State.SELECTED:
        return _visit(case, today, planned_at, paused)
    return ""


def _planned(at: datetime | None) -> str:
    words = "수리 기사가 {}에 찾아갑니다. 안 되시면 아래 번호로 전화해 주세요."
    return words.format(hour_words(at)) if at else ""


def _visit(case: Case, today: date, planned_at: datetime | None, paused: bool) -> str:
    if planned_at:
        return _planned(planned_at)
    if paused or case.due_on is None:
        return "방문 기한을 잠시 멈췄습니다. 다시 셀 때 새 날짜를 알려 드립니다."
    again = "다시 " if case.arrived_at else ""
    if case.due_on < today:
        late = f"{day_words(case.due_on)}까지 {again}찾아가기로 했는데 늦어지고 있습니다. 죄송합니다."
        return f"{late} 아래 번호로 전화해 주시면 바로 알아봐 드리겠습니다."
    return f"{day_words(case.due_on)}까지 수리 기사가 {again}찾아갑니다. 오기 전에 전화드립니다."
