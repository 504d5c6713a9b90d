"""강사 배정: who teaches a session or a visiting class. Never two at once, the way included: the database refuses it.

What a form can check is checked before, to say it in words; what counts is the exclusion constraint (models/
assignment.py), which holds against any number who assign at the same moment.
"""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from privacy.access import Action, record

from . import visits_planning as planning
from .actors import Actor
from .booking_states import NotPossible
from .models import Assignment, Instructor, Session, VisitClass
from .models.assignment import Part
from .suggestions import Engagement, Suggestion, Teacher, Wanted, hindrances, suggest
from .visit_states import ClassState, Deed
from .visits_history import locked_class, write
from .visits_notices import tell_instructor

#: What a constraint that refuses says to whoever assigns.
REFUSED = {
    "teaches_one_class_at_a_time": "그 시간에 이미 다른 수업을 맡은 강사입니다. 다른 강사를 골라 주세요.",
    "has_time_for_the_way": "앞뒤 수업에서 오갈 시간이 모자랍니다. 다른 강사를 골라 주세요.",
    "one_of_a_part_a_session": "이미 정해진 강사가 있습니다. 먼저 그 배정을 풀어 주세요.",
    "one_of_a_part_a_visit": "이미 정해진 강사가 있습니다. 먼저 그 배정을 풀어 주세요.",
    "lead_is_not_assistant": "주강사와 보조강사는 서로 다른 분이어야 합니다.",
    "lead_is_not_assistant_of_a_visit": "주강사와 보조강사는 서로 다른 분이어야 합니다.",
}
#: Who has something a day away has no time for the way at most.
AROUND = timedelta(days=1)


def wanted(thing: Session | VisitClass) -> Wanted:
    """What is to be taught. A session's room, centre, district and course, a class's district should be loaded."""
    if isinstance(thing, Session):
        centre, course = thing.room.centre, thing.course
        topic, level, place = course.topic, course.level, f"centre:{centre.pk}"
        point, way = (centre.district.lat, centre.district.lon), centre.travel_minutes
    else:
        topic, level, place = thing.topic, thing.level, f"visit:{thing.pk}"
        point, way = (thing.district.lat, thing.district.lon), thing.travel_minutes
    starts, ends = timezone.localtime(thing.starts_at), timezone.localtime(thing.ends_at)
    return Wanted(topic, level, starts, ends, place, point, way)


def suggested(thing: Session | VisitClass, part: str) -> list[tuple[Instructor, Suggestion]]:
    """Every active instructor, in order. Five queries, however many."""
    rows = {row.pk: row for row in _with_facts(Instructor.objects.active(), thing.starts_at)}
    ordered = suggest((_teacher(row, thing.starts_at) for row in rows.values()), wanted(thing), part)
    return [(rows[one.teacher.pk], one) for one in ordered]


def _with_facts(rows: QuerySet[Instructor], at: datetime) -> QuerySet[Instructor]:
    first, last = month_around(at)
    near = Q(teaches__endswith__gt=at - AROUND, teaches__startswith__lt=at + AROUND)
    in_month = Q(teaches__endswith__gt=first, teaches__startswith__lt=last)
    engagements = (
        Assignment.objects.live()
        .filter(near | in_month)
        .select_related("session__room__centre", "visit_class")
        .only(
            *("instructor", "teaches", "place", "session__room__centre__travel_minutes"),
            "visit_class__travel_minutes",
        )
    )
    return (
        rows.select_related("user", "home")
        .defer("home__boundary")
        .prefetch_related("skills", "availability", "days_off", Prefetch("assignments", engagements, "near"))
    )


def month_around(at: datetime) -> tuple[datetime, datetime]:
    """The first moment of that month and of the next one, in Seoul."""
    first = timezone.localtime(at).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    following = (first + timedelta(days=32)).replace(day=1)
    return first, following


