"""찾아가는 수업 of the example city: requests in every state, and the classes that became of them."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from random import Random

from django.utils import timezone

from people.demo_clock import after, at, clock_at
from people.models import District, User
from people.phones import normalised, phone_index

from .demo_accounts import DEMO_GROUP
from .demo_places import Places
from .demo_teachers import Teachers, assign
from .models import Institution, VisitClass, VisitReport, VisitRequest, VisitStep, VisitWish
from .topics import Topic
from .visit_states import ClassState, Deed, RequestState

R, C, Who = RequestState, ClassState, VisitStep.Who
#: Visiting classes that were held last year, and this year so far.
LAST_YEAR, THIS_YEAR = 9, 14


class Visits:
    """Makes the rows that the deeds make, each with its history; nobody is told of them."""

    def __init__(self, places: Places, teachers: Teachers, by: User, random: Random) -> None:
        self.places, self.teachers, self.by, self.random = places, teachers, by, random
        self.count = count(1)

    def ask(
        self,
        asked_at: datetime,
        topic: str = Topic.SMARTPHONE,
        people: int = 6,
        institution: Institution | None = None,
        district: District | None = None,
        phone: str = "",
    ) -> VisitRequest:
        n = next(self.count)
        where = institution.district if institution else (district or self.places.districts["문산읍"])
        number = normalised(phone or f"010-0000-{2910 + n}")
        with clock_at(asked_at):
            made = VisitRequest.objects.create(
                number=f"방문-{asked_at.year}-0000-{n:04}",
                once=uuid.UUID(int=self.random.getrandbits(128), version=4),
                state=R.HELD if people < 3 else R.OPEN,
                kind=VisitRequest.Kind.INSTITUTION if institution else VisitRequest.Kind.GROUP,
                institution=institution,
                contact_name=f"예시 대표 {n}",
                contact_phone=number,
                phone_index=phone_index(number),
                place_name=institution.name if institution else f"예시 마을회관 {n}",
                address=f"경상남도 진주시 {where.name} (예시 주소)",
                district=where,
                topic=topic,
                people=people,
                equipment=["텔레비전"] if institution else [],
                is_example=True,
            )
            wished = at(after(timezone.localdate(asked_at), 9), 14)
            VisitWish.objects.bulk_create(
                VisitWish(
                    request=made,
                    order=k,
                    starts_at=wished + timedelta(days=k - 1),
                    ends_at=wished + timedelta(days=k - 1, hours=2),
                )
                for k in (1, 2)
            )
        self.step(made, Deed.ASKED, asked_at)
        return made

    def step(self, row: VisitRequest | VisitClass, deed: str, moment: datetime, who: str = Who.GROUP) -> None:
        of = {"request": row} if isinstance(row, VisitRequest) else {"visit_class": row}
        by = self.by if who == Who.STAFF else None
        with clock_at(moment):
            VisitStep.objects.create(deed=deed, after=row.state, who=who, by=by, **of)

    def to(
        self, row: VisitRequest | VisitClass, deed: str, state: str, moment: datetime, who: str, **changed
    ) -> None:
        for name, value in {"state": state, **changed}.items():
            setattr(row, name, value)
        row.save()
        self.step(row, deed, moment, who)

    def plan(self, requests: Sequence[VisitRequest], starts: datetime, moment: datetime) -> VisitClass:
        host = requests[0]
        with clock_at(moment):
            made = VisitClass.objects.create(
                topic=host.topic,
                institution=host.institution,
                place_name=host.place_name,
                address=host.address,
                district=host.district,
                travel_minutes=30,
                starts_at=starts,
                ends_at=starts + timedelta(hours=2),
                made_by=self.by,
                is_example=True,
            )
        deed = Deed.JOINED if len(requests) > 1 else Deed.PLANNED
        self.step(made, deed, moment, Who.STAFF)
        for request in requests:
            self.to(request, deed, R.PLANNED, moment, Who.STAFF, visit_class=made)
        return made

    def agree(self, requests: Sequence[VisitRequest], moment: datetime) -> None:
        for request in requests:
            request.agreed_at = moment
            request.save(update_fields=["agreed_at"])
            self.step(request, Deed.AGREED, moment)

    def confirmed(self, requests: Sequence[VisitRequest], starts: datetime) -> VisitClass:
        asked = max(request.asked_at for request in requests)
        made = self.plan(requests, starts, min(asked + timedelta(days=1), timezone.now()))
        self.agree(requests, min(asked + timedelta(days=2), timezone.now()))
        assign(self.teachers, [made], True, self.by)
        self.to(made, Deed.CONFIRMED, C.CONFIRMED, min(asked + timedelta(days=2), timezone.now()), Who.SYSTEM)
        return made

    def held(self, requests: Sequence[VisitRequest], starts: datetime, *, report: bool = True) -> VisitClass:
        """Taught; with the report of its lead, all of it."""
        made = self.confirmed(requests, starts)
        self.to(made, Deed.TAUGHT, C.TAUGHT, made.ends_at, Who.INSTRUCTOR)
        lead = made.assignments.select_related("instructor__user").first()
        if report and lead:
            with clock_at(made.ends_at + timedelta(hours=2)):
                VisitReport.objects.create(
                    visit_class=made,
                    came=max(3, sum(r.people for r in requests) + self.random.choice((-1, 0, 0, 1, 2))),
                    taught="글자를 크게 하고 사진을 보내는 것까지 했습니다.",
                    next_time="다음에는 카카오톡을 배우고 싶어 하십니다." if made.starts_at.day % 2 else "",
                    written_by=lead.instructor.user,
                )
            self.to(made, Deed.REPORTED, C.REPORTED, made.ends_at + timedelta(hours=2), Who.INSTRUCTOR)
            for request in requests:
                done = made.ends_at + timedelta(hours=2)
                self.to(request, Deed.DONE, R.DONE, done, Who.SYSTEM, ended_at=done)
        return made


def make(places: Places, teachers: Teachers, by: User, random: Random) -> None:
    """Every state of a request and of a class."""
    visits = Visits(places, teachers, by, random)
    today = timezone.localdate()
    halls = [one for one in places.institutions if one.kind == Institution.Kind.SENIOR_HALL]
    others = [one for one in places.institutions if one.kind != Institution.Kind.SENIOR_HALL]
    topics = (Topic.SMARTPHONE, Topic.KIOSK, Topic.SAFETY, Topic.APPS)

    def back(working_days: int) -> datetime:
        return at(after(today, -working_days), 14)

    for n in range(LAST_YEAR + THIS_YEAR):
        place = halls[(n * 3) % len(halls)]
        starts = back(12 + 11 * n) if n < THIS_YEAR else back(250 + 12 * (n - THIS_YEAR))
        asked = starts - timedelta(days=16)
        visits.held([visits.ask(asked, topics[n % 4], 6 + n % 5, place)], starts)
    visits.held([visits.ask(back(20), Topic.SMARTPHONE, 8, others[0])], back(1), report=False)

    ahead = at(after(today, 6), 10)
    visits.confirmed([visits.ask(back(12), Topic.KIOSK, 9, halls[1])], ahead)
    pair = [visits.ask(back(9), Topic.SAFETY, 2), visits.ask(back(8), Topic.SAFETY, 2)]
    visits.confirmed(pair, at(after(today, 8), 14))  # two and two: joined
    proposed = visits.ask(back(6), Topic.SMARTPHONE, 5, phone=DEMO_GROUP)
    visits.plan([proposed], at(after(today, 9), 14), back(1))  # to be answered by DEMO_GROUP
    off = visits.ask(back(15), Topic.APPS, 7, halls[4])
    called_off = visits.plan([off], at(after(today, 3), 10), back(8))
    visits.to(called_off, Deed.CALLED_OFF, C.CALLED_OFF, back(4), Who.STAFF, why="예시: 그날 행사가 있음")
    visits.to(off, Deed.CALLED_OFF, R.OPEN, back(4), Who.STAFF, visit_class=None)

    for n, place in enumerate((others[1], halls[7], halls[9])):
        visits.ask(back(5 - n), topics[n], 8 + n, place)
    visits.ask(back(4), Topic.CIVIL, 4, district=places.districts["평거동"])
    visits.ask(back(3), Topic.APPS, 2, district=places.districts["금산면"])  # held, until another comes
    visits.ask(back(2), Topic.AI, 1, district=places.districts["초장동"])
    gone = visits.ask(back(30), Topic.KIOSK, 3)
    visits.to(gone, Deed.WITHDRAWN, R.WITHDRAWN, back(25), Who.GROUP, ended_at=back(25))
    no = visits.ask(back(40), Topic.COMPUTER, 5, halls[11])
    why = "예시: 배우실 컴퓨터가 없어 배움터 수업을 안내함"
    visits.to(no, Deed.REFUSED, R.REFUSED, back(35), Who.STAFF, ended_at=back(35), refused_why=why)
