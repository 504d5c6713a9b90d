"""What becomes of those who wait for money when the next programme year is there: carried over in their order, or ended
by a refusal that a second person decides. Nobody is forgotten: until one of the two is done the officer is reminded.
"""

import uuid
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from privacy.one_query import planned

from . import workflow
from .actors import Actor
from .history import locked, write
from .models import Case, CaseQuerySet, Programme, Rule, Step
from .notices import notify
from .states import OFFICE, NotPossible, State

#: What the applicant reads if their case ends with the year's money.
SPENT = "{} 사업의 예산을 모두 써서 지원해 드리지 못했습니다. 다음 해 사업에 새로 신청하실 수 있습니다."


@dataclass(frozen=True)
class Carried:
    """How many went on, and the numbers of those that could not: their household has a live case in the new year."""

    count: int
    left: list[str]


def waiting(programme: Programme | int) -> CaseQuerySet:
    """Who waits for that year's money, the earliest first."""
    return Case.objects.filter(programme=programme, state=State.WAITING).order_by("filed_at")


def undecided(programme: Programme | int) -> CaseQuerySet:
    """Those that the office still looks at: they may go on into the next year too."""
    return Case.objects.filter(programme=programme, state__in=OFFICE - {State.WAITING}).order_by("filed_at")


def following(programme: Programme) -> Programme | None:
    """The next year, if it has been opened and has a rule by which it can be decided."""
    rules = Rule.objects.filter(programme__year__gt=programme.year).select_related("programme")
    rule = rules.order_by("programme").first()
    return rule.programme if rule else None


def carry_over(programme: Programme, by: Actor, *, with_undecided: bool = False) -> Carried:
    """Moves them into the following year, each in a transaction of its own; the day of filing, by which the line is
    ordered, stays. NotPossible if there is no following year yet."""
    to = following(programme)
    if to is None:
        raise NotPossible("넘겨받을 사업연도가 아직 없습니다. 먼저 새 사업연도를 열고 기준을 정해 주세요.")
    rule = Rule.objects.in_force(to, to.opens_on).first() or to.rules.earliest("valid_from")
    rows = list(waiting(programme).values_list("pk", flat=True))
    rows += list(undecided(programme).values_list("pk", flat=True)) if with_undecided else []
    count, left = 0, []
    for pk in rows:
        try:
            count += _carry(pk, by, programme, rule)
        except NotPossible:
            left.append(Case.objects.values_list("number", flat=True).get(pk=pk))
    return Carried(count, left)


@transaction.atomic
def _carry(pk: uuid.UUID, by: Actor, programme: Programme, rule: Rule) -> bool:
    """False if it was decided or carried meanwhile."""
    case = locked(pk, by)
    if case.programme_id != programme.pk or case.state not in OFFICE:
        return False
    case.programme, case.rule = rule.programme, rule
    claims = rule.once_a_year and not case.is_organisation and not case.household_exception
    case.household_claim = case.household_index if claims else None
    try:
        with transaction.atomic():
            step = write(
                case,
                Step.Deed.CARRIED,
                by,
                f"{programme} 사업에서 {rule.programme} 사업으로",
                fields=["programme", "rule", "household_claim"],
            )
    except IntegrityError as error:
        if "one_live_case" not in str(error):
            raise
        raise NotPossible("같은 가구가 다음 해에 이미 신청했습니다.") from None
    if case.state == State.WAITING:
        notify(case, "repair_carried", step.pk, year=rule.programme_id)
    return True


def end(programme: Programme, by: Actor) -> int:
    """불가로 올림: of all who still wait, with the year's money as the reason. A second person decides on each, and the
    applicant is told then. Returns how many."""
    count = 0
    for pk in list(waiting(programme).values_list("pk", flat=True)):
        try:
            workflow.propose_refusal(pk, by, SPENT.format(programme))
        except NotPossible:  # decided meanwhile
            continue
        count += 1
    return count


_LEFT_BEHIND = """
SELECT year, count(*) FROM repair_case JOIN repair_programme AS this ON this.year = programme_id
WHERE state = 'waiting' AND (
    closes_on < %s OR EXISTS (SELECT FROM repair_programme AS later WHERE later.year > this.year))
GROUP BY year ORDER BY year
"""


def left_behind(today: date) -> list[tuple[int, int]]:
    """(year, how many wait for its money) of years that are over, or that another one follows already."""
    return [(year, number) for year, number in planned(_LEFT_BEHIND, [today])]
