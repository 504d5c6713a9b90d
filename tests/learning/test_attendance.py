"""Who came, and the certificate; sessions of a series."""

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from learning import attendance
from learning import series as weekly
from learning.booking_states import NotPossible
from learning.models import Certificate, Session
from people.holidays import decide_on_day
from tests import make_learning as ml

pytestmark = pytest.mark.django_db


def test_attendance_is_marked_from_the_day_on_and_can_be_taken_back():
    staff = ml.staff(ml.centre_staff())
    today = ml.booking(ml.session(starts_at=timezone.now() + timedelta(minutes=1)))
    assert attendance.mark(today.pk, "came", staff).attendance == "came"
    attendance.mark(today.pk, "came", staff)
    attendance.mark(today.pk, "", staff)
    attendance.mark(today.pk, "absent", staff)
    assert [step.deed for step in today.steps.all()] == ["booked", "came", "unmarked", "absent"]
    with pytest.raises(NotPossible, match="수업하는 날부터"):
        attendance.mark(ml.booking(ml.session(days=2)).pk, "came", staff)
    session = ml.session(starts_at=timezone.now() + timedelta(minutes=1), capacity=1)
    ml.booking(session)
    with pytest.raises(NotPossible, match="자리가 있는 분만"):
        attendance.mark(ml.booking(session).pk, "came", staff)


def test_a_certificate_is_issued_once_and_holds_the_attendance():
    staff = ml.staff(ml.centre_staff())
    booking = ml.booking(ml.session(starts_at=timezone.now() + timedelta(minutes=1)))
    with pytest.raises(NotPossible):
        attendance.certify(booking.pk, staff)
    attendance.mark(booking.pk, "came", staff)
    made = attendance.certify(booking.pk, ml.CITIZEN)
    assert attendance.certify(booking.pk, ml.CITIZEN) == made
    assert (made.minutes, made.first_on) == (120, timezone.localdate(booking.session.starts_at))
    with pytest.raises(NotPossible, match="수료증을 이미"):
        attendance.mark(booking.pk, "absent", staff)


@pytest.mark.parametrize(("came", "fits"), [(4, True), (3, False)])
def test_a_series_is_certified_as_one_when_enough_was_attended(came, fits):
    series, who = ml.series(), ml.learner()
    now = timezone.now()
    sessions = [
        ml.session(series.course, series=series, starts_at=now - timedelta(days=7 * n, hours=3))
        for n in range(5)
    ]
    bookings = [ml.booking(session, who) for session in sessions]
    for booking in bookings[:came]:
        attendance.mark(booking.pk, "came", ml.CITIZEN)
    if not fits:
        with pytest.raises(NotPossible, match="5번 가운데 3번"):
            attendance.certify(bookings[0].pk, ml.CITIZEN)
        return
    made = attendance.certify(bookings[0].pk, ml.CITIZEN)
    assert attendance.certify(bookings[1].pk, ml.CITIZEN) == made
    assert (made.series, made.session, made.minutes) == (series, None, 480)
    assert Certificate.objects.count() == 1


def test_a_series_is_not_certified_before_it_is_over():
    series, who = ml.series(), ml.learner()
    past = ml.session(series.course, series=series, starts_at=timezone.now() - timedelta(hours=3))
    ml.session(series.course, series=series, days=7)
    booking = ml.booking(past, who)
    attendance.mark(booking.pk, "came", ml.CITIZEN)
    with pytest.raises(NotPossible, match="마지막 수업이 끝난 뒤"):
        attendance.certify(booking.pk, ml.CITIZEN)


def test_a_series_skips_holidays_and_is_made_once():
    # 2026-09-24, 25: 추석; the city takes 2026-10-08 off too.
    decide_on_day(date(2026, 10, 8), "시의 날", is_holiday=True, by=ml.coordinator())
    series = ml.series(from_on=date(2026, 9, 14), weekday=3, until_on=date(2026, 10, 15), starts=time(10))
    held, left_out = weekly.days(series)
    assert held == [date(2026, 9, 17), date(2026, 10, 1), date(2026, 10, 15)]
    assert [day for day, _ in left_out] == [date(2026, 9, 24), date(2026, 10, 8)]
    assert all(name for _, name in left_out)
    opens = timezone.make_aware(datetime(2026, 9, 1, 9))
    made = weekly.make_sessions(series, opens, closes_hours_before=2)
    assert [timezone.localtime(one.starts_at).strftime("%m-%d %H:%M") for one in made] == [
        "09-17 10:00",
        "10-01 10:00",
        "10-15 10:00",
    ]
    assert made[0].closes_at == made[0].starts_at - timedelta(hours=2)
    assert weekly.make_sessions(series, opens) == []
    assert Session.objects.count() == 3


def test_a_series_without_a_day_is_refused():
    with pytest.raises(NotPossible):
        weekly.make_sessions(
            ml.series(from_on=date(2026, 9, 24), until_on=date(2026, 9, 24), weekday=3), timezone.now()
        )
