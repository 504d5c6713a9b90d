"""기한: counts working days, and says by when somebody has to have come. Pure: which days are closed is an argument.

Sources: the city's notice on 컴퓨터 무상수리 (a visit within three working days of selection, public holidays
excluded); 민법 제157조 (초일 불산입: the first day does not count). Number and first day come from the dated rule.
A period that ends on a closed day cannot occur (제161조): closed days are not counted at all.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

#: A pause: its first day does not count, nor any after it, until the day that counts again. None: still paused.
Span = tuple[date, date | None]
#: Whether nobody works that day: Saturday, Sunday, holiday. `people.holidays.is_working_day` says the opposite.
IsClosed = Callable[[date], bool]

#: Working days that a rule may set.
MOST_DAYS = 60
#: Calendar days without one that is open: then `is_closed` is wrong, and counting would never end.
LONGEST_CLOSED = 366
ONE_DAY = timedelta(days=1)


class StillPaused(ValueError):
    """Nobody can say the deadline: a pause that has not ended stops the count before its last day."""


def counted_days(
    start: date,
    days: int,
    is_closed: IsClosed,
    *,
    counts_first_day: bool = False,
    pauses: Iterable[Span] = (),
) -> list[date]:
    """The working days that count, first to last, so that a page can print them.

    `start`: the day of selection; it counts only if `counts_first_day` and if it is open. `days`: working days, 1 to
    MOST_DAYS, ValueError otherwise. With a pause that has not ended, only those before it, which may be fewer.
    """
    if not 1 <= days <= MOST_DAYS:
        raise ValueError(f"1 to {MOST_DAYS} working days, not {days}")
    spans = [(first, until or date.max) for first, until in pauses]
    counted: list[date] = []
    day = start if counts_first_day else start + ONE_DAY
    last_open = day
    while len(counted) < days:
        counts_again = max((until for first, until in spans if first <= day < until), default=None)
        if counts_again == date.max:
            break
        if counts_again:
            day = last_open = counts_again
            continue
        if not is_closed(day):
            counted.append(day)
            last_open = day
        elif day - last_open > timedelta(days=LONGEST_CLOSED):
            raise ValueError(f"closed for more than {LONGEST_CLOSED} days from {last_open}")
        day += ONE_DAY
    return counted


def deadline(
    start: date,
    days: int,
    is_closed: IsClosed,
    *,
    counts_first_day: bool = False,
    pauses: Iterable[Span] = (),
) -> date:
    """The last of `counted_days`: in time is who comes on that day or before. StillPaused, ValueError."""
    counted = counted_days(start, days, is_closed, counts_first_day=counts_first_day, pauses=pauses)
    if len(counted) < days:
        raise StillPaused(f"{len(counted)} of {days} working days, then a pause that has not ended")
    return counted[-1]


def warn_on(deadline: date, is_closed: IsClosed) -> date:
    """T−1: the working day before, when the office is told. May lie before the selection if one day was set."""
    for back in range(1, LONGEST_CLOSED + 1):
        day = deadline - back * ONE_DAY
        if not is_closed(day):
            return day
    raise ValueError(f"closed for {LONGEST_CLOSED} days before {deadline}")
