"""월 정산: what a contractor is paid for one month, once, correct to the won.

A case belongs to the month in which it was done (Seoul). One that a phone sent in after its month was settled belongs
to the next month that is not: a settlement never changes, and no work stays unpaid.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from people import sheets
from people.months import billed_in, is_over, next_month

from .actors import Actor
from .history import write
from .models import Case, Contractor, Line, PriceItem, Programme, Settlement, Step, Visit
from .states import NotPossible, State

COLUMNS = (
    *("접수번호", "수리한 날", "읍면동", "기기", "부품(원)", "작업(원)"),
    *("합계(원)", "시 지원(원)", "본인 부담(원)"),
)
#: Of COLUMNS: those that are summed.
MONEY_FROM = 4


@dataclass(frozen=True)
class Due:
    """What one contractor has done and was not paid for. `late`: of it, done in a month that was settled already."""

    programme: Programme
    contractor: Contractor
    month: date
    cases: int
    total_won: int
    own_share_won: int
    late: int
    is_over: bool


def due() -> list[Due]:
    """By year, contractor and month, the oldest month first. Four queries, however many cases."""
    unpaid = Case.objects.filter(state=State.DONE, contractor__isnull=False).order_by()
    groups = unpaid.annotate(month=TruncMonth("done_at")).values_list("programme", "contractor", "month")
    settled = _settled_months()
    sums: dict[tuple[int, int, date], list[int]] = {}
    for programme, contractor, month, cases, won, own in groups.annotate(
        Count("pk"), Sum("cost_won"), Sum("own_share_won")
    ):
        done_in = timezone.localdate(month)
        billed = billed_in(done_in, settled.get((programme, contractor), ()))
        row = sums.setdefault((programme, contractor, billed), [0, 0, 0, 0])
        for n, more in enumerate((cases, won or 0, own or 0, cases if billed != done_in else 0)):
            row[n] += more
    programmes, contractors = Programme.objects.in_bulk(), Contractor.objects.in_bulk()
    return sorted(
        (
            Due(programmes[year], contractors[who], month, *(cases, won, own, late), is_over=is_over(month))
            for (year, who, month), (cases, won, own, late) in sums.items()
        ),
        key=lambda one: (one.month, one.contractor.name),
    )


def _settled_months() -> dict[tuple[int, int], set[date]]:
    months: dict[tuple[int, int], set[date]] = {}
    for year, who, month in Settlement.objects.values_list("programme", "contractor", "month"):
        months.setdefault((year, who), set()).add(month)
    return months


@transaction.atomic
def settle(programme: Programme, contractor: Contractor, month: date, by: Actor) -> Settlement:
    """정산하기: every case that belongs to that month, together. A second press returns the first one's settlement.

    states.NotPossible while the month runs, or if nothing was done in it.
    """
    if by.user is None or month.day != 1:
        raise NotPossible("달과 업체를 목록에서 골라 주세요.")
    # One settlement a contractor at a time. Not FOR UPDATE: selecting a case only points at this row, and may.
    Contractor.objects.select_for_update(of=("self",), no_key=True).get(pk=contractor.pk)
    ours = Settlement.objects.filter(programme=programme, contractor=contractor)
    if made := ours.filter(month=month).first():
        return made
    if not is_over(month):
        raise NotPossible(f"{month.month}월이 끝난 뒤에 정산할 수 있습니다.")
    settled = set(ours.values_list("month", flat=True))
    until = timezone.make_aware(datetime.combine(next_month(month), time()))
    done = Case.objects.filter(
        programme=programme, contractor=contractor, state=State.DONE, done_at__lt=until
    )
    cases = [
        case
        for case in done.select_for_update(of=("self",)).order_by("pk")
        if billed_in(_month_of(case), settled) == month
    ]
    if not cases:
        raise NotPossible(f"{month.year}년 {month.month}월에는 정산할 건이 없습니다.")
    settlement = Settlement.objects.create(
        programme=programme,
        contractor=contractor,
        month=month,
        cases_count=len(cases),
        total_won=sum(case.cost_won or 0 for case in cases),
        made_by=by.user,
    )
    for case in cases:
        case.settlement = settlement
        write(case, Step.Deed.SETTLED, by, after=State.SETTLED, fields=["settlement"])
    return settlement


def _month_of(case: Case) -> date:
    return timezone.localdate(case.done_at).replace(day=1)


@dataclass(frozen=True)
class Row:
    """A case as the contractor is paid for it; no name, no address. Won."""

    number: str
    done_on: date
    district: str
    devices: str
    parts: int
    work: int
    city: int
    own: int

    @property
    def total(self) -> int:
        return self.parts + self.work

    def cells(self) -> tuple[str | date | int, ...]:
        return (
            *(self.number, self.done_on, self.district, self.devices),
            *(self.parts, self.work, self.total, self.city, self.own),
        )


def rows(settlement: Settlement) -> list[Row]:
    """By day and number. Parts and work from the lines of the visit that was finished. Three queries."""
    cases = settlement.cases.order_by("done_at", "number").select_related("district")
    cases = cases.defer("district__boundary").prefetch_related("devices")
    listed = Line.objects.filter(visit__case__settlement=settlement, visit__end=Visit.End.DONE)
    won: dict[tuple[object, str], int] = {}
    for line in listed.select_related("visit"):
        key = (line.visit.case_id, line.kind)
        won[key] = won.get(key, 0) + line.sum_won
    return [
        Row(
            number=case.number,
            done_on=timezone.localdate(case.done_at),
            district=case.district.name,
            devices=", ".join(device.get_kind_display() for device in case.devices.all()),
            parts=won.get((case.pk, PriceItem.Kind.PART), 0),
            work=won.get((case.pk, PriceItem.Kind.WORK), 0),
            city=case.cost_won or 0,
            own=case.own_share_won or 0,
        )
        for case in cases
    ]


def xlsx(settlement: Settlement, listed: Iterable[Row]) -> bytes:
    """The file for the contractor and the accounts: a row a case, then the sums."""
    about = f"{settlement.programme} 컴퓨터 무상수리 {settlement} 정산"
    cells = (row.cells() for row in listed)
    return sheets.xlsx(f"{settlement.month:%Y-%m}", about, COLUMNS, cells, MONEY_FROM)
