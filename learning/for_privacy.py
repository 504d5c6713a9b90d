"""What privacy/ asks of this app: who held which post, who is who, and who could see whose rows (privacy/whose.py)."""

from collections.abc import Collection, Iterator
from datetime import datetime

from people.for_privacy import holders
from people.models import RoleGrant
from privacy import whose
from privacy.fields import opened
from privacy.holdings import Person
from privacy.review import facts

from .models import Assignment, Booking, CentrePost, Learner, VisitRequest

Role = RoleGrant.Role


@whose.register
def posts(identifiers: Collection[str]) -> Iterator[whose.Post]:
    rows = CentrePost.objects.filter(user__username__in=identifiers).select_related("user", "centre")
    for one in rows:
        yield whose.Post(
            one.user.username, f"{one.centre.name} 직원", one.granted_at, one.revoked_at, "centre_staff"
        )


@facts.tell_of_rows("learning.learner")
def learners_known(keys: Collection[str]) -> dict[str, facts.Known]:
    rows = Learner.objects.filter(pk__in=keys)
    return {
        str(pk): facts.Known(surname=(name or "")[:1], phone=phone)
        for pk, name, phone in opened(rows, "name", "phone_index")
    }


@facts.tell_of_rows("learning.booking")
def bookings_known(keys: Collection[str]) -> dict[str, facts.Known]:
    """As whoever learns."""
    bookings = list(Booking.objects.filter(pk__in=keys).values_list("pk", "learner"))
    people = learners_known([str(learner) for _, learner in bookings])
    return {str(pk): people[str(learner)] for pk, learner in bookings}


@whose.register_sight
def sights(person: Person, at: datetime) -> Iterator[whose.Sight]:
    """Of their bookings: the call centre, coordinators, officers, the centre's staff, and who taught the class; of
    their requests for a visit all of these but the centre's."""
    bookings = Booking.objects.for_phone(person.index).filter(booked_at__lte=at)
    requests = VisitRequest.objects.for_phone(person.index).filter(asked_at__lte=at)
    for what, rows in (("수업 신청", bookings), ("찾아가는 수업 신청", requests)):
        if rows.exists():
            for role in (Role.LEARNING_CALL, Role.LEARNING_COORDINATOR, Role.LEARNING_OFFICER):
                for who, post in holders(role, at):
                    yield whose.Sight(who, what, post)
    centres = bookings.values("session__room__centre")
    for one in CentrePost.objects.in_force(at).filter(centre__in=centres).select_related("user", "centre"):
        yield whose.Sight(one.user.username, "수업 신청", f"{one.centre.name} 직원")
    then = Assignment.objects.filter(assigned_at__lte=at).exclude(released_at__lte=at)
    for what, of in (
        ("수업 신청", {"session__in": bookings.values("session")}),
        ("찾아가는 수업 신청", {"visit_class__in": requests.values("visit_class")}),
    ):
        for each in then.filter(**of).select_related("instructor__user"):
            yield whose.Sight(each.instructor.user.username, what, "그 수업의 강사")
