"""What the menu of staff shows to whom: one line a page, in the order of the day's work."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse

from people.models import User

from . import roles
from .models import Zone


def works_at_desk(user: Any) -> bool:
    """Who books for callers: call centre, coordinator, officer, and the staff of a centre (for their centre)."""
    return bool(user.is_authenticated) and (roles.sees_all(user) or roles.is_centre_staff(user))


def works_at_a_zone(user: User) -> bool:
    return bool(user.is_authenticated) and Zone.objects.for_user(user).exists()


@dataclass(frozen=True)
class Line:
    """`name`: of the address, and of the page that says it is here. `seldom`: not every day, so quieter."""

    name: str
    words: str
    may: Callable[[User], bool]
    seldom: bool = False


LINES = (
    Line("desk_call", "전화 받기", works_at_desk),
    Line("desk", "수업과 출석", works_at_desk),
    Line("desk_to_phone", "전화할 일", works_at_desk),
    Line("teach", "내 수업", roles.is_instructor),
    Line("teach_times", "가능한 시간", roles.is_instructor),
    Line("teach_fees", "내 강사료", roles.is_instructor, seldom=True),
    Line("visits_desk", "찾아가는 수업", roles.is_call_centre),
    Line("courses", "과정과 수업 열기", roles.is_coordinator),
    Line("places", "배움터와 교실", roles.is_coordinator, seldom=True),
    Line("teachers", "강사 정하기", roles.is_coordinator),
    Line("instructors", "강사", roles.is_coordinator, seldom=True),
    Line("fees", "강사료", roles.is_coordinator, seldom=True),
    Line("coverage", "찾아간 곳", roles.is_coordinator, seldom=True),
    Line("zone_work", "체험존", works_at_a_zone),
    Line("city_figures", "통계", roles.is_officer, seldom=True),
)


def menu(user: User, here: str) -> list[tuple[str, str, bool, bool]]:
    """(address, words, whether one is there, whether it is seldom needed) of each line that this user may
    open, the seldom ones last."""
    judged: dict[Callable[[User], bool], bool] = {}
    found = []
    for line in LINES:
        if line.may not in judged:
            judged[line.may] = line.may(user)
        if not judged[line.may]:
            continue
        try:
            found.append((reverse(f"learning:{line.name}"), line.words, line.name == here, line.seldom))
        except NoReverseMatch:
            continue
    return sorted(found, key=lambda line: line[3])
