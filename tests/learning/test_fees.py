"""강사료: by dated rates, once, correct to the won; the file says the same."""

import io
from datetime import date, datetime, timedelta

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from learning import fees
from learning.booking_states import NotPossible
from learning.models import Assignment, Fee, FeeRate, Session, VisitClass
from people.months import next_month
from privacy.models import AccessRecord
from tests import make, make_learning
from tests.repair.at_once import all_at_once

from .visiting import coordinator

pytestmark = pytest.mark.django_db


def last_month() -> date:
    return (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)


def at(day: int, hour: int = 10, month: date | None = None) -> datetime:
    first = month or last_month()
    return timezone.make_aware(datetime(first.year, first.month, day, hour))


def taught(who, starts: datetime, part: str = "lead", minutes: int = 120, **fields) -> Assignment:
    """A session that was held."""
    session = make_learning.session(starts_at=starts, ends_at=starts + timedelta(minutes=minutes), **fields)
    return make_learning.assignment(who, session, part)


def visited(who, starts: datetime, part: str = "lead", state: str = "reported") -> Assignment:
    visit = make_learning.visit_class(starts_at=starts)
    made = make_learning.assignment(who, visit, part)
    for step in ("confirmed", "taught", "reported"):
        VisitClass.objects.filter(pk=visit.pk).update(state=step)
        if step == state:
            break
    return made


@pytest.mark.parametrize(
    ("minutes", "rate", "won"),
    [(120, 50_000, 100_000), (50, 50_000, 41_666), (1, 59, 0), (90, 33_333, 49_999)],
)
def test_below_one_won_is_dropped(minutes: int, rate: int, won: int):
    assert fees.won_for(minutes, rate) == won


days = st.dates(date(2026, 1, 1), date(2026, 3, 1))


@given(st.lists(st.tuples(days, st.integers(1, 10**6)), max_size=8), days)
def test_the_rate_is_the_latest_that_began(rows, day):
    rates = [
        FeeRate(pk=n, part="lead", valid_from=begins, won_an_hour=won) for n, (begins, won) in enumerate(rows)
    ]
    rate = fees.rate_on(rates, "lead", day)
    begun = [one for one in rates if one.valid_from <= day]
    assert (rate is None) == (not begun)
    if rate:
        assert rate.valid_from == max(one.valid_from for one in begun)
        assert rate.pk == max(one.pk for one in begun if one.valid_from == rate.valid_from)
    assert fees.rate_on(rates, "assistant", day) is None


def test_a_month_is_settled_once_by_the_rates_of_each_day():
    make_learning.fee_rate("lead", 50_000)
    make_learning.fee_rate("lead", 60_000, valid_from=at(15).date())
    make_learning.fee_rate("assistant", 30_001)
    one, other = make_learning.instructor(), make_learning.instructor()
    taught(one, at(14), minutes=100)
    taught(one, at(15), minutes=90)
    visited(other, at(16), "assistant")
    visited(other, at(21), state="confirmed")  # its result is not written yet
    [due] = fees.due()
    assert (due.month, due.count, due.people, due.won) == (last_month(), 3, 2, 83_333 + 90_000 + 60_002)
    assert due.is_over and not due.late and not due.without_rate
    made = fees.settle(last_month(), coordinator())
    assert sorted(fee.won for fee in made) == [60_002, 83_333, 90_000]
    assert {fee.pk for fee in fees.settle(last_month(), coordinator())} == {fee.pk for fee in made}
    assert fees.due() == []
    lines = fees.settled(last_month())
    assert sum(line.won for line in lines) == 233_335
    assert sum(line.won for line in fees.settled(last_month(), one)) == 173_333


def test_what_is_not_paid():
    make_learning.fee_rate("lead")
    who = make_learning.instructor()
    gone = taught(who, at(3))
    Assignment.objects.filter(pk=gone.pk).update(released_at=timezone.now(), released_why="아픔")
    called_off = taught(who, at(4))
    Session.objects.filter(pk=called_off.session_id).update(state="cancelled", why="휴강")
    taught(who, timezone.now() + timedelta(days=2))
    visited(who, at(5), state="taught")
    assert fees.unpaid() == []
    with pytest.raises(NotPossible, match="정산할 수업이 없습니다"):
        fees.settle(last_month(), coordinator())


