"""월 정산: once a month and contractor, right to the won, and the file says the same."""

import io
import threading
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import openpyxl
import pytest
from django.core.cache import cache
from django.db import connection
from django.db.models import Sum
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from people.demo_clock import clock_at
from people.models import User
from privacy.models import AccessRecord
from repair import budget, settlements, workflow, years
from repair.models import BudgetEntry, Case, Contractor, Programme, Settlement, Step, Visit
from repair.settlements import Row, billed_in, next_month, settle
from repair.states import NotPossible, State
from tests import make, make_repair

pytestmark = pytest.mark.django_db


def first_of(months_ago: int) -> date:
    day = timezone.localdate().replace(day=1)
    for _ in range(months_ago):
        day = (day - timedelta(days=1)).replace(day=1)
    return day


def done_in(month: date, case: Case | None = None, day: int = 15, hour: int = 12) -> Case:
    made = case or make_repair.done()
    made.done_at = timezone.make_aware(datetime(month.year, month.month, day, hour))
    made.save(update_fields=["done_at"])
    return made


@pytest.fixture
def programme() -> Programme:
    return make_repair.programme()


@pytest.fixture
def officer() -> User:
    return make_repair.repair_officer()


def over_the_cap() -> Case:
    from repair import visits

    visit = make_repair.visit()
    by = make_repair.technician_actor(visit.technician)
    make_repair.lines(visit, ["그래픽 카드", "SSD 256GB", "점검"])
    visits.ask_consent(visit.pk, by)
    visits.answer_consent(visit.pk, by, agreed=True, name="예시 가족")
    visits.finish(visit.pk, by, {d.pk: ("Fixed", "") for d in visit.case.devices.all()}, "예시 가족")
    return Case.objects.get(pk=visit.case_id)


def paid_for(programme: Programme) -> Contractor:
    assert programme.contractor
    return programme.contractor


def test_a_month_is_settled_whole_and_once(programme: Programme, officer: User) -> None:
    month, by = first_of(1), make_repair.staff(officer)
    inside = [done_in(month), done_in(month, over_the_cap()), done_in(month, day=1, hour=0)]
    outside = [done_in(first_of(2)), done_in(first_of(0), day=1, hour=0)]
    made = settle(programme, paid_for(programme), month, by)
    assert (made.cases_count, made.total_won) == (3, 90_000 + 200_000 + 90_000)
    assert made.made_by == officer
    for case in inside:
        case.refresh_from_db()
        assert (case.state, case.settlement) == (State.SETTLED, made)
        assert case.steps.last().deed == Step.Deed.SETTLED
        assert AccessRecord.objects.filter(
            subjects=[f"repair.case:{case.pk}"], detail__contains="정산"
        ).exists()
    for case in outside:
        case.refresh_from_db()
        assert case.state == State.DONE
    assert settle(programme, paid_for(programme), month, by) == made
    assert Settlement.objects.count() == 1
    spent = BudgetEntry.objects.filter(case__settlement=made, kind="settled").aggregate(Sum("amount_won"))
    assert spent["amount_won__sum"] == made.total_won


def test_only_a_month_that_is_over_and_in_which_something_was_done(
    programme: Programme, officer: User
) -> None:
    by, contractor = make_repair.staff(officer), paid_for(programme)
    make_repair.done()
    with pytest.raises(NotPossible, match="끝난 뒤에"):
        settle(programme, contractor, first_of(0), by)
    with pytest.raises(NotPossible, match="정산할 건이 없습니다"):
        settle(programme, contractor, first_of(1), by)
    with pytest.raises(NotPossible, match="목록에서"):
        settle(programme, contractor, first_of(1) + timedelta(days=1), by)
    assert not Settlement.objects.exists()


def test_each_contractor_and_year_apart(programme: Programme, officer: User) -> None:
    month, by = first_of(1), make_repair.staff(officer)
    ours = done_in(month)
    other = make_repair.contractor()
    years.set_contractor(programme.year, other, officer)
    theirs = done_in(month)
    settle(programme, other, month, by)
    ours.refresh_from_db()
    theirs.refresh_from_db()
    assert (ours.state, theirs.state) == (State.DONE, State.SETTLED)


