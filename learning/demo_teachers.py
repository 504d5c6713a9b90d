"""Instructors of the example 디지털배움터: who teaches what and when, and what they were paid."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from people.demo_clock import clock_at
from people.models import District, RoleGrant, User

from . import fees
from .actors import Actor, Who
from .models import Assignment, Availability, DayOff, FeeRate, Instructor, Session, Skill, VisitClass
from .models.assignment import Part
from .topics import Level, Topic

#: After those who can sign in: whose names stand beside classes. Home, topics.
MORE = (
    ("예시 강사 다", "금산면", (Topic.KIOSK, Topic.SAFETY, Topic.SMARTPHONE, Topic.APPS)),
    ("예시 강사 라", "평거동", (Topic.SMARTPHONE, Topic.APPS, Topic.CIVIL, Topic.AI, Topic.KIOSK)),
    ("예시 강사 마", "가호동", (Topic.COMPUTER, Topic.CIVIL, Topic.AI, Topic.SAFETY, Topic.SMARTPHONE)),
    ("예시 강사 바", "대곡면", (Topic.SMARTPHONE, Topic.KIOSK, Topic.COMPUTER, Topic.SAFETY)),
    ("예시 강사 사", "일반성면", (Topic.SMARTPHONE, Topic.APPS, Topic.SAFETY, Topic.COMPUTER, Topic.CIVIL)),
    ("예시 강사 아", "문산읍", (Topic.KIOSK, Topic.APPS, Topic.AI, Topic.COMPUTER, Topic.SMARTPHONE)),
)
FIRST = (("상대동", tuple(Topic)), ("초장동", (Topic.SMARTPHONE, Topic.KIOSK, Topic.SAFETY, Topic.APPS)))
RATES = ((Part.LEAD, 50_000), (Part.ASSISTANT, 30_000))


@dataclass
class Teachers:
    """Who teaches on which half of which day already: nobody has two, so that there is always time for the way."""

    all: list[Instructor]
    topics: dict[int, frozenset[str]]
    taken: set[tuple[int, date, bool]] = field(default_factory=set)
    next: int = 0

    def free(self, topic: str, at: datetime, but: Iterable[int] = ()) -> Instructor | None:
        local = timezone.localtime(at)
        for n in range(len(self.all)):
            one = self.all[(self.next + n) % len(self.all)]
            half = (one.pk, local.date(), local.hour < 13)
            if topic in self.topics[one.pk] and half not in self.taken and one.pk not in but:
                self.taken.add(half)
                self.next += n + 1
                return one
        return None


def make(signed_in: Sequence[User], districts: dict[str, District], began: date) -> Teachers:
    """`signed_in`: the accounts with a password, in the order of FIRST. `began`: since when the rates hold."""
    users = list(signed_in)
    for n, (name, _, _) in enumerate(MORE):
        users.append(User.objects.create_user(f"demo-teacher-{n + 3}", None, name=name, is_demo=True))
    role = RoleGrant.Role.LEARNING_INSTRUCTOR
    RoleGrant.objects.bulk_create(
        [RoleGrant(user=user, role=role, reason="예시 배움터") for user in users[len(signed_in) :]]
    )
    facts = [*FIRST, *((home, topics) for _, home, topics in MORE)]
    rows = [
        Instructor(user=user, home=districts[home], may_lead=n != 1, is_example=True)
        for n, (user, (home, _)) in enumerate(zip(users, facts, strict=True))
    ]
    Instructor.objects.bulk_create(rows)
    Skill.objects.bulk_create(
        [
            Skill(instructor=row, topic=topic, level=Level.USING if n % 2 == 0 else Level.BASIC)
            for n, (row, (_, topics)) in enumerate(zip(rows, facts, strict=True))
            for topic in topics
        ]
    )
    Availability.objects.bulk_create(
        [
            Availability(instructor=row, weekday=weekday, starts=time(9), ends=time(18))
            for row in rows
            for weekday in range(5)
        ]
    )
    away = timezone.localdate() + timedelta(days=12)
    DayOff.objects.create(
        instructor=rows[3], from_on=away, until_on=away + timedelta(days=3), words="예시: 여행"
    )
    FeeRate.objects.bulk_create(
        [FeeRate(part=part, won_an_hour=won, valid_from=began, source="예시 기준") for part, won in RATES]
    )
    return Teachers(rows, {row.pk: frozenset(facts[n][1]) for n, row in enumerate(rows)})


def assign(teachers: Teachers, things: Iterable[Session | VisitClass], assistants: bool, by: User) -> None:
    """A lead, and an assistant if asked; who is free on that half of the day. Some to come are not confirmed yet."""
    now, rows = timezone.now(), []
    for thing in things:
        topic = thing.course.topic if isinstance(thing, Session) else thing.topic
        of = {"session": thing} if isinstance(thing, Session) else {"visit_class": thing}
        lead = teachers.free(topic, thing.starts_at, [one.pk for one in teachers.all if not one.may_lead])
        if lead is None:
            continue
        people = [(Part.LEAD, lead)]
        if assistants and (second := teachers.free(topic, thing.starts_at, [lead.pk])):
            people.append((Part.ASSISTANT, second))
        for part, one in people:
            sure = thing.starts_at < now + timedelta(days=10)
            rows.append(
                Assignment(
                    instructor=one,
                    part=part,
                    assigned_by=by,
                    confirmed_at=min(now, thing.starts_at) if sure else None,
                    **of,
                )
            )
    Assignment.objects.bulk_create(rows)


def pay(until: date, by: User) -> None:
    """Every month that is over before `until`, but the last: that is left to be settled by whoever tries it."""
    for due in fees.due():
        if due.month < until and not due.without_rate:
            with clock_at(timezone.make_aware(datetime.combine(due.month + timedelta(days=36), time(10)))):
                fees.settle(due.month, Actor(Who.STAFF, by))