def test_what_becomes_known_later_goes_to_the_next_month():
    make_learning.fee_rate("lead")
    who = make_learning.instructor()
    taught(who, at(3))
    fees.settle(last_month(), coordinator())
    visited(who, at(4))
    [line] = fees.unpaid()
    assert line.month == next_month(last_month()) and line.late
    with pytest.raises(NotPossible, match="끝난 뒤에"):
        fees.settle(next_month(last_month()), coordinator())


def test_without_a_rate_nothing_is_settled():
    taught(make_learning.instructor(), at(3))
    [due] = fees.due()
    assert (due.without_rate, due.won) == (1, 0)
    with pytest.raises(NotPossible, match="주강사 강사료 기준이 없습니다"):
        fees.settle(last_month(), coordinator())
    assert not Fee.objects.exists()


def test_a_rate_begins_today_at_the_earliest():
    today, by = timezone.localdate(), coordinator()
    fees.add_rate("lead", 50_000, today - timedelta(days=300), "첫 기준", by)
    with pytest.raises(NotPossible, match="오늘이나 그 뒤"):
        fees.add_rate("lead", 60_000, today - timedelta(days=1), "고침", by)
    fees.add_rate("lead", 60_000, today, "올해 계획", by)
    assert FeeRate.objects.filter(part="lead").count() == 2


def test_the_file_says_the_same_to_the_won(client: Client):
    make_learning.fee_rate("lead", 50_001)
    who = make_learning.instructor()
    who.user.name = "=예시 강사"
    who.user.save()
    for day in (3, 5, 9):
        taught(who, at(day), minutes=50)
    officer = make_learning.officer()
    make.signed_in(client, officer)
    month = f"{last_month():%Y-%m}"
    assert client.post("/learning/visits/fees/", {"month": month}).status_code == 302
    page = client.get(f"/learning/visits/fees/{month}/").content.decode()
    assert "125,001원" in page  # three times 41,667
    assert client.post(f"/learning/visits/fees/{month}/file/", {}).status_code == 422
    response = client.post(f"/learning/visits/fees/{month}/file/", {"reason": "9월분 지급"})
    rows = list(openpyxl.load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True))
    assert rows[2] == fees.COLUMNS
    assert rows[3][0] == "=예시 강사" and [row[6] for row in rows[3:6]] == [41_667] * 3
    assert (rows[-1][0], rows[-1][6]) == ("합계 3건", 125_001)
    taken = AccessRecord.objects.get(action="download")
    assert taken.subjects == [f"learning.instructor:{who.pk}"] and "9월분 지급" in taken.detail
    assert taken.identifier == officer.username


def test_one_sees_ones_own_fees_only(client: Client):
    make_learning.fee_rate("lead", 50_000)
    mine, other = make_learning.instructor(), make_learning.instructor()
    taught(mine, at(3), minutes=60)
    taught(other, at(3), minutes=90)
    make.signed_in(client, mine.user)
    page = client.get(f"/learning/visits/teach/fees/?month={last_month():%Y-%m}").content.decode()
    assert "50,000원" in page and "75,000원" not in page
    fees.settle(last_month(), coordinator())
    page = client.get(f"/learning/visits/teach/fees/?month={last_month():%Y-%m}").content.decode()
    assert "50,000원" in page and "75,000원" not in page
    for path in ("fees/", f"fees/{last_month():%Y-%m}/", "fees/rates/"):
        assert client.get(f"/learning/visits/{path}").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_two_who_settle_at_once_settle_once():
    make_learning.fee_rate("lead")
    who = make_learning.instructor()
    for day in range(2, 12):
        taught(who, at(day))
    answers = all_at_once([lambda: fees.settle(last_month(), coordinator()) for _ in range(6)])
    assert {frozenset(fee.pk for fee in answer) for answer in answers} == {
        frozenset(Fee.objects.values_list("pk", flat=True))
    }
    assert Fee.objects.count() == 10
