"""월 정산: what a contractor is paid for one month, once, correct to the won.

A case belongs to the month in which it was done (Seoul). One that a phone sent in after its month was settled belongs
to the next month that is not: a settlement never changes, and no work stays unpaid.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from people import sheets
from people.months import billed_in, is_over, next_month
from privacy.one_query import Rows, planned, read

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


#: What is not settled, by year, contractor and month in which it was done. Month by month along the index: to ask of
#: each of thousands of cases in which month of Seoul it was done takes longer than to add them up.
_UNPAID = """
SELECT year.year, contractor.id, month::date, done.*
FROM repair_programme AS year CROSS JOIN repair_contractor AS contractor
CROSS JOIN LATERAL (
    SELECT min(done_at) AS first, max(done_at) AS last FROM repair_case AS one
    WHERE one.programme_id = year.year AND one.contractor_id = contractor.id AND one.state = 'done') AS span
CROSS JOIN LATERAL generate_series(
    date_trunc('month', span.first AT TIME ZONE %s::text), span.last AT TIME ZONE %s::text, '1 month') AS month
CROSS JOIN LATERAL (
    SELECT count(*) AS cases, sum(cost_won), sum(own_share_won) FROM repair_case AS one
    WHERE one.programme_id = year.year AND one.contractor_id = contractor.id AND one.state = 'done'
    AND done_at >= month AT TIME ZONE %s::text AND done_at < (month + interval '1 month') AT TIME ZONE %s::text
) AS done WHERE cases > 0
"""


def due() -> list[Due]:
    """By year, contractor and month, the oldest month first. Two queries, however many cases."""
    found = planned(_UNPAID, [timezone.get_current_timezone_name()] * 4)
    if not found:
        return []
    years, contractors, made = _known(min(done_in for _, _, done_in, *_ in found))
    settled: dict[tuple[int, int], set[date]] = {}
    for one in made:
        settled.setdefault((one.programme_id, one.contractor_id), set()).add(one.month)
    sums: dict[tuple[int, int, date], list[int]] = {}
    for programme, contractor, done_in, cases, won, own in found:
        billed = billed_in(done_in, settled.get((programme, contractor), ()))
        row = sums.setdefault((programme, contractor, billed), [0, 0, 0, 0])
        for n, more in enumerate((cases, int(won or 0), int(own or 0), cases if billed != done_in else 0)):
            row[n] += more
    return sorted(
        (
            Due(years[year], contractors[who], month, *(cases, won, own, late), is_over=is_over(month))
            for (year, who, month), (cases, won, own, late) in sums.items()
        ),
        key=lambda one: (one.month, one.contractor.name),
    )


def _known(since: date) -> tuple[dict[int, Programme], dict[int, Contractor], list[Settlement]]:
    """Years and contractors by their keys, and what was settled for that month and later. One query."""
    years, contractors, made = read(
        Rows(Programme, "TRUE", []), Rows(Contractor, "TRUE", []), Rows(Settlement, '"month" >= %s', [since])
    )
    return {one.pk: one for one in years}, {one.pk: one for one in contractors}, made


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
