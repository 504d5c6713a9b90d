"""What groups and instructors are told of visits: templates/messages/learning_visit_*.txt and learning_teach_*.txt,
each once. No name and no street: a text lies open on a phone, and the page has them."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from people.models import Message
from people.outbox import tell

from .models import Assignment, VisitClass, VisitRequest


def tell_group(request: VisitRequest, template: str, moment: object, **more: Any) -> None:
    """Whoever asked, in the caller's transaction; once a `moment` (the step's id)."""
    context = {
        "topic": request.get_topic_display(),
        "number": request.number,
        "phone": settings.HELP_PHONE,
        "page": f"{settings.PORTAL_URL}{reverse('learning:visits_mine')}",
        **more,
    }
    key = f"{template}:{request.pk}:{moment}"
    tell(request.contact_phone, template, context, key=key, turn=Message.Turn.NEWS, calls=True)


def of_class(visit: VisitClass) -> dict[str, Any]:
    """What a message may say of it. Its district should be loaded."""
    return {"starts": timezone.localtime(visit.starts_at), "district": visit.district.name}


def tell_instructor(assignment: Assignment, template: str, moment: object, **more: Any) -> None:
    """The instructor, if their account has a phone; without one they see it on their page.

    The instructor's user, and the session's course and place or the class's district, should be loaded.
    """
    to = assignment.instructor.user.phone
    if not to:
        return
    if assignment.session is not None:
        session = assignment.session
        what, starts, where = session.course.title, session.starts_at, session.room.centre.name
    else:
        visit = assignment.visit_class
        assert visit is not None  # noqa: S101 - the database holds that it is one of the two
        what, starts = f"찾아가는 {visit.get_topic_display()} 수업", visit.starts_at
        where = visit.district.name
    context = {
        "what": what,
        "starts": timezone.localtime(starts),
        "where": where,
        "part": assignment.get_part_display(),
        "phone": settings.HELP_PHONE,
        "page": f"{settings.PORTAL_URL}{reverse('learning:teach')}",
        **more,
    }
    key = f"{template}:{assignment.pk}:{moment}"
    until = max(starts, timezone.now()) + timedelta(days=1)
    tell(to, template, context, key=key, turn=Message.Turn.NEWS, expires_at=until)
