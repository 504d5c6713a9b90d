"""What a class says of itself to citizens: when, whether a seat is left, and who may come. Pure but for `terms_of`."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format

from . import conditions
from .conditions import Terms
from .models import Session
from .topics import Level


def hour_words(at: datetime) -> str:
    """오후 2시, 오후 2시 30분, 낮 12시. `at`: local."""
    if at.hour == 12:
        return date_format(at, "낮 12시 i분" if at.minute else "낮 12시")
    return date_format(at, "A g시 i분" if at.minute else "A g시")


def when_words(session: Session) -> str:
    """12월 3일(목) 오후 2시~4시"""
    starts, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    until = hour_words(ends)
    if hour_words(starts)[:2] == until[:2]:
        until = until.partition(" ")[2]
    return f"{date_format(starts, 'n월 j일(D)')} {hour_words(starts)}~{until}"


def moment_words(at: datetime) -> str:
    """12월 3일(목) 오후 2시"""
    local = timezone.localtime(at)
    return f"{date_format(local, 'n월 j일(D)')} {hour_words(local)}"


@dataclass(frozen=True)
class Seats:
    """`words`: what is left; `mark`: a badge of static/css/marks.css; `deed`: what the button says, if there is one."""

    words: str
    mark: str
    deed: str = ""

    @property
    def early(self) -> bool:
        return self.mark == "info"


def seats(session: Session, now: datetime) -> Seats:
    """`session`: as from Session.objects.with_seats(). What holds when somebody presses is decided by booking.py."""
    left, waiting = session.seats_left, session.waiting  # type: ignore[attr-defined]
    if session.state == Session.State.CANCELLED:
        return Seats("휴강", "bad")
    if now >= session.starts_at:
        return Seats("끝난 수업" if now >= session.ends_at else "지금 수업 중", "warn")
    if session.state == Session.State.CLOSED or now >= session.closes_at:
        return Seats("신청 마감", "warn")
    if now < session.opens_at:
        return Seats(f"{moment_words(session.opens_at)}부터 신청", "info", "미리 적어 두기")
    if left and not waiting:
        return Seats(f"{left}자리 남음", "good", "신청하기")
    if left:
        return Seats(f"{left}자리 남음, 먼저 기다리는 분 {waiting}명", "wait", "신청하기")
    line = f", 대기 {waiting}명" if waiting else ""
    return Seats(f"자리 없음{line}", "wait", "대기 신청하기")


def terms_of(session: Session) -> list[Terms]:
    """The conditions that hold on the day of the session. Asks nothing if the course's rules are loaded."""
    day = timezone.localdate(session.starts_at)
    every = (
        Terms(r.from_on, r.until_on, r.age_from, r.age_until, r.needs_level, r.reason)
        for r in session.course.rules.all()
    )
    return [terms for terms in every if terms.holds(day)]


def asks_birth_year(terms: list[Terms]) -> bool:
    return any(each.age_from is not None or each.age_until is not None for each in terms)


def condition_words(terms: list[Terms]) -> list[str]:
    """Who may come, a sentence each; none: everybody."""
    return [f"{_who(each)} {each.reason}" for each in terms]


def _who(terms: Terms) -> str:
    said = []
    if ages := conditions.ages(terms):
        said.append(f"{ages} 오실 수 있습니다.")
    if terms.needs_level is not None:
        level = Level(terms.needs_level).label
        said.append(f"같은 주제의 ‘{level}’ 수업에 나오신 적이 있어야 합니다.")
    return " ".join(said)
