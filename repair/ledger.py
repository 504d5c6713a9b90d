"""The ledger of a programme year, a page at a time: the latest first. No name: a case is named by its number."""

from dataclasses import dataclass

from people.models import User
from privacy.one_query import Rows, planned, point, read

from .models import BudgetEntry, Case, Programme, Rule

#: Ids of the entries of a year, on one page: year, how many, after how many.
_PAGE = "SELECT id FROM repair_budgetentry WHERE programme_id = %s ORDER BY id DESC LIMIT %s OFFSET %s"
_CASES = f"SELECT case_id FROM repair_budgetentry WHERE id IN ({_PAGE})"  # noqa: S608 - the line above
_USERS = f"SELECT by_id FROM repair_budgetentry WHERE id IN ({_PAGE})"  # noqa: S608 - as above


@dataclass(frozen=True)
class Ledger:
    """For a Paginator."""

    programme: Programme

    def count(self) -> int:
        [[number]] = planned(
            "SELECT count(*) FROM repair_budgetentry WHERE programme_id = %s", [self.programme.pk]
        )
        return int(number)

    def __getitem__(self, asked: slice) -> list[BudgetEntry]:
        """A page of them, with the case's number and who wrote it: from and to are given. One query."""
        page = [self.programme.pk, asked.stop - asked.start, asked.start]
        entries, cases, users = read(
            Rows(BudgetEntry, f"id IN ({_PAGE})", page),
            Rows(Case, f"id IN ({_CASES})", page, ("number",)),
            Rows(User, f"id IN ({_USERS})", page, ("username",)),
        )
        point(entries, "case", cases)
        point(entries, "by", users)
        return entries


def rules_of(programme: Programme) -> list[Rule]:
    """The newest first."""
    return read(Rows(Rule, "programme_id = %s", [programme.pk]))[0]
