"""The year's money: reserved when a case is selected, spent when it is done, never more than there is.

The sums on `Programme` follow from the ledger by a trigger; its constraints refuse what is not there, whoever asks.
"""

from django.db import transaction

from people.models import User
from privacy.access import Action, record

from .models import BudgetEntry, Case, Programme, Rule

Kind = BudgetEntry.Kind


class BudgetSpent(ValueError):
    """There is not enough left; its text says so in Korean."""


def cap_of(case: Case, rule: Rule) -> int:
    """Won: the cap a household, or a device of an organisation."""
    return rule.cap_won * (case.devices.count() if case.is_organisation else 1)


def locked(year: int) -> Programme:
    """The year, so that nobody else moves its money meanwhile. Always locked after the case, never before."""
    return Programme.objects.select_for_update(of=("self",)).get(pk=year)


def _enter(
    programme: Programme, kind: str, won: int, why: str, by: User | None, case: Case | None = None
) -> None:
    BudgetEntry.objects.create(programme=programme, kind=kind, amount_won=won, why=why, by=by, case=case)
    programme.refresh_from_db(fields=["budget_won", "reserved_won", "settled_won"])


@transaction.atomic
def change_budget(year: int, won: int, why: str, by: User) -> Programme:
    """Adds to the year's budget, or takes away (`won` < 0). BudgetSpent if that is reserved or spent already."""
    programme = locked(year)
    if programme.left_won + won < 0:
        raise BudgetSpent(
            f"남은 돈은 {programme.left_won:,}원입니다. 이미 묶였거나 쓴 돈은 줄일 수 없습니다."
        )
    if won:
        _enter(programme, Kind.GRANTED if won > 0 else Kind.CUT, abs(won), why, by)
        record(None, Action.CHANGE, [programme], f"무상수리 예산 {won:+,}원: {why}", who=by.get_username())
    return programme


def reserve(case: Case, won: int, by: User | None) -> None:
    """In the caller's transaction, the case locked. BudgetSpent if less than `won` is left."""
    programme = locked(case.programme_id)
    if programme.left_won < won:
        raise BudgetSpent(f"올해 예산이 {programme.left_won:,}원 남아 {won:,}원을 묶을 수 없습니다.")
    _enter(programme, Kind.RESERVED, won, "선정", by, case)


def release(case: Case, by: User | None, why: str) -> None:
    """What was reserved for the case is free again. In the caller's transaction."""
    _enter(locked(case.programme_id), Kind.RELEASED, case.cap_won or 0, why, by, case)


def spend(case: Case, won: int, by: User | None) -> None:
    """The case is done and cost `won` (≤ its cap): that is spent, the rest is free. In the caller's transaction."""
    programme = locked(case.programme_id)
    _enter(programme, Kind.RELEASED, case.cap_won or 0, "수리를 마침", by, case)
    _enter(programme, Kind.SETTLED, won, "수리를 마침", by, case)
