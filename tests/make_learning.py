"""Data for tests of 디지털배움터, as tests/make.py makes the rest."""

import itertools
import uuid
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from learning.actors import Actor, Who
from learning.models import (
    Assignment,
    Availability,
    Booking,
    BookingStep,
    Centre,
    CentrePost,
    Course,
    CourseRule,
    FeeRate,
    Institution,
    Instructor,
    Learner,
    Room,
    Series,
    Session,
    Skill,
    VisitClass,
    VisitRequest,
    VisitWish,
    Zone,
    ZoneDevice,
    ZoneHours,
)
from learning.topics import Level, Topic
from people.models import RoleGrant, User
from people.phones import phone_index
from privacy.keys import blind_index

from . import make

_count = itertools.count(1)
CITIZEN = Actor(Who.LEARNER)


def staff(user: User) -> Actor:
    return Actor(Who.STAFF, user)


def _with_role(role: str, **fields: Any) -> User:
    made = make.user(**fields)
    RoleGrant.objects.create(user=made, role=role, reason="시험")
    return made


def call_centre(**fields: Any) -> User:
    return _with_role(RoleGrant.Role.LEARNING_CALL, **fields)


def coordinator(**fields: Any) -> User:
    return _with_role(RoleGrant.Role.LEARNING_COORDINATOR, **fields)


def officer(**fields: Any) -> User:
    return _with_role(RoleGrant.Role.LEARNING_OFFICER, **fields)


def centre_staff(*of: Centre, **fields: Any) -> User:
    made = make.user(**fields)
    for each in of or (centre(),):
        CentrePost.objects.create(user=made, centre=each, reason="시험")
    return made


def centre(**fields: Any) -> Centre:
    district = fields.pop("district", None) or make.district()
    return Centre.objects.create(district=district, **{"name": f"시험 배움터 {next(_count)}", **fields})


def room(at: Centre | None = None, **fields: Any) -> Room:
    return Room.objects.create(
        centre=at or centre(), **{"name": f"교실 {next(_count)}", "seats": 30, **fields}
    )


def course(**fields: Any) -> Course:
    given = {
        "title": f"스마트폰 첫걸음 {next(_count)}",
        "topic": Topic.SMARTPHONE,
        "learn": "전화와 문자를 배웁니다.",
    }
    return Course.objects.create(**{**given, **fields})


def course_rule(of: Course, **fields: Any) -> CourseRule:
    given = {"from_on": timezone.localdate() - timedelta(days=30), "reason": "어르신을 위한 과정입니다."}
    return CourseRule.objects.create(course=of, **{**given, **fields})


def at_noon(days: int) -> datetime:
    """Noon in Seoul, so many days from today."""
    return timezone.make_aware(datetime.combine(timezone.localdate() + timedelta(days=days), time(12)))


def session(of: Course | None = None, *, days: int = 7, **fields: Any) -> Session:
    """In a room of its own, at noon in a week, open for booking."""
    of = of or course()
    starts = fields.pop("starts_at", None) or at_noon(days)
    given = {
        "ends_at": starts + timedelta(minutes=of.minutes),
        "capacity": of.seats,
        "opens_at": min(timezone.now(), starts) - timedelta(days=30),
        "closes_at": starts,
    }
    in_room = fields.pop("room", None) or room()
    return Session.objects.create(course=of, room=in_room, starts_at=starts, **{**given, **fields})


def series(of: Course | None = None, **fields: Any) -> Series:
    """Its sessions are made by learning/series.py."""
    of = of or course()
    from_on: date = fields.pop("from_on", timezone.localdate() + timedelta(days=7))
    given = {
        "room": fields.pop("room", None) or room(),
        "weekday": from_on.weekday(),
        "starts": time(10),
        "until_on": from_on + timedelta(days=21),
        "capacity": of.seats,
    }
    return Series.objects.create(course=of, from_on=from_on, **{**given, **fields})


def phone() -> str:
    return f"+82109998{next(_count) % 10_000:04}"


def learner(name: str = "", number: str = "", **fields: Any) -> Learner:
    name, number = name or f"예시 주민 {next(_count)}", number or phone()
    return Learner.objects.create(
        name=name,
        phone=number,
        person_index=blind_index("learning person", f"{name}|{number}"),
        phone_index=phone_index(number),
        **fields,
    )


