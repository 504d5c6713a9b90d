"""The lines of the ledger as rows of a table. Written here as the rows of a work list are, and for the same reason
(desk_rows.py)."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ..models import BudgetEntry
from .addresses import of_each

ROW = (
    '<tr><th scope="row">{}</th><td data-label="구분">{}</td><td data-label="금액" class="number">{}</td>{}'
    '<td data-label="까닭"><span>{}</span></td><td data-label="누가">{}</td></tr>'
)
CASE = '<td data-label="접수번호"><a href="{}">{}</a></td>'
NO_CASE = format_html('<td class="nothing">{}</td>', "")


def rows(entries: Iterable[BudgetEntry]) -> list[SafeString]:
    page_of, told = of_each("repair:desk_case"), []
    for entry in entries:
        at = timezone.localtime(entry.at)
        less = entry.kind in (BudgetEntry.Kind.CUT, BudgetEntry.Kind.RELEASED)
        told.append(
            format_html(
                ROW,
                f"{at.month}월 {at.day}일 {at:%H:%M}",
                BudgetEntry.Kind(entry.kind).label,
                f"{'−' if less else ''}{entry.amount_won:,}원",
                format_html(CASE, page_of(entry.case.pk), entry.case.number) if entry.case else NO_CASE,
                entry.why,
                str(entry.by) if entry.by else "자동",
            )
        )
    return told
