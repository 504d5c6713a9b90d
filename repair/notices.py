"""Telling the applicant, or whoever helps them, what became of the case; and a contractor what is theirs to do.
A landline hears nothing: its office calls."""

from typing import Any

from django.conf import settings
from django.utils import timezone

from people.outbox import tell
from people.phones import NotAPhone, mobile

from .models import Case, Contractor, Visit


def takes_texts(phone: str) -> str:
    """E.164 of a phone that takes texts, "" if this one takes none."""
    try:
        return mobile(phone) if phone else ""
    except NotAPhone:
        return ""


def phone_of(case: Case) -> str:
    """E.164 of whoever gets the messages, "" if that phone takes none."""
    return takes_texts(case.helper_phone if case.tells == Case.Tells.HELPER else case.resident.phone)


def notify(case: Case, template: str, moment: object, *, also_applicant: bool = False, **words: Any) -> bool:
    """Queues templates/messages/<template>.txt; in the caller's transaction. False if nobody can be told by text.

    `moment`: tells this occasion from others of the same kind (the step's id), so that it is told once.
    `also_applicant`: and not only whoever helps them, of what cannot be undone.
    The text names no group and no paper that says which: it lies open on a phone.
    """
    to = phone_of(case)
    page = f"{settings.PORTAL_URL}/repair/status/"
    told = {"number": case.number, "phone": settings.HELP_PHONE, "page": page, **words}
    if to:
        tell(to, template, told, key=f"{template}:{case.pk}:{moment}")
    own = takes_texts(case.resident.phone) if also_applicant and case.helper_phone else ""
    if own and own != to:
        tell(own, template, told, key=f"{template}:{case.pk}:{moment}:applicant")
    return bool(to)


def tell_contractor(contractor: Contractor, case: Case, template: str, moment: object, **words: Any) -> bool:
    """As `notify`, to the contractor's own number: neither name nor address. False if it takes no texts."""
    to = takes_texts(contractor.phone)
    if to:
        key = f"{template}:{case.pk}:{moment}:contractor-{contractor.pk}"
        tell(to, template, {"number": case.number, "phone": settings.HELP_PHONE, **words}, key=key)
    return bool(to)


def falls_through(visit: Visit) -> bool:
    """Whoever was told when somebody comes must not wait for them: the visit was given back before its time."""
    if visit.planned_at is None or visit.planned_at < timezone.now():
        return False
    return notify(visit.case, "repair_unplanned", visit.pk, when=visit.planned_at)