def test_what_a_phone_sent_too_late_goes_to_the_next_month(programme: Programme, officer: User) -> None:
    by, contractor = make_repair.staff(officer), paid_for(programme)
    done_in(first_of(2))
    settle(programme, contractor, first_of(2), by)
    late = done_in(first_of(2), day=28)
    [due] = settlements.due()
    assert (due.month, due.cases, due.late, due.is_over) == (first_of(1), 1, 1, True)
    made = settle(programme, contractor, first_of(1), by)
    late.refresh_from_db()
    assert late.settlement == made
    assert settlements.due() == []


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.sets(st.integers(0, 6)))
def test_the_month_of_a_bill_is_the_next_that_is_not_settled(day: date, settled: set[int]) -> None:
    months = [day.replace(day=1)]
    for _ in range(7):
        months.append(next_month(months[-1]))
    assert all(one.day == 1 and one > before for before, one in pairwise(months))
    held = {months[n] for n in settled}
    billed = billed_in(months[0], held)
    assert billed not in held
    assert all(month in held for month in months[: months.index(billed)])


def test_two_years_in_one_month(programme: Programme, officer: User) -> None:
    """A case of last year's programme that was done in January is paid for by that year."""
    month, by = first_of(1), make_repair.staff(officer)
    done_in(month)
    year = programme.year - 1
    last = make_repair.programme(
        year=year,
        opens_on=date(year, 1, 1),
        closes_on=date(year, 12, 31),
        contractor=programme.contractor,
    )
    with clock_at(timezone.make_aware(datetime(year, 10, 20, 12))):
        case = make_repair.selected()
    done_in(month, make_repair.done(case))
    assert {(due.programme, due.cases) for due in settlements.due()} == {(programme, 1), (last, 1)}
    assert settle(last, paid_for(programme), month, by).cases_count == 1