@transaction.atomic
def booking(of: Session | None = None, who: Learner | None = None, **fields: Any) -> Booking:
    """A row and its step, as the deed writes them: confirmed, or waiting if the session is full."""
    who = who or learner()
    given = {"phone_index": who.phone_index}
    made = Booking.objects.create(session=of or session(), learner=who, **{**given, **fields})
    made.refresh_from_db()
    BookingStep.objects.create(
        booking=made, deed=BookingStep.Deed.BOOKED, after=made.state, who=BookingStep.Who.LEARNER
    )
    return made


def instructor(*topics: str, level: int = Level.USING, **fields: Any) -> Instructor:
    """Teaches these (smartphone), on weekdays from 9 to 18."""
    user = fields.pop("user", None) or _with_role(RoleGrant.Role.LEARNING_INSTRUCTOR)
    home = fields.pop("home", None) or make.district()
    made = Instructor.objects.create(user=user, home=home, **fields)
    for topic in topics or (Topic.SMARTPHONE,):
        Skill.objects.create(instructor=made, topic=topic, level=level)
    for weekday in range(5):
        Availability.objects.create(instructor=made, weekday=weekday, starts=time(9), ends=time(18))
    return made


def assignment(who: Instructor, to: Session | VisitClass, part: str = "lead", **fields: Any) -> Assignment:
    thing = {"session": to} if isinstance(to, Session) else {"visit_class": to}
    made = Assignment.objects.create(instructor=who, part=part, **thing, **fields)
    made.refresh_from_db()
    return made


def fee_rate(part: str = "lead", won: int = 50_000, **fields: Any) -> FeeRate:
    given = {"valid_from": timezone.localdate() - timedelta(days=365), "source": "시험 기준"}
    return FeeRate.objects.create(part=part, won_an_hour=won, **{**given, **fields})


def institution(**fields: Any) -> Institution:
    district = fields.pop("district", None) or make.district()
    return Institution.objects.create(district=district, **{"name": f"시험 경로당 {next(_count)}", **fields})


def visit_request(*, people: int = 3, **fields: Any) -> VisitRequest:
    """Of neighbours, who would like to be visited in a week: open, or held if they are fewer than three."""
    number = fields.pop("contact_phone", "") or phone()
    n = next(_count)
    district = fields.pop("district", None) or make.district()
    given = {
        "number": f"방문-{n:06}",
        "once": uuid.uuid4(),
        "state": "open" if people >= 3 else "held",
        "kind": "group",
        "contact_name": f"예시 대표 {n}",
        "place_name": f"시험 마을회관 {n}",
        "address": f"경상남도 진주시 문산읍 동부로 {n}",
        "topic": Topic.SMARTPHONE,
    }
    made = VisitRequest.objects.create(
        people=people,
        district=district,
        contact_phone=number,
        phone_index=phone_index(number),
        **{**given, **fields},
    )
    VisitWish.objects.create(
        request=made, order=1, starts_at=at_noon(7), ends_at=at_noon(7) + timedelta(hours=2)
    )
    return made


def visit_class(*, days: int = 7, **fields: Any) -> VisitClass:
    starts = fields.pop("starts_at", None) or at_noon(days)
    district = fields.pop("district", None) or make.district()
    given = {
        "topic": Topic.SMARTPHONE,
        "place_name": "시험 마을회관",
        "address": f"경상남도 진주시 문산읍 동부로 {next(_count)}",
        "ends_at": starts + timedelta(hours=2),
    }
    return VisitClass.objects.create(district=district, starts_at=starts, **{**given, **fields})


def zone(**fields: Any) -> Zone:
    """Open on weekdays from 9 to 18, with one device."""
    district = fields.pop("district", None) or make.district()
    made = Zone.objects.create(district=district, **{"name": f"시험 체험존 {next(_count)}", **fields})
    for weekday in range(5):
        ZoneHours.objects.create(zone=made, weekday=weekday, opens=time(9), closes=time(18))
    ZoneDevice.objects.create(zone=made, name="키오스크 연습기")
    return made
