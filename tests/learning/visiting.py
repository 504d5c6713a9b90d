"""A visiting class in tests: asked for, agreed to, with its instructors, by the deeds themselves."""

import uuid
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from learning import assigning, visits, visits_planning
from learning.actors import Actor
from learning.models import Assignment, Instructor, VisitClass, VisitRequest, VisitStep
from tests import make, make_learning

GROUP = Actor(VisitStep.Who.GROUP)


def on_a_weekday(days: int = 7) -> datetime:
    """Ten in the morning in Seoul, so many days from now or on the Monday after a weekend."""
    day = timezone.localdate() + timedelta(days=days)
    day += timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)
    return timezone.make_aware(datetime.combine(day, time(10)))


def asked(people: int = 3, **fields: Any) -> visits.Asked:
    starts = fields.pop("starts", None) or on_a_weekday()
    given = {
        "once": uuid.uuid4(),
        "kind": "group",
        "contact_name": "예시 대표",
        "phone": make_learning.phone(),
        "district": fields.pop("district", None) or make.district(),
        "topic": "smartphone",
        "level": 1,
        "wishes": [(starts, starts + timedelta(hours=3))],
        "place_name": "시험 마을회관",
        "address": "경상남도 진주시 문산읍 동부로 12",
    }
    return visits.Asked(people=people, **{**given, **fields})


def ask(people: int = 3, **fields: Any) -> VisitRequest:
    return visits.ask(asked(people, **fields), GROUP)


def coordinator() -> Actor:
    return make_learning.staff(make_learning.coordinator())


def acts(instructor: Instructor) -> Actor:
    return Actor(VisitStep.Who.INSTRUCTOR, instructor.user)


def propose(*requests: VisitRequest, by: Actor | None = None, **times: Any) -> VisitClass:
    wish = requests[0].wishes.get(order=1)
    starts = times.get("starts", wish.starts_at)
    plan = visits_planning.Plan(starts, times.get("ends", starts + timedelta(hours=2)), requests[0].pk)
    return visits_planning.propose([row.pk for row in requests], plan, by or coordinator())


def assign(visit: VisitClass, by: Actor | None = None, **fields: Any) -> list[Assignment]:
    """A lead and an assistant of their own."""
    return [
        assigning.assign(make_learning.instructor(**fields).pk, visit, part, by or coordinator())
        for part in ("lead", "assistant")
    ]


def confirmed(people: int = 3, **fields: Any) -> VisitClass:
    """Proposed, agreed to, and both instructors come."""
    request = ask(people, **fields)
    visit = propose(request)
    for one in assign(visit):
        assigning.accept(one.pk, acts(one.instructor))
    visits.agree(request.pk, GROUP)
    visit.refresh_from_db()
    return visit


def begun(visit: VisitClass) -> VisitClass:
    """As if it were this morning: three hours back."""
    starts = timezone.now() - timedelta(hours=3)
    VisitClass.objects.filter(pk=visit.pk).update(starts_at=starts, ends_at=starts + timedelta(hours=2))
    visit.refresh_from_db()
    return visit
