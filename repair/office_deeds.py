"""All that an office can do with a case from its page (office_decisions.py, office_keeping.py), and what fits now."""

from django.utils import timezone
from django.utils.formats import date_format

from . import budget, deadlines
from .models import Case, Rule
from .office_decisions import DECISIONS
from .office_deed import OfficeDeed
from .office_facts import Facts
from .office_keeping import KEEPING

DEEDS = {deed.key: deed for deed in [*DECISIONS, *KEEPING]}
#: Those that lead on; the others stand below them.
FIRST = (
    "confirm",
    "select",
    "wait",
    "brought",
    "paper",
    "evidence",
    "look-up",
    "refuse",
    "keep-open",
    "reopen",
    "uphold",
    "object",
    "resume",
)


def possible(case: Case, known: Facts) -> tuple[list[OfficeDeed], list[OfficeDeed]]:
    """(what leads on, everything else) that fits this case now."""
    fit = [deed for deed in DEEDS.values() if deed.fits(case, known)]
    first = [deed for key in FIRST for deed in fit if deed.key == key]
    return first, [deed for deed in fit if deed.key not in FIRST]


def lead(deed: OfficeDeed, case: Case) -> str:
    """What happens then. For a selection: how much is reserved, and what is promised."""
    if deed.key != "select":
        return deed.lead
    today = timezone.localdate()
    rule = Rule.objects.in_force(case.programme_id, today).first() or case.rule
    day = date_format(deadlines.first(rule, today), "n월 j일(D)")
    won = budget.cap_of(case, rule)
    return f"예산에서 {won:,}원을 묶고, {day}까지 수리 기사가 방문한다고 신청한 분께 알립니다."
