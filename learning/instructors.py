"""강사: who is one, what they teach, and when they have time. Hours and days off by themselves or for them."""

from collections.abc import Mapping
from datetime import date, time

from django.db import transaction

from people.grants import CannotGrant, grant
from people.models import District, RoleGrant, User
from privacy.access import Action, record

from .actors import Actor
from .booking_states import NotPossible
from .models import Assignment, Availability, DayOff, Instructor, Skill

Role = RoleGrant.Role


@transaction.atomic
def appoint(username: str, home: District, reason: str, by: Actor) -> Instructor:
    """Makes an account an instructor. NotPossible if there is no such account, or it may not have a role."""
    user = User.objects.filter(username__iexact=username, is_active=True).first()
    if user is None:
        raise NotPossible("그런 아이디가 없습니다. 계정은 시스템 담당이 만듭니다.")
    try:
        grant(user, Role.LEARNING_INSTRUCTOR, reason=reason, by=by.user, request=by.request)
    except CannotGrant as error:
        raise NotPossible(str(error)) from None
    made, new = Instructor.objects.get_or_create(user=user, defaults={"home": home})
    if not new:
        made.home, made.is_active = home, True
        made.save(update_fields=["home", "is_active"])
    _record(made, by, "강사로 정함")
    return made


@transaction.atomic
def keep(
    instructor: Instructor,
    by: Actor,
    *,
    home: District,
    may_lead: bool,
    may_assist: bool,
    is_active: bool,
    skills: Mapping[str, int],
) -> None:
    """What they teach (topic → level), as what, and whether still. What they were assigned stays theirs."""
    instructor.home, instructor.may_lead, instructor.may_assist = home, may_lead, may_assist
    instructor.is_active = is_active
    instructor.save(update_fields=["home", "may_lead", "may_assist", "is_active"])
    Skill.objects.filter(instructor=instructor).exclude(topic__in=skills).delete()
    for topic, level in skills.items():
        Skill.objects.update_or_create(instructor=instructor, topic=topic, defaults={"level": level})
    _record(instructor, by, "강사 정보를 고침")


@transaction.atomic
def add_hours(instructor: Instructor, weekday: int, starts: time, ends: time, by: Actor) -> Availability:
    """Every week. Hours that touch or overlap become one."""
    Instructor.objects.select_for_update(of=("self",)).get(pk=instructor.pk)
    near = instructor.availability.filter(weekday=weekday, starts__lte=ends, ends__gte=starts)
    for row in near:
        starts, ends = min(starts, row.starts), max(ends, row.ends)
    near_pks = [row.pk for row in near]
    instructor.availability.filter(pk__in=near_pks).delete()
    made = Availability.objects.create(instructor=instructor, weekday=weekday, starts=starts, ends=ends)
    _record(instructor, by, f"가능한 시간 {made}")
    return made


@transaction.atomic
def remove_hours(instructor: Instructor, pk: int, by: Actor) -> None:
    """Twice does nothing more."""
    for row in instructor.availability.filter(pk=pk):
        _record(instructor, by, f"가능한 시간에서 뺌 {row}")
        row.delete()


@transaction.atomic
def add_day_off(instructor: Instructor, first: date, last: date, words: str, by: Actor) -> list[Assignment]:
    """Not on these days. Returns what they are to teach on them: that stays, until they say that they cannot."""
    made = DayOff.objects.create(instructor=instructor, from_on=first, until_on=last, words=words)
    _record(instructor, by, f"쉬는 날 {made}")
    live = Assignment.objects.live().filter(instructor=instructor)
    return list(live.filter(teaches__startswith__date__gte=first, teaches__startswith__date__lte=last))


@transaction.atomic
def remove_day_off(instructor: Instructor, pk: int, by: Actor) -> None:
    """Twice does nothing more."""
    for row in instructor.days_off.filter(pk=pk):
        _record(instructor, by, f"쉬는 날에서 뺌 {row}")
        row.delete()


def _record(instructor: Instructor, by: Actor, words: str) -> None:
    who = by.user.get_username() if by.user and by.request is None else None
    record(by.request, Action.CHANGE, [instructor], words, who=who)
