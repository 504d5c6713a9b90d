"""회차: the sessions of a series, one a week, holidays left out. Made again, only what is missing is added."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from people.holidays import holidays_between

from .booking_states import NotPossible
from .models import Series, Session

#: Sessions that one series may have: a year of weeks.
MOST = 53


def days(series: Series) -> tuple[list[date], list[tuple[date, str]]]:
    """(days on which it is held, days left out with the holiday's name)."""
    first = series.from_on + timedelta(days=(series.weekday - series.from_on.weekday()) % 7)
    weeks = range(0, max(0, (series.until_on - first).days + 1), 7)
    wanted = [first + timedelta(days=n) for n in weeks][:MOST]
    closed = holidays_between(series.from_on, series.until_on)
    return [day for day in wanted if day not in closed], [
        (day, closed[day]) for day in wanted if day in closed
    ]


@transaction.atomic
def make_sessions(series: Series, opens_at: datetime, closes_hours_before: int = 0) -> list[Session]:
    """Those that are not there yet. NotPossible if none falls into it; IntegrityError if the room is taken.

    `opens_at`: when bookings open, for all. They close so many hours before each begins.
    """
    held, _ = days(series)
    if not held:
        raise NotPossible("그 사이에 수업할 수 있는 날이 없습니다. 요일과 날짜를 다시 확인해 주세요.")
    there = {timezone.localdate(at) for at in series.sessions.values_list("starts_at", flat=True)}
    made = []
    for day in held:
        if day in there:
            continue
        starts = timezone.make_aware(datetime.combine(day, series.starts))
        closes = starts - timedelta(hours=closes_hours_before)
        made.append(
            Session.objects.create(
                course=series.course,
                series=series,
                room=series.room,
                starts_at=starts,
                ends_at=starts + timedelta(minutes=series.course.minutes),
                capacity=series.capacity,
                opens_at=min(opens_at, closes - timedelta(minutes=1)),
                closes_at=closes,
            )
        )
    return made
