"""An example 디지털배움터: eight centres, a year of classes, who booked, who teaches, visits, and the experience zone.

Nobody in it is real. Written by the dozen, as the deeds write it, so that it is there within seconds.
"""

import uuid
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from people.accounts import create_staff
from people.demo import PASSWORD
from people.demo_clock import at, clock_at, working
from people.grants import grant
from people.models import User
from privacy.access import Action, record

from . import demo_bookings, demo_places, demo_teachers, demo_visits
from .demo_accounts import DEMO_ACCOUNTS, DemoAccount
from .demo_places import Places
from .models import (
    Booking,
    Centre,
    CentrePost,
    Certificate,
    Course,
    Learner,
    Room,
    Series,
    Session,
    WalkIn,
    ZoneDevice,
)

REASON = "예시 배움터"
LEARNERS = 360
#: Weeks with classes every week, before and after today; before that there is one every EARLIER weeks.
BEFORE, AFTER, EARLIER = 7, 5, 7
#: (centre, its room, weekday, hour, course, seats): the weekly timetable.
WEEKLY = (
    (0, 0, 0, 10, 0, 14), (0, 0, 1, 14, 1, 12), (0, 1, 2, 10, 6, 12), (0, 0, 3, 14, 2, 10), (0, 0, 4, 10, 3, 14),
    (1, 0, 1, 10, 0, 14), (1, 1, 3, 14, 6, 12), (2, 0, 0, 14, 0, 12), (3, 0, 2, 14, 2, 10), (4, 0, 3, 10, 4, 12),
    (5, 0, 4, 14, 3, 12), (6, 0, 1, 10, 5, 12), (7, 0, 2, 10, 0, 12),
)  # fmt: skip


class NotAnExampleCity(RuntimeError):
    """A real city gets no example people and no example classes."""


@transaction.atomic
def seed() -> bool:
    """DEMO_ACCOUNTS, and once the rest. Whether classes were made. NotAnExampleCity in production."""
    if settings.PRODUCTION:
        raise NotAnExampleCity("PORTAL_MODE=production")
    users = {account.sign_in: _account(account) for account in DEMO_ACCOUNTS}
    made = not Centre.objects.exists()
    if made:
        _everything(users)
    for account in DEMO_ACCOUNTS:
        if account.role == "centre_staff":
            _post(users[account.sign_in], account.place)
    return made


def _account(account: DemoAccount) -> User:
    user = User.objects.filter(username=account.sign_in).first() or create_staff(
        *(account.sign_in, account.name, PASSWORD), totp_secret=generate_totp_secret(), is_demo=True
    )
    if account.role != "centre_staff":
        grant(user, account.role, None, reason=REASON)
    return user


def _post(user: User, place: str) -> None:
    centre = Centre.objects.filter(name=place).first()
    if centre and not CentrePost.objects.filter(user=user, centre=centre, revoked_at=None).exists():
        began = timezone.now() - timedelta(days=800)  # before the first example class
        post = CentrePost.objects.create(user=user, centre=centre, reason=REASON, granted_at=began)
        record(None, Action.GRANT, [user], f"{post}: {REASON}")


def _everything(users: dict[str, User]) -> None:
    random = Random(5)  # noqa: S311 - the same example city every time
    today = timezone.localdate()
    began = date(today.year - 1, 3, 2)
    places = demo_places.make(began)
    by, marks = users["demo-learning"], users["demo-centre"]
    teachers = demo_teachers.make([users["demo-teacher"], users["demo-teacher2"]], places.districts, began)
    learners = demo_bookings.learners(LEARNERS, random)
    sessions = _sessions(places, began, today, by)
    cancelled = [session for n, session in enumerate(sessions) if n % 61 == 40]
    held = [session for session in sessions if session not in cancelled]
    demo_teachers.assign(teachers, held, False, by)
    _book_all(sessions, cancelled, learners, random, marks)
    demo_visits.make(places, teachers, by, random)
    demo_teachers.pay(today.replace(day=1) - timedelta(days=1), by)
    _certify(learners[0])
    _walk_ins(places, began, today, marks, random)


def _sessions(places: Places, began: date, today: date, by: User) -> list[Session]:
    """In the order of time; weekly ones belong to a series. Nothing on holidays."""
    monday = today - timedelta(days=today.weekday())
    first, last = monday - timedelta(weeks=BEFORE), monday + timedelta(weeks=AFTER + 1)
    rows: list[Session] = []
    for k, (centre, room, weekday, hour, course, seats) in enumerate(WEEKLY):
        of, where = places.courses[course], places.rooms[places.centres[centre].pk][room]
        days = [first + timedelta(days=weekday + 7 * n) for n in range(BEFORE + AFTER + 1)]
        series = Series.objects.create(
            course=of,
            room=where,
            weekday=weekday,
            starts=time(hour),
            from_on=days[0],
            until_on=days[-1],
            capacity=seats,
            as_one=False,
            made_by=by,
        )
        rows += [
            _session(of, where, at(day, hour), seats, series) for day in days if working(day) and day < last
        ]
        rows += [
            _session(places.courses[(course + n) % 8], where, at(day, hour), seats)
            for n, day in enumerate(_monthly(began, first, weekday, k))
        ]
    popular = places.courses[7]
    day = next(day for day in _from(today + timedelta(days=19)) if working(day) and day.weekday() == 2)
    rows.append(
        _session(popular, places.rooms[places.hub.pk][0], at(day, 14), 20, opens_at=at(_next(today), 10))
    )
    return sorted(Session.objects.bulk_create(rows), key=lambda session: session.starts_at)


