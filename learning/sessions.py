"""수업 하나: making it, and giving it another time or room. The database refuses two in a room; here it is said why."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format

from .actors import Actor
from .booking_states import NotPossible
from .closing import reschedule
from .history import locked_session
from .models import Booking, Course, Room, Session

#: Constraint → what is said of an instructor who is elsewhere.
INSTRUCTOR_BUSY = (
    "이 수업의 강사가 그 시간에 다른 수업이 있거나 오갈 시간이 모자랍니다. 강사를 먼저 바꿔 주세요."
)


class RoomTaken(NotPossible):
    """Another class is in the room at that time: named, so that it can be found."""

    def __init__(self, room: Room, starts_at: datetime, ends_at: datetime, but: int | None = None) -> None:
        there = clash(room, starts_at, ends_at, but)
        what = f"‘{in_words(there)}’ 수업이" if there else "다른 수업이"
        day = date_format(timezone.localtime(starts_at), "n월 j일(D) H:i")
        super().__init__(f"{day}에는 {room}에서 {what} 있습니다. 다른 시간이나 교실로 바꿔 주세요.")


def in_words(session: Session) -> str:
    """스마트폰 첫걸음 10:00~12:00"""
    starts, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    return f"{session.course.title} {starts:%H:%M}~{ends:%H:%M}"


def clash(room: Room, starts_at: datetime, ends_at: datetime, but: int | None = None) -> Session | None:
    rows = room.sessions.exclude(state=Session.State.CANCELLED).exclude(pk=but or 0).select_related("course")
    return rows.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).first()


def breaks(error: BaseException | None, constraint: str) -> bool:
    """Whether that is what refused."""
    said: str | None = getattr(
        getattr(getattr(error, "__cause__", None), "diag", None), "constraint_name", None
    )
    return said == constraint


def make(
    course: Course,
    room: Room,
    starts_at: datetime,
    minutes: int,
    capacity: int,
    opens_at: datetime,
    closes_hours: int,
) -> Session:
    """Times aware. `closes_hours` before it begins nobody books any more. NotPossible; RoomTaken by the database."""
    _times(starts_at, opens_at, closes_hours)
    ends_at = starts_at + timedelta(minutes=minutes)
    try:
        with transaction.atomic():
            return Session.objects.create(
                course=course,
                room=room,
                starts_at=starts_at,
                ends_at=ends_at,
                capacity=capacity,
                opens_at=opens_at,
                closes_at=starts_at - timedelta(hours=closes_hours),
            )
    except IntegrityError as error:
        if breaks(error, "one_session_in_a_room"):
            raise RoomTaken(room, starts_at, ends_at) from None
        raise


@transaction.atomic
def change(
    pk: int,
    by: Actor,
    *,
    room: Room,
    starts_at: datetime,
    minutes: int,
    opens_at: datetime,
    closes_hours: int,
    why: str,
) -> int:
    """Another time, room or time of booking. Whoever is booked is told if time or room changed; how many are.

    NotPossible as closing.reschedule; RoomTaken by the database. No reason is needed where nobody is booked.
    """
    session = locked_session(pk)
    if session.state == Session.State.CANCELLED or session.starts_at <= timezone.now():
        raise NotPossible("휴강했거나 이미 시작한 수업은 바꿀 수 없습니다.")
    _times(starts_at, opens_at, closes_hours)
    ends_at, told = starts_at + timedelta(minutes=minutes), 0
    if (session.room_id, session.starts_at, session.ends_at) != (room.pk, starts_at, ends_at):
        told = Booking.objects.live().filter(session=session).count()
        if opens_at < session.opens_at:
            Session.objects.filter(pk=pk).update(opens_at=opens_at)  # first: the class may now be before it
        try:
            session = reschedule(pk, starts_at, ends_at, room, by, why if told else why or "신청하신 분 없음")
        except NotPossible as error:
            if breaks(error.__cause__, "one_session_in_a_room"):
                raise RoomTaken(room, starts_at, ends_at, pk) from None
            raise
    session.opens_at, session.closes_at = opens_at, starts_at - timedelta(hours=closes_hours)
    session.save(update_fields=["opens_at", "closes_at"])
    return told


def _times(starts_at: datetime, opens_at: datetime, closes_hours: int) -> None:
    if starts_at <= timezone.now():
        raise NotPossible("수업 시각이 이미 지났습니다. 앞으로의 날짜와 시각으로 적어 주세요.")
    if opens_at >= starts_at - timedelta(hours=closes_hours):
        raise NotPossible("신청을 시작하기 전에 신청이 끝납니다. 신청 시작을 더 이르게 적어 주세요.")
