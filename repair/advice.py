"""What the rule says of a case by what is known now, for the clerk: advice, the clerk decides."""

from functools import cache

from django.utils import timezone

from people import places

from . import eligibility, household
from .groups import Group
from .models import Case, Evidence, Programme, Rule
from .states import RESERVED, State

#: A household had its repair, or is about to.
USED = RESERVED | {State.DONE, State.SETTLED}


def terms(programme: Programme, rule: Rule, left_won: int | None = None) -> eligibility.Terms:
    """`left_won`: instead of what the year has left."""
    return eligibility.Terms(
        groups=frozenset(Group(group) for group in rule.groups),
        cap_won=rule.cap_won,
        once_a_year=rule.once_a_year,
        organisation_devices=rule.organisation_devices,
        opens_on=programme.opens_on,
        closes_on=programme.closes_on,
        left_won=programme.left_won if left_won is None else left_won,
        when_spent="wait" if programme.when_spent == Programme.WhenSpent.WAIT else "close",
    )


@cache
def areas() -> frozenset[str]:
    """Names of 읍면동 and 법정동·리 of the city."""
    return frozenset(row["name"] for row in [*places.districts(), *places.legal_areas()])


def _lives_here(case: Case) -> bool | None:
    """What the evidence last said; before there is any, what the address says."""
    said = [row.answer for row in case.evidence.all() if row.about == Evidence.About.RESIDENCE]
    if said and said[-1] != Evidence.Answer.UNCLEAR:
        return said[-1] == Evidence.Answer.YES
    return household.is_in_jinju(case.resident.address, areas())


def _group(case: Case) -> Group | None:
    said = [row.answer for row in case.evidence.all() if row.about == Evidence.About.GROUP]
    if not case.group or (said and said[-1] != Evidence.Answer.YES):  # "": the applicant did not know
        return None
    return Group(case.group)


def of(case: Case, of_the_household: list[Case]) -> eligibility.Answer:
    """`of_the_household`: its other cases. Takes the case's prefetched evidence and devices."""
    used = any(c.programme_id == case.programme_id and c.state in USED for c in of_the_household)
    asked = eligibility.Asked(
        group=Group.ORGANISATION if case.is_organisation else _group(case),
        lives_here=_lives_here(case),
        used_this_year=used and not case.household_exception,
        devices=max(1, len(case.devices.all())),
    )
    return eligibility.judge(asked, terms(case.programme, case.rule), timezone.localdate(case.filed_at))