def _teacher(row: Instructor, at: datetime) -> Teacher:
    first, last = month_around(at)
    engagements = [
        Engagement(
            timezone.localtime(one.teaches.lower),
            timezone.localtime(one.teaches.upper),
            one.place,
            one.session.room.centre.travel_minutes if one.session else one.visit_class.travel_minutes,
        )
        for one in row.near  # type: ignore[attr-defined]
    ]
    minutes = sum(
        int((one.ends_at - one.starts_at).total_seconds() // 60)
        for one in engagements
        if first <= one.starts_at < last
    )
    return Teacher(
        pk=row.pk,
        home=(row.home.lat, row.home.lon),
        skills={skill.topic: skill.level for skill in row.skills.all()},
        may_lead=row.may_lead,
        may_assist=row.may_assist,
        hours=[(a.weekday, a.starts, a.ends) for a in row.availability.all()],
        days_off=[(d.from_on, d.until_on) for d in row.days_off.all()],
        engagements=engagements,
        month_minutes=minutes,
    )


@transaction.atomic
def assign(instructor_pk: int, to: Session | VisitClass, part: str, by: Actor) -> Assignment:
    """Asks an instructor to teach; they confirm it. NotPossible with every reason why not."""
    thing = _locked(to)
    # One after the other for each instructor: two that exclude each other would wait for one another.
    list(Instructor.objects.select_for_update(of=("self",), no_key=True).filter(pk=instructor_pk))
    instructor = _with_facts(Instructor.objects.active(), thing.starts_at).filter(pk=instructor_pk).first()
    if instructor is None:
        raise NotPossible("지금 활동하지 않는 강사입니다. 다른 강사를 골라 주세요.")
    if why := hindrances(_teacher(instructor, thing.starts_at), wanted(thing), part):
        raise NotPossible(" ".join(f"{reason}." for reason in why) + " 다른 강사를 골라 주세요.")
    given = {"session": thing} if isinstance(thing, Session) else {"visit_class": thing}
    try:
        with transaction.atomic():
            made = Assignment.objects.create(instructor=instructor, part=part, assigned_by=by.user, **given)
    except IntegrityError as error:
        raise NotPossible(_words_of(error)) from None
    if isinstance(thing, VisitClass):
        write(thing, Deed.ASSIGNED, by)
    _record(made, by, "강사를 정함")
    tell_instructor(made, "learning_teach_assigned", "assigned")
    return made


def _words_of(error: IntegrityError) -> str:
    name = error.__cause__.diag.constraint_name  # type: ignore[union-attr]
    if name not in REFUSED:
        raise error
    return REFUSED[name]


def _locked(thing: Session | VisitClass) -> Session | VisitClass:
    """As it is by now, and nobody moves or ends it meanwhile. NotPossible if it is over or called off."""
    found: Session | VisitClass
    if isinstance(thing, Session):
        rows = Session.objects.select_for_update(of=("self",), no_key=True)
        rows = rows.select_related("course", "room__centre__district")
        found = rows.defer("room__centre__district__boundary").get(pk=thing.pk)
        fits = found.state != Session.State.CANCELLED
    else:
        found = locked_class(thing.pk)
        fits = found.state in (ClassState.PROPOSED, ClassState.CONFIRMED)
    if not fits or found.ends_at <= timezone.now():
        raise NotPossible("끝났거나 취소한 수업입니다. 강사를 정할 수 없습니다.")
    return found


def _locked_assignment(pk: int) -> Assignment:
    """With what it is for, locked before it. Assignment.DoesNotExist."""
    rows = Assignment.objects.select_related(
        "instructor__user", "session__course", "session__room__centre", "visit_class"
    )
    found = rows.get(pk=pk)
    thing = _locked(found.session or found.visit_class)  # type: ignore[arg-type]
    fresh = Assignment.objects.select_for_update(of=("self",)).get(pk=pk)
    found.released_at, found.confirmed_at = fresh.released_at, fresh.confirmed_at
    if isinstance(thing, Session):
        found.session = thing
    else:
        found.visit_class = thing
    return found


@transaction.atomic
def accept(pk: int, by: Actor) -> Assignment:
    """The instructor comes. Twice does nothing more."""
    found = _locked_assignment(pk)
    if found.released_at is not None:
        raise NotPossible("풀린 배정입니다. 가지 않으셔도 됩니다.")
    if found.confirmed_at is None:
        found.confirmed_at = timezone.now()
        found.save(update_fields=["confirmed_at"])
        _record(found, by, "강사가 확인함")
        if found.visit_class is not None:
            write(found.visit_class, Deed.ACCEPTED, by)
            planning.confirm_if_all_agree(found.visit_class, by)
    return found


@transaction.atomic
def give_up(pk: int, by: Actor, why: str) -> Assignment:
    """The instructor cannot come, or the coordinator takes somebody else. Twice does nothing more.

    NotPossible once the class has begun: by then they are paid for it, or it is called off.
    """
    found = _locked_assignment(pk)
    if found.released_at is not None:
        return found
    visit = found.visit_class
    if (found.session or visit).starts_at <= timezone.now():  # type: ignore[union-attr]
        raise NotPossible("이미 시작한 수업입니다. 운영 담당에게 전화해 주세요.")
    planning.release(found, by, why)
    _record(found, by, "강사 배정을 풂")
    if visit is not None:
        write(visit, Deed.RELEASED, by, why, after=ClassState.PROPOSED)
    return found


def _record(assignment: Assignment, by: Actor, words: str) -> None:
    who = by.user.get_username() if by.user and by.request is None else None
    record(by.request, Action.CHANGE, [assignment], f"강사 배정: {words}", who=who)


__all__ = ["Part", "accept", "assign", "give_up", "suggested", "wanted"]
