"""How long a seat is kept for whoever has waited longest. Pure."""

from datetime import datetime, time, timedelta

#: Nobody is asked, or called, at night. Local time.
DAY_BEGINS, DAY_ENDS = time(9), time(20)


def offer_until(
    now: datetime, starts_at: datetime, longest: timedelta, shortest: timedelta
) -> datetime | None:
    """Until when an offer that is made now holds; None: it is too late to offer anything.

    `now`, `starts_at`: aware, in local time. Half of the time that is left, at most `longest`, at least `shortest`, and
    over `shortest` before the class begins. It does not end at night: then at ten the next morning, if that is in time.
    """
    left = starts_at - now
    if left < 2 * shortest:
        return None
    latest = starts_at - shortest
    until = now + min(longest, max(left / 2, shortest))
    if not DAY_BEGINS <= until.time() < DAY_ENDS:
        morning = until if until.time() < DAY_BEGINS else until + timedelta(days=1)
        until = datetime.combine(morning.date(), time(DAY_BEGINS.hour + 1), until.tzinfo)
    return min(until, latest)
