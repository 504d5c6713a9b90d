"""How a request for a visiting class moves, and the class itself. Pure; held by the database too (migration 0002)."""

from django.db import models

#: 세 명부터 찾아갑니다 (the city's announcement of 디지털배움터). Fewer are held and joined with others.
LEAST_PEOPLE = 3


class RequestState(models.TextChoices):
    HELD = "held", "함께할 분을 기다림"
    OPEN = "open", "일정을 잡는 중"
    PLANNED = "planned", "수업이 잡힘"
    DONE = "done", "마침"
    WITHDRAWN = "withdrawn", "신청을 거둠"
    REFUSED = "refused", "드리지 못함"


class ClassState(models.TextChoices):
    PROPOSED = "proposed", "제안함"
    CONFIRMED = "confirmed", "확정"
    TAUGHT = "taught", "수업함"
    REPORTED = "reported", "결과를 적음"
    CALLED_OFF = "called_off", "취소"


R, C = RequestState, ClassState
REQUEST_TRANSITIONS: dict[RequestState, frozenset[RequestState]] = {
    R.HELD: frozenset({R.OPEN, R.PLANNED, R.WITHDRAWN, R.REFUSED}),
    R.OPEN: frozenset({R.HELD, R.PLANNED, R.WITHDRAWN, R.REFUSED}),
    R.PLANNED: frozenset({R.HELD, R.OPEN, R.DONE, R.WITHDRAWN, R.REFUSED}),
    **dict.fromkeys((R.DONE, R.WITHDRAWN, R.REFUSED), frozenset()),
}
CLASS_TRANSITIONS: dict[ClassState, frozenset[ClassState]] = {
    C.PROPOSED: frozenset({C.CONFIRMED, C.CALLED_OFF}),
    C.CONFIRMED: frozenset({C.PROPOSED, C.TAUGHT, C.CALLED_OFF}),
    C.TAUGHT: frozenset({C.REPORTED}),
    **dict.fromkeys((C.REPORTED, C.CALLED_OFF), frozenset()),
}


class Deed(models.TextChoices):
    """What happened, in the history of a request or a class."""

    ASKED = "asked", "신청함"
    PLANNED = "planned", "수업을 제안함"
    JOINED = "joined", "가까운 분들과 함께 수업을 제안함"
    AGREED = "agreed", "제안에 동의함"
    DECLINED = "declined", "제안을 사양함"
    CAME_APART = "came_apart", "함께하던 수업이 취소되어 다시 기다림"
    WITHDRAWN = "withdrawn", "신청을 거둠"
    REFUSED = "refused", "드리지 못함"
    ASSIGNED = "assigned", "강사를 정함"
    ACCEPTED = "accepted", "강사가 확인함"
    RELEASED = "released", "강사 배정을 풂"
    CONFIRMED = "confirmed", "확정함"
    MOVED = "moved", "날짜와 시간을 바꿈"
    CALLED_OFF = "called_off", "수업을 취소함"
    TAUGHT = "taught", "수업함"
    REPORTED = "reported", "결과를 적음"
    DONE = "done", "마침"


def waits_as(people: int) -> RequestState:
    """How a request of so many waits: below the least number for others, else for its time."""
    return RequestState.OPEN if people >= LEAST_PEOPLE else RequestState.HELD
