"""What an applicant wrote in an earlier year, offered again so that they need not write it anew: who, how to reach them
and where. Never what is broken, the group or a consent, and never the birth date, which no page shows.

It fills the form of a step that nobody has answered yet, and counts only once that step was sent.
"""

from people.by_phone import Phone
from people.phones import national

from .apply_forms import ORGANISATION, OWN
from .apply_steps import Application
from .models import Case

#: Of these steps there is something to offer.
STEPS = ("who", "contact", "where")


def case_of(phone: Phone, app: Application, step: str) -> Case | None:
    """Their last case of another programme year, as its applicant: whoever helps others may help somebody else now.
    None: nothing is offered at that step."""
    if step not in STEPS or app.answers.get(step) or app.rule is None:
        return None
    cases = Case.objects.filter(phone_index=phone.index).exclude(programme=app.rule.programme_id)
    case = cases.select_related("resident").order_by("-filed_at").first() if phone.index else None
    if case is None or (step != "who" and app.kind != _kind(case)):
        return None
    return case


def answers_of(case: Case, step: str) -> dict[str, str]:
    """Field → what stood there."""
    if step == "who":
        return {"kind": _kind(case), "organisation": case.organisation, "name": case.resident.name}
    if step == "contact":
        helper = national(case.helper_phone) if case.helper_phone else ""
        return {"helper_name": case.helper_name, "helper_phone": helper, "tells": case.tells}
    return {"district": case.district_id, "address": case.resident.address, "unit": case.unit}


def _kind(case: Case) -> str:
    return ORGANISATION if case.is_organisation else OWN
