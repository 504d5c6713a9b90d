"""Telling the applicant, or whoever helps them, what became of the case. A landline hears nothing: its office calls."""

from typing import Any

from django.conf import settings
from django.utils import timezone

from people.outbox import tell
from people.phones import NotAPhone, mobile

from .models import Case, Visit


def phone_of(case: Case) -> str:
    """E.164 of whoever gets the messages, "" if that phone takes none."""
    phone = case.helper_phone if case.tells == Case.Tells.HELPER else case.resident.phone
    try:
        return mobile(phone) if phone else ""
    except NotAPhone:
        return ""


def notify(case: Case, template: str, moment: object, **words: Any) -> bool:
    """Queues templates/messages/<template>.txt; in the caller's transaction. False if nobody can be told by text.

    `moment`: tells this occasion from others of the same kind (the step's id), so that it is told once.
    The text names no group and no paper that says which: it lies open on a phone.
    """
    to = phone_of(case)
    if to:
        page = f"{settings.PORTAL_URL}/repair/status/"
        told = {"number": case.number, "phone": settings.HELP_PHONE, "page": page, **words}
        tell(to, template, told, key=f"{template}:{case.pk}:{moment}")
    return bool(to)


def falls_through(visit: Visit) -> bool:
    """Whoever was told when somebody comes must not wait for them: the visit was given back before its time."""
    if visit.planned_at is None or visit.planned_at < timezone.now():
        return False
    return notify(visit.case, "repair_unplanned", visit.pk, when=visit.planned_at)
