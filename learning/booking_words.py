"""What became of a booking, as whoever booked reads it: the heading, what comes next, and what happened. Pure."""

from dataclasses import dataclass
from datetime import datetime

from .booking_states import State
from .models import Booking, BookingStep
from .session_words import moment_words

Deed = BookingStep.Deed
ENDED = {
    State.CANCELLED: ("취소하신 신청입니다", "다시 오시려면 수업을 새로 신청해 주세요."),
    State.DECLINED: ("사양하신 자리입니다", "자리는 다음 분께 드렸습니다. 다른 수업을 신청하실 수 있습니다."),
    State.EXPIRED: (
        "답하실 때가 지났습니다",
        "자리는 다음 분께 드렸습니다. 다른 수업을 신청하실 수 있습니다.",
    ),
    State.NO_SEAT: ("자리가 나지 않았습니다", "죄송합니다. 다른 수업을 신청하실 수 있습니다."),
    State.MOVED: ("다른 날로 옮기셨습니다", "옮기신 수업은 ‘내 신청’에 있습니다."),
    State.CALLED_OFF: (
        "휴강된 수업입니다",
        "오지 않으셔도 됩니다. 죄송합니다. 다른 수업을 신청하실 수 있습니다.",
    ),
}
HAPPENED = {
    Deed.BOOKED: "신청하셨습니다.",
    Deed.OFFERED: "자리가 나서 알려 드렸습니다.",
    Deed.TOOK: "오시겠다고 답하셨습니다.",
    Deed.DECLINED: "안 오시겠다고 답하셨습니다.",
    Deed.EXPIRED: "답하실 때가 지나 자리를 다음 분께 드렸습니다.",
    Deed.CANCELLED: "신청을 취소했습니다.",
    Deed.MOVED: "다른 날로 옮겼습니다.",
    Deed.CALLED_OFF: "수업이 휴강되었습니다.",
    Deed.CHANGED: "수업의 때나 곳이 바뀌었습니다.",
    Deed.NO_SEAT: "자리가 나지 않은 채 수업이 시작되었습니다.",
    Deed.CAME: "수업에 나오셨습니다.",
    Deed.ABSENT: "결석으로 적었습니다.",
    Deed.UNMARKED: "출석을 다시 확인하고 있습니다.",
    Deed.CERTIFIED: "수료증을 받으셨습니다.",
}


@dataclass(frozen=True)
class Words:
    """`mark`: a badge of static/css/marks.css."""

    heading: str
    next: str
    mark: str


def words(booking: Booking, place: int, now: datetime) -> Words:
    """`place`: in the waiting list, 1 is next; 0 if they do not wait."""
    state = State(booking.state)
    if state == State.OFFERED and booking.offer_until and booking.offer_until > now:
        until = moment_words(booking.offer_until)
        return Words(
            "자리가 났습니다. 오시겠어요?", f"{until}까지 답해 주세요. 그 뒤에는 다음 분께 드립니다.", "warn"
        )
    if state == State.OFFERED:
        return Words(*ENDED[State.EXPIRED], "wait")
    if state == State.WAITING:
        told = "자리가 나면 신청하신 순서대로 알려 드립니다. 지금 하실 일은 없습니다."
        return Words(f"대기 {place}번째입니다", told, "wait")
    if state == State.CONFIRMED:
        return _confirmed(booking, now)
    return Words(*ENDED[state], "wait")


def _confirmed(booking: Booking, now: datetime) -> Words:
    if booking.attendance == Booking.Attendance.CAME:
        return Words("수업에 나오셨습니다", "수료증을 받으실 수 있습니다.", "good")
    if booking.attendance == Booking.Attendance.ABSENT:
        return Words("결석으로 적혀 있습니다", "나오셨는데 잘못 적혔으면 아래 번호로 전화해 주세요.", "warn")
    if now >= booking.session.ends_at:
        return Words("수업이 끝났습니다", "배움터에서 출석을 확인하면 수료증을 받으실 수 있습니다.", "good")
    if now >= booking.session.starts_at:
        return Words("지금 수업 중입니다", "", "good")
    told = f"{moment_words(booking.session.starts_at)}까지 오시면 됩니다. 전날 한 번 더 알려 드립니다."
    return Words(
        "자리를 잡았습니다", f"{told} 못 오시게 되면 꼭 취소해 주세요. 기다리는 분이 있습니다.", "good"
    )


def timeline(steps: list[BookingStep]) -> list[tuple[datetime, str]]:
    """(when, what), the newest first."""
    return [(step.at, HAPPENED[Deed(step.deed)]) for step in reversed(steps) if step.deed in HAPPENED]
