"""The day before a visit: the groups and both instructors are told once more. Asked by beat (tasks.remind)."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from .models import VisitClass
from .visit_states import ClassState
from .visits_notices import of_class, tell_group, tell_instructor


@transaction.atomic
def remind() -> int:
    """Of tomorrow's confirmed classes; how many. Each once, however often it is asked: the day is in the key."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    rows = VisitClass.objects.filter(state=ClassState.CONFIRMED, starts_at__date=tomorrow)
    rows = rows.select_related("district").defer("district__boundary").prefetch_related("requests")
    for visit in rows:
        for request in visit.requests.all():
            tell_group(request, "learning_visit_tomorrow", tomorrow, **of_class(visit))
        live = visit.assignments.live().select_related("instructor__user", "visit_class__district")
        for assignment in live.defer("visit_class__district__boundary"):
            tell_instructor(assignment, "learning_teach_tomorrow", tomorrow)
    return len(rows)