def read(content: bytes) -> tuple[list[tuple], tuple]:
    """Rows and the sums of the file."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[2] == settlements.COLUMNS
    return rows[3:-1], rows[-1]


def test_the_file_matches_the_ledger_and_the_lines_to_the_won(
    client: Client, programme: Programme, officer: User
) -> None:
    month = first_of(1)
    people = [done_in(month), done_in(month, over_the_cap()), done_in(month)]
    made = settle(programme, paid_for(programme), month, make_repair.staff(officer))
    make.signed_in(client, officer)
    page = f"/repair/city/settlements/{made.pk}/"
    assert client.get(f"{page}file.xlsx").status_code == 405
    refused = client.post(f"{page}file.xlsx", {"reason": " "})
    assert refused.status_code == 422
    assert "왜 받으시는지" in refused.content.decode()
    assert not AccessRecord.objects.filter(action="download").exists()
    answer = client.post(f"{page}file.xlsx", {"reason": "지출 결의"})
    assert "attachment" in answer["Content-Disposition"]
    record = AccessRecord.objects.get(action="download")
    assert record.identifier == officer.username
    assert "지출 결의" in record.detail
    assert set(record.subjects) == {f"repair.case:{case.pk}" for case in people}
    rows, sums = read(answer.content)
    assert len(rows) == made.cases_count == 3
    for number, done_on, district, device, parts, work, total, city, own in rows:
        case = Case.objects.get(number=number)
        lines = [line for v in case.visits.filter(end=Visit.End.DONE) for line in v.lines.all()]
        assert parts == sum(line.price_won * line.count for line in lines if line.kind == "part")
        assert work == sum(line.price_won * line.count for line in lines if line.kind == "work")
        assert total == parts + work == city + own
        assert city == case.budget_entries.get(kind="settled").amount_won <= (case.cap_won or 0)
        assert (done_on.date(), district) == (timezone.localdate(case.done_at), "문산읍")
        assert device == "데스크톱(본체)"
    assert sums[0] == "합계 3건"
    assert sums[4:] == tuple(sum(row[n] for row in rows) for n in range(4, 9))
    assert sums[7] == made.total_won
    for case in people:
        for words in (case.resident.name, case.resident.phone, "동부로", "기초생활"):
            assert words not in str(rows)


def test_what_a_cell_says_is_never_a_formula() -> None:
    row = Row("=1+1", date(2026, 3, 2), "=HYPERLINK(1)", "+cmd", 10, 20, 30, 0)
    settlement = Settlement(
        programme=Programme(year=2026),
        contractor=Contractor(name='=cmd|"/c calc"!A0'),
        month=date(2026, 3, 1),
        total_won=30,
    )
    book = openpyxl.load_workbook(io.BytesIO(settlements.xlsx(settlement, [row])))
    cells = [cell for line in book.active.iter_rows() for cell in line if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert not any(cell.hyperlink for cell in cells)
    assert book.active["A4"].value == "=1+1"


def test_a_broken_off_visit_is_not_paid(programme: Programme, officer: User) -> None:
    from repair import visits

    visit = make_repair.visit()
    make_repair.lines(visit, ["SSD 256GB"])
    visits.break_off(visit.pk, make_repair.technician_actor(visit.technician), "부품을 가지러 감")
    done_in(first_of(1), make_repair.done(Case.objects.get(pk=visit.case_id), ["점검"]))
    made = settle(programme, paid_for(programme), first_of(1), make_repair.staff(officer))
    [row] = settlements.rows(made)
    assert (row.parts, row.work, row.city, made.total_won) == (0, 30_000, 30_000, 30_000)


def test_the_pages(client: Client, programme: Programme, officer: User) -> None:
    make.signed_in(client, officer)
    done_in(first_of(1))
    make_repair.done()
    page = client.get("/repair/city/settlements/").content.decode()
    assert page.count("정산하기</button>") == 1
    given = {
        "programme": programme.pk,
        "contractor": programme.contractor_id,
        "month": first_of(1).isoformat(),
    }
    first = client.post("/repair/city/settlements/", given)
    again = client.post("/repair/city/settlements/", given)
    assert first.status_code == 302
    assert first["Location"] == again["Location"]
    shown = client.get(first["Location"]).content.decode()
    assert "90,000원" in shown
    refused = client.post("/repair/city/settlements/", {**given, "month": first_of(0).isoformat()})
    assert refused.status_code == 422
    assert "끝난 뒤에" in refused.content.decode()
    for broken in ({}, {**given, "month": "x"}, {**given, "contractor": "99"}):
        assert client.post("/repair/city/settlements/", broken).status_code == 422


def test_as_many_questions_for_one_case_as_for_thirty(
    client: Client, programme: Programme, officer: User
) -> None:
    make.signed_in(client, officer)
    by, counts = make_repair.staff(officer), []
    for rows, months_ago in ((1, 4), (3, 3), (12, 2)):
        for _ in range(rows):
            done_in(first_of(months_ago))
        done_in(first_of(1))
        made = settle(programme, paid_for(programme), first_of(months_ago), by)
        page = f"/repair/city/settlements/{made.pk}/"
        client.get(page)
        cache.clear()  # the figures are counted anew
        with CaptureQueriesContext(connection) as asked:
            client.get(page)
            client.get("/repair/city/settlements/")
            client.get("/repair/city/figures/")
            client.post(f"{page}file.xlsx", {"reason": "시험"})
        counts.append(len(asked))
    assert len(set(counts)) == 1, counts


def at_once(*deeds: Any) -> list[Any]:
    """What each returned or raised, all begun together, each over its own connection."""
    ready, results = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(n: int, deed: Any) -> None:
        try:
            ready.wait(20)
            results[n] = deed()
        except Exception as error:
            results[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n, deed)) for n, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_press_at_once_make_one_settlement() -> None:
    programme = make_repair.programme()
    month = first_of(1)
    cases = [done_in(month) for _ in range(3)]
    officers = [make_repair.repair_officer() for _ in range(4)]
    results = at_once(
        *(
            lambda by=by: settle(programme, paid_for(programme), month, make_repair.staff(by))
            for by in officers
        )
    )
    made = Settlement.objects.get()
    assert results == [made] * 4
    assert (made.cases_count, made.total_won) == (3, 270_000)
    assert Step.objects.filter(deed=Step.Deed.SETTLED).count() == 3
    assert not Case.objects.filter(pk__in=[case.pk for case in cases]).exclude(settlement=made).exists()


@pytest.mark.django_db(transaction=True)
def test_a_cut_and_a_selection_at_once_never_leave_a_debt() -> None:
    """200,000 won are left: one of them gets it, whoever comes first."""
    for _ in range(3):
        programme = Programme.objects.first() or make_repair.programme(0)
        officer = make_repair.repair_officer()
        programme.refresh_from_db()
        budget.change_budget(programme.year, 200_000 - programme.left_won, "시험", officer)
        case = make_repair.confirmed()
        results = at_once(
            lambda by=officer, year=programme.year: budget.change_budget(year, -200_000, "감액", by),
            lambda by=officer, pk=case.pk: workflow.select(pk, make_repair.staff(by)),
        )
        assert sum(isinstance(one, budget.BudgetSpent) for one in results) == 1, results
        programme.refresh_from_db()
        assert programme.left_won == 0
        assert programme.budget_won == programme.reserved_won + programme.settled_won
