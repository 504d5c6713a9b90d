"""매주 여는 수업: its days as the coordinator looks at them beforehand, and making it, all or none."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from .booking_states import NotPossible
from .models import Series, Session
from .series import days, make_sessions
from .sessions import RoomTaken, breaks, in_words


@dataclass(frozen=True)
class Day:
    """One week. `holiday`: its name, and then it is left out. `clash`: what is in the room already."""

    on: date
    holiday: str = ""
    clash: str = ""


def preview(series: Series) -> list[Day]:
    """The weeks of a series that is not made yet, in order. Two or three queries."""
    held, closed = days(series)
    if not held:
        return [Day(day, name) for day, name in closed]
    first, last = _span(series, held[0])[0], _span(series, held[-1])[1]
    there = series.room.sessions.exclude(state=Session.State.CANCELLED).select_related("course")
    taken = list(there.filter(starts_at__lt=last, ends_at__gt=first))
    open_days = [Day(day, clash=_clash(_span(series, day), taken)) for day in held]
    return sorted([*open_days, *(Day(day, name) for day, name in closed)], key=lambda each: each.on)


def _span(series: Series, day: date) -> tuple[datetime, datetime]:
    starts_at = timezone.make_aware(datetime.combine(day, series.starts))
    return starts_at, starts_at + timedelta(minutes=series.course.minutes)


def _clash(span: tuple[datetime, datetime], taken: list[Session]) -> str:
    return next((in_words(one) for one in taken if one.starts_at < span[1] and one.ends_at > span[0]), "")


@transaction.atomic
def make(series: Series, opens_at: datetime, closes_hours: int) -> int:
    """Saves it with its sessions, all or none; how many. NotPossible; RoomTaken by the database."""
    held, _ = days(series)
    if held and _span(series, held[0])[0] <= timezone.now():
        raise NotPossible("첫 수업이 이미 지났습니다. 앞으로의 날짜로 적어 주세요.")
    try:
        with transaction.atomic():
            series.save()
            return len(make_sessions(series, opens_at, closes_hours))
    except IntegrityError as error:
        if not breaks(error, "one_session_in_a_room"):
            raise
    in_the_way = [day.on for day in preview(series) if day.clash]
    raise RoomTaken(series.room, *_span(series, in_the_way[0] if in_the_way else held[0]))
