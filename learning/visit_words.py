"""What a visit's pages say of a state: words and the look of its badge (static/css/marks.css), and what comes next."""

from datetime import datetime
from typing import Protocol, cast

from people.phones import national

from .models import Session, VisitClass, VisitRequest, VisitStep
from .session_words import when_words
from .visit_states import ClassState, Deed, RequestState

LOOKS = {
    RequestState.HELD: "wait",
    RequestState.OPEN: "info",
    RequestState.PLANNED: "warn",
    RequestState.DONE: "good",
    RequestState.WITHDRAWN: "wait",
    RequestState.REFUSED: "bad",
    ClassState.PROPOSED: "warn",
    ClassState.CONFIRMED: "good",
    ClassState.TAUGHT: "info",
    ClassState.REPORTED: "good",
    ClassState.CALLED_OFF: "bad",
}


class Timed(Protocol):
    """A visiting class, a wish, a proposal: whatever is from one moment to another."""

    @property
    def starts_at(self) -> datetime: ...

    @property
    def ends_at(self) -> datetime: ...


def when(thing: Timed) -> str:
    """12월 3일(목) 오후 2시~4시, as of a class at a centre."""
    return when_words(cast(Session, thing))


def state_words(request: VisitRequest) -> tuple[str, str]:
    """Of a request, for whoever asked: (words, look). Its class should be loaded."""
    visit = request.visit_class
    if request.state == RequestState.PLANNED and visit is not None:
        if visit.state != ClassState.PROPOSED:
            return "수업이 정해짐", "good"
        return ("강사 확인을 기다림", "info") if request.agreed_at else ("답해 주세요", "warn")
    return request.get_state_display(), LOOKS[RequestState(request.state)]


def comes_next(request: VisitRequest) -> str:
    """In a sentence, for whoever asked."""
    visit = request.visit_class
    if request.state == RequestState.HELD:
        return (
            "세 분부터 찾아갑니다. 신청을 그대로 두고, 가까운 곳에서 같은 수업을 바라는 분을 찾고 있습니다."
            " 찾으면 문자로 알려 드립니다."
        )
    if request.state == RequestState.OPEN:
        return "날짜와 강사를 정하고 있습니다. 정해지면 문자로 알려 드립니다."
    if request.state == RequestState.PLANNED and visit is not None:
        if visit.state == ClassState.PROPOSED:
            if request.agreed_at is None:
                return "아래 날짜와 곳이 괜찮으신지 답해 주세요."
            return "괜찮다고 하셨습니다. 강사가 확인하면 문자로 알려 드립니다."
        return f"{when(visit)}에 강사 두 분이 찾아갑니다."
    if request.state == RequestState.DONE:
        return "수업을 마쳤습니다. 다른 것도 배우고 싶으시면 다시 신청해 주세요."
    return ""


def timeline(steps: list[VisitStep]) -> list[dict[str, str]]:
    """What happened, the latest first."""
    return [
        {"words": Deed(step.deed).label, "who": step.get_who_display(), "why": step.why or "", "at": step.at}  # type: ignore[dict-item]
        for step in reversed(steps)
    ]


def contact_of(request: VisitRequest) -> str:
    """Their number as people write it; "" once it was erased."""
    return national(request.contact_phone) if request.contact_phone else ""


def class_look(visit: VisitClass) -> str:
    return LOOKS[ClassState(visit.state)]
