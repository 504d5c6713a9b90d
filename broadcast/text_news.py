"""A broadcast as a text message: when it may go out, and how much of it fits. Pure."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")
#: Nobody is woken by what can wait.
NIGHT_FROM, NIGHT_UNTIL = time(21), time(8)
#: A long text message (LMS) holds 2,000 bytes, two for each Korean letter; some are left for what is around it.
MOST_BYTES = 1900
#: What is no news any more after so long.
ROUTINE_LASTS = timedelta(hours=12)


def due_at(is_urgent: bool, now: datetime) -> datetime:
    """An urgent one at once; any other not between nine in the evening and eight in the morning (Seoul)."""
    here = now.astimezone(SEOUL)
    is_night = here.time() >= NIGHT_FROM or here.time() < NIGHT_UNTIL
    if is_urgent or not is_night:
        return now
    morning = here.date() + timedelta(days=here.time() >= NIGHT_FROM)
    return datetime.combine(morning, NIGHT_UNTIL, SEOUL)


def size(text: str) -> int:
    """Bytes as the telephone companies count them."""
    return sum(1 if letter.isascii() else 2 for letter in text)


def cut(text: str, most: int) -> str:
    """The beginning of `text` that fits into `most` bytes, with "…" if something was left out."""
    if size(text) <= most:
        return text
    room, kept = most - size("…"), 0
    for letter in text:
        room -= size(letter)
        if room < 0:
            break
        kept += 1
    return text[:kept].rstrip() + "…"
