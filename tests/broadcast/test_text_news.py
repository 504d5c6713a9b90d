"""When a text message may go out, and how much of a broadcast fits into it: every hour, every edge."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from broadcast import text_news

NOON = datetime(2026, 5, 1, 12, tzinfo=ZoneInfo("Asia/Seoul"))


@pytest.mark.parametrize(
    ("hour", "minute", "urgent", "due"),
    [
        (12, 0, False, NOON),
        (20, 59, False, NOON.replace(hour=20, minute=59)),
        (21, 0, False, NOON.replace(day=2, hour=8)),
        (23, 59, False, NOON.replace(day=2, hour=8)),
        (0, 0, False, NOON.replace(hour=8)),
        (7, 59, False, NOON.replace(hour=8)),
        (8, 0, False, NOON.replace(hour=8)),
        (3, 0, True, NOON.replace(hour=3)),
        (22, 0, True, NOON.replace(hour=22)),
    ],
)
def test_the_night_is_quiet_but_for_what_is_urgent(
    hour: int, minute: int, urgent: bool, due: datetime
) -> None:
    now = NOON.replace(hour=hour, minute=minute)
    assert text_news.due_at(urgent, now.astimezone(ZoneInfo("UTC"))) == due


@pytest.mark.parametrize(
    ("text", "most", "cut"), [("가나다", 6, "가나다"), ("가나다라", 6, "가나…"), ("ab가", 4, "ab가")]
)
def test_cut(text: str, most: int, cut: str) -> None:
    assert text_news.cut(text, most) == cut
    assert text_news.size(text_news.cut(text, most)) <= most