def _session(
    course: Course,
    room: Room,
    starts: datetime,
    seats: int,
    series: Series | None = None,
    opens_at: datetime | None = None,
) -> Session:
    return Session(
        course=course,
        series=series,
        room=room,
        starts_at=starts,
        ends_at=starts + timedelta(minutes=course.minutes),
        capacity=min(seats, room.seats) if opens_at is None else seats,
        opens_at=opens_at or (starts - timedelta(days=28)).replace(hour=9),
        closes_at=starts - timedelta(hours=1),
        is_example=True,
    )


def _monthly(began: date, until: date, weekday: int, k: int) -> Iterator[date]:
    """Every few weeks, each centre in another."""
    day = began + timedelta(days=(weekday - began.weekday()) % 7 + 7 * (k % EARLIER))
    while day < until:
        if working(day):
            yield day
        day += timedelta(weeks=EARLIER)


def _from(day: date) -> Iterator[date]:
    while True:
        yield day
        day += timedelta(days=1)


def _next(day: date) -> date:
    return next(one for one in _from(day + timedelta(days=1)) if working(one))


def _book_all(
    sessions: list[Session], cancelled: list[Session], learners: list[Learner], random: Random, by: User
) -> None:
    """Nobody sits in two classes at once. The first learner is DEMO_LEARNER: has been there, comes, waits, is asked."""
    now, first = timezone.now(), learners[0]
    busy: dict[tuple[date, bool], set[uuid.UUID]] = {}
    to_come = [s for s in sessions if s.starts_at > now and s.opens_at <= now and s not in cancelled]
    soon = list(
        {
            _half(session): session for session in to_come if session.starts_at > now + timedelta(days=4)
        }.values()
    )
    asked, waits, comes = soon[0], soon[2], [soon[1], soon[3]]
    for n, session in enumerate(one for one in sessions if one.opens_at <= now):
        there = busy.setdefault(_half(session), set())
        free = [one for one in random.sample(learners[1:], 60) if one.pk not in there]
        people = free[: max(5, session.capacity + random.choice((-6, -5, -4, -3, -2, -1, 0, 0, 1, 2, 3)))]
        seats = session.capacity
        if session in cancelled:
            demo_bookings.called_off(session, people)
        elif session.starts_at <= now:
            if session.starts_at > now - timedelta(days=60) and n % 7 == 0 and first.pk not in there:
                people = [first, *people]
            demo_bookings.over(session, people, random, by)
        elif session is asked:
            people = [*free[: seats + 3], first, *free[seats + 3 : seats + 8]]
            demo_bookings.lively(session, people)
        elif session is waits:
            people = [*free[: seats + 1], first, *free[seats + 1 : seats + 4]]
            demo_bookings.book(session, people, now - timedelta(days=2))
        else:
            people = [first, *free] if session in comes else free
            people = people[: 3 + (n * 5) % 15]
            demo_bookings.book(session, people, max(session.opens_at, now - timedelta(days=2)))
        there.update(one.pk for one in people)


def _half(session: Session) -> tuple[date, bool]:
    """The half of a day on which it is: nobody has two on one."""
    local = timezone.localtime(session.starts_at)
    return local.date(), local.hour < 13


def _certify(learner: Learner) -> None:
    """Of the last class to which they came."""
    came = Booking.objects.filter(learner=learner, attendance=Booking.Attendance.CAME).select_related(
        "session__course"
    )
    last = came.order_by("-session__starts_at").first()
    if last is None:
        return
    session, day = last.session, timezone.localdate(last.session.starts_at)
    with clock_at(session.ends_at + timedelta(hours=1)):
        Certificate.objects.create(
            number=f"{day.year}-예시-0001",
            learner=learner,
            course=session.course,
            session=session,
            first_on=day,
            last_on=day,
            minutes=session.minutes,
        )


def _walk_ins(places: Places, began: date, today: date, by: User, random: Random) -> None:
    """One row for the people of a day and one a device: what was tapped one by one, said at once."""
    zone, devices = places.zone, list(places.zone.devices.all())
    day = began
    while day < today:
        if working(day):
            people = random.randint(9, 34)
            rows = [(None, people), *((device, random.randint(2, people)) for device in devices)]
            with clock_at(at(day, 17)):
                WalkIn.objects.bulk_create(
                    [
                        WalkIn(
                            once=uuid.UUID(int=random.getrandbits(128), version=4),
                            zone=zone,
                            device=device,
                            people=n,
                            by=by,
                        )
                        for device, n in rows
                    ]
                )
        day += timedelta(days=1)
    broken: ZoneDevice = devices[-1]
    broken.out_of_order_since, broken.trouble = timezone.now() - timedelta(days=1), "예시: 혈압대를 바꾸는 중"
    broken.save(update_fields=["out_of_order_since", "trouble"])
