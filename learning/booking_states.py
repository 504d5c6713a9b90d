"""How a booking may move. Pure; the database holds the same table by a trigger (migration 0002)."""

from django.db import models


class State(models.TextChoices):
    CONFIRMED = "confirmed", "자리 있음"
    WAITING = "waiting", "기다리는 중"
    OFFERED = "offered", "자리가 나서 답을 기다림"
    CANCELLED = "cancelled", "취소함"
    DECLINED = "declined", "사양함"
    EXPIRED = "expired", "답할 때가 지남"
    NO_SEAT = "no_seat", "자리가 나지 않음"
    MOVED = "moved", "다른 수업으로 옮김"
    CALLED_OFF = "called_off", "휴강"


CHOICES = State.choices
#: Has a seat.
HOLDING = frozenset({State.CONFIRMED, State.OFFERED})
#: Counts as the one booking of a person and session.
LIVE = HOLDING | {State.WAITING}
_ENDS = frozenset({State.CANCELLED, State.MOVED, State.CALLED_OFF})
TRANSITIONS: dict[State, frozenset[State]] = {
    State.CONFIRMED: _ENDS,
    State.WAITING: _ENDS | {State.OFFERED, State.NO_SEAT},
    State.OFFERED: _ENDS | {State.CONFIRMED, State.DECLINED, State.EXPIRED},
    **dict.fromkeys(set(State) - LIVE, frozenset()),
}


class NotPossible(ValueError):
    """A deed that does not fit; its text says in Korean why, and what to do."""


def check(before: str, after: str) -> None:
    """NotPossible if a booking in `before` cannot become `after`."""
    if State(after) not in TRANSITIONS[State(before)]:
        raise NotPossible(
            f"‘{State(before).label}’ 상태에서는 할 수 없는 일입니다. 화면을 새로 고쳐 지금 상태를 확인해 주세요."
        )
