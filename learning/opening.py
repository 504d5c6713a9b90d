"""Whether the experience zone is open, until when, and when it opens next. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

#: Days that are looked ahead for the next opening.
AHEAD = 60
#: Minutes before closing in which somebody on their way should know.
SOON = 30


@dataclass(frozen=True)
class Hours:
    """Open on that weekday (Monday is 0) between two times. Two of a day: a break between them."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True)
class Opening:
    """`until`: when it closes, if it is open. `opens_at`: when it opens next, if it is not; None: not for AHEAD days.
    `why`: the holiday or reason of a day on which it would be open otherwise. Aware, in the zone of the `now` given."""

    is_open: bool
    until: datetime | None = None
    opens_at: datetime | None = None
    why: str = ""
    opened_today: bool = False

    def closes_soon(self, now: datetime) -> bool:
        return self.until is not None and self.until - now <= timedelta(minutes=SOON)


def opening(hours: Iterable[Hours], closed: Mapping[date, str], now: datetime) -> Opening:
    """`closed`: days on which it is shut whatever the hours say, with the reason. `now`: aware, local."""
    week: dict[int, list[Hours]] = {}
    for one in sorted(hours, key=lambda one: one.opens):
        week.setdefault(one.weekday, []).append(one)
    today = now.date()
    opened_today = False
    for n in range(AHEAD + 1):
        day = today + timedelta(days=n)
        if day in closed:
            continue
        for one in week.get(day.weekday(), ()):
            opens, closes = (datetime.combine(day, at, now.tzinfo) for at in (one.opens, one.closes))
            if opens <= now < closes:
                return Opening(True, until=closes)
            if opens > now:
                why = closed.get(today, "") if today.weekday() in week else ""
                return Opening(False, opens_at=opens, why=why, opened_today=opened_today)
            opened_today = True
    return Opening(False, why=closed.get(today, ""), opened_today=opened_today)


def clock(at: time | datetime) -> str:
    """오전 9시, 낮 12시, 오후 1시 30분"""
    part = "오전" if at.hour < 12 else "낮" if at.hour == 12 else "오후"
    return f"{part} {at.hour % 12 or 12}시" + (f" {at.minute}분" if at.minute else "")


def day_words(day: date, today: date) -> str:
    """오늘, 내일(화), 10월 5일(월)"""
    weekday = "월화수목금토일"[day.weekday()]
    if day == today:
        return "오늘"
    if day == today + timedelta(days=1):
        return f"내일({weekday})"
    return f"{day.month}월 {day.day}일({weekday})"


def words(state: Opening, now: datetime) -> str:
    """One or two sentences for whoever is about to leave home."""
    if state.until is not None:
        soon = " 곧 닫습니다." if state.closes_soon(now) else ""
        return f"지금 열려 있습니다. 오늘 {clock(state.until)}까지 합니다.{soon}"
    if state.opens_at is None:
        return "지금은 쉽니다. 언제 여는지 전화로 물어봐 주세요."
    next_time = f"{day_words(state.opens_at.date(), now.date())} {clock(state.opens_at)}에"
    if state.opens_at.date() == now.date():
        return (
            f"지금은 쉬는 시간입니다. {next_time} 다시 엽니다."
            if state.opened_today
            else f"아직 열지 않았습니다. {next_time} 엽니다."
        )
    if state.opened_today:
        return f"오늘은 문을 닫았습니다. {next_time} 엽니다."
    return f"오늘은 쉽니다{f' ({state.why})' if state.why else ''}. {next_time} 엽니다."


def week_words(hours: Iterable[Hours]) -> list[tuple[str, str]]:
    """(월~금, 오전 9시~오후 6시), …: weekdays alike beside each other are said once; the others are closed."""
    days = dict.fromkeys(range(7), "")
    for one in sorted(hours, key=lambda one: one.opens):
        span = f"{clock(one.opens)}~{clock(one.closes)}"
        days[one.weekday] += f", {span}" if days[one.weekday] else span
    lines: list[tuple[int, int, str]] = []
    for n, said in days.items():
        if lines and lines[-1][2] == said:
            lines[-1] = (lines[-1][0], n, said)
        else:
            lines.append((n, n, said))
    return [
        ("월화수목금토일"[a] + (f"~{'월화수목금토일'[b]}" if b > a else ""), said or "쉼")
        for a, b, said in lines
    ]
