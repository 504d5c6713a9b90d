"""Getting a seat or a place in the line, giving it back, moving, calling off: the deeds, and what is told of each."""

from datetime import timedelta

import pytest
from django.utils import timezone

from learning import booking, closing, notices, waiting
from learning.booking import Asked
from learning.booking_states import NotPossible, State
from learning.models import Booking, BookingStep, Learner, Session
from learning.refusals import AlreadyBooked, DoesNotFit, NotNow, SameTime, TooManyPeople
from people.models import Message
from privacy.models import AccessRecord, Consent
from tests import make
from tests import make_learning as ml

pytestmark = pytest.mark.django_db
CITIZEN = ml.CITIZEN


def loaded(session: Session) -> Session:
    return Session.objects.for_booking().get(pk=session.pk)


def asked(name: str = "", phone: str = "", **fields) -> Asked:
    return Asked(name=name or f"예시 주민 {ml.phone()}", phone=phone or ml.phone(), **fields)


def book(session: Session, who: Asked | None = None, by=CITIZEN, **options) -> Booking:
    made = booking.book(loaded(session), who or asked(), by, **options)
    row = Booking.objects.get(pk=made.booking_id)
    assert row.state == made.state
    return row


def told() -> list[tuple[str, str]]:
    """(template, text) of what has not been looked at yet, in order."""
    notices.tell_steps()
    rows = [(m.template, m.text) for m in Message.objects.order_by("created_at")]
    Message.objects.all().delete()
    return rows


def templates() -> list[str]:
    return [template for template, _ in told()]


def test_a_citizen_gets_a_seat_and_is_told():
    session = ml.session(capacity=2)
    made = book(session, asked("예시 할머니", "+821099980001", birth_year=1950, wishes="휠체어"))
    assert (made.state, made.way, made.age_band) == (State.CONFIRMED, "self", "70s")
    assert (made.learner.name, made.learner.phone, made.learner.birth_year) == (
        "예시 할머니",
        "+821099980001",
        "1950",
    )
    assert (made.told_at, made.wishes, made.contact) == ("+821099980001", "휠체어", None)
    assert [step.deed for step in made.steps.all()] == ["booked"]
    [(template, text)] = told()
    assert template == "learning_booked"
    assert session.course.title in text
    assert "낮 12시" in text or "오후 12시" in text
    assert told() == []


def test_a_child_books_for_a_parent_and_is_told():
    made = book(
        ml.session(),
        asked(
            "예시 어머니", "+821099980001", booker_phone="+821099980002", booker_name="예시 딸", way="family"
        ),
    )
    assert made.told_at == "+821099980002"
    for phone in ("+821099980001", "+821099980002"):
        assert list(Booking.objects.for_phone(ml.phone_index(phone))) == [made]


def test_full_means_waiting_in_order_and_the_place_is_told():
    session = ml.session(capacity=1)
    book(session)
    line = [book(session) for _ in range(3)]
    assert [row.state for row in line] == [State.WAITING] * 3
    assert [waiting.place_in_line(row) for row in line] == [1, 2, 3]
    assert templates() == ["learning_booked"] + ["learning_waiting"] * 3


def test_the_same_person_books_once_however_they_spell_themselves():
    session = ml.session(capacity=5)
    first = book(session, asked("예시 할머니", "+821099980001"))
    with pytest.raises(AlreadyBooked) as error:
        book(session, asked("예시할머니", "+821099980001"))
    assert error.value.booking_id == first.pk
    booking.cancel(first.pk, CITIZEN)
    assert book(session, asked("예시 할머니", "+821099980001")).state == State.CONFIRMED
    assert Learner.objects.count() == 1


def test_two_classes_at_the_same_time_are_not_booked_both():
    one, other = ml.session(), ml.session()
    next_one = ml.session(starts_at=one.ends_at)
    who = asked()
    book(one, who)
    with pytest.raises(SameTime):
        book(other, who)
    assert book(next_one, who).state == State.CONFIRMED


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"opens_at": ml.at_noon(1), "closes_at": ml.at_noon(2), "days": 3}, "early"),
        ({"opens_at": ml.at_noon(-3), "closes_at": timezone.now() - timedelta(hours=1), "days": 2}, "late"),
        ({"days": -1}, "over"),
        ({"state": "closed"}, "closed"),
        ({"state": "cancelled", "why": "눈"}, "called_off"),
    ],
)
def test_when_it_cannot_be_booked_it_says_why_and_writes_nothing(fields, code):
    session = ml.session(**fields)
    with pytest.raises(NotNow) as error:
        book(session)
    assert error.value.code == code
    assert str(error.value).endswith((".", "요."))
    assert not Learner.objects.exists()
    if code in ("early", "late", "closed"):  # whoever answers the telephone may still help
        assert book(session, by=ml.staff(ml.call_centre())).state == State.CONFIRMED


def test_conditions_are_told_with_their_reasons_and_staff_may_decide_otherwise():
    course = ml.course(level=2)
    ml.course_rule(course, age_from=65)
    ml.course_rule(course, needs_level=1, reason="기본을 먼저 배웁니다.")
    ml.course_rule(course, age_from=90, until_on=timezone.localdate(), reason="지난 조건")
    session = ml.session(course)
    with pytest.raises(DoesNotFit) as error:
        book(session, asked(birth_year=timezone.localdate().year - 40))
    assert len(error.value.reasons) == 2
    who = ml.staff(ml.call_centre())
    made = book(session, asked(), by=who, despite="보호자와 함께 오심")
    assert made.steps.get().why == "보호자와 함께 오심"
    assert made.entered_by == who.user
    assert AccessRecord.objects.filter(
        identifier=who.user.username, subjects=[f"learning.booking:{made.pk}"]
    ).exists()

    learner = asked("예시 어르신", "+821099980003", birth_year=1950)
    first = book(ml.session(ml.course(), days=0, starts_at=timezone.now() + timedelta(minutes=5)), learner)
    Booking.objects.filter(pk=first.pk).update(attendance="came")
    assert book(session, learner).state == State.CONFIRMED


def test_a_cancelled_seat_is_offered_to_who_has_waited_longest():
    session = ml.session(capacity=1)
    first, second, third = (book(session) for _ in range(3))
    templates()
    booking.cancel(first.pk, CITIZEN, "병원")
    booking.cancel(first.pk, CITIZEN)
    second.refresh_from_db()
    third.refresh_from_db()
    assert (second.state, third.state) == (State.OFFERED, State.WAITING)
    assert second.offer_until > timezone.now()
    cancelled, offer = told()
    assert (cancelled[0], offer[0]) == ("learning_cancelled", "learning_offer")
    assert "까지 답해 주세요" in offer[1]
    later = book(session)
    assert later.state == State.WAITING

    waiting.decline(second.pk, CITIZEN)
    waiting.decline(second.pk, CITIZEN)
    third.refresh_from_db()
    assert third.state == State.OFFERED
    assert templates() == ["learning_waiting", "learning_offer"]
    taken = waiting.take(third.pk, CITIZEN)
    assert waiting.take(third.pk, CITIZEN).state == taken.state == State.CONFIRMED
    later.refresh_from_db()
    assert later.state == State.WAITING
    assert templates() == ["learning_booked"]


def test_an_offer_ends_and_the_next_is_asked():
    session = ml.session(capacity=1)
    first, second, third = (book(session) for _ in range(3))
    booking.cancel(first.pk, CITIZEN)
    assert waiting.expire_offers() == 0
    Booking.objects.filter(pk=second.pk).update(offer_until=timezone.now() - timedelta(seconds=1))
    with pytest.raises(NotPossible, match="다음 분께"):
        waiting.take(second.pk, CITIZEN)
    told()
    assert waiting.expire_offers() == 1
    assert waiting.expire_offers() == 0
    second.refresh_from_db()
    third.refresh_from_db()
    assert (second.state, third.state) == (State.EXPIRED, State.OFFERED)
    assert templates() == ["learning_offer_over", "learning_offer"]


def test_an_offer_that_was_answered_before_it_was_told_is_not_told():
    session = ml.session(capacity=1)
    first, second = book(session), book(session)
    told()
    booking.cancel(first.pk, CITIZEN)
    waiting.take(second.pk, CITIZEN)
    assert templates() == ["learning_cancelled", "learning_booked"]


def test_too_near_nobody_is_offered_and_the_line_ends_with_words():
    session = ml.session(starts_at=timezone.now() + timedelta(minutes=90), capacity=1)
    first, second = book(session), book(session)
    booking.cancel(first.pk, CITIZEN)
    second.refresh_from_db()
    assert second.state == State.WAITING
    assert waiting.end_lines() == 0
    begun = timezone.now() - timedelta(minutes=1)
    Session.objects.filter(pk=session.pk).update(starts_at=begun, closes_at=begun)
    told()
    assert waiting.end_lines() == 1
    second.refresh_from_db()
    assert second.state == State.NO_SEAT
    assert templates() == ["learning_no_seat"]
    with pytest.raises(NotNow):
        booking.cancel(book(session, by=ml.staff(ml.call_centre())).pk, CITIZEN)


def test_what_a_program_forgot_to_offer_the_sweep_finds():
    session = ml.session(capacity=1)
    _, second = book(session), book(session)
    Session.objects.filter(pk=session.pk).update(capacity=2)
    assert waiting.offer_what_was_missed() == 1
    assert waiting.offer_what_was_missed() == 0
    second.refresh_from_db()
    assert second.state == State.OFFERED


@pytest.mark.parametrize(
    ("there", "words"),
    [
        ({"opens_at": timezone.now() + timedelta(days=3)}, "아직 신청을 받지 않습니다"),
        ({"closes_at": timezone.now() - timedelta(days=1)}, "신청 기간이 지났습니다"),
        ({"state": "closed"}, "신청을 마감한"),
    ],
)
def test_a_citizen_moves_only_to_where_they_could_book_and_staff_anywhere(there, words):
    booked = book(ml.session())
    other = ml.session(days=8, **there)
    with pytest.raises(NotNow, match=words):
        booking.move(booked.pk, other.pk, ml.CITIZEN)
    assert booking.move(booked.pk, other.pk, ml.staff(ml.call_centre())).state == State.CONFIRMED


def test_moving_to_another_class():
    here, there, full = ml.session(capacity=1), ml.session(days=8, capacity=1), ml.session(days=9, capacity=1)
    first, waits = book(here), book(here)
    book(full)
    told()
    staff = ml.staff(ml.call_centre())
    with pytest.raises(NotPossible, match="빈자리"):
        booking.move(first.pk, full.pk, staff)
    first.refresh_from_db()
    assert first.state == State.CONFIRMED
    with pytest.raises(NotPossible, match="바로 그 수업"):
        booking.move(first.pk, here.pk, staff)
    moved = booking.move(first.pk, there.pk, staff, "그날이 더 좋으심")
    first.refresh_from_db()
    waits.refresh_from_db()
    assert (moved.state, first.state, waits.state) == (State.CONFIRMED, State.MOVED, State.OFFERED)
    assert moved.moved_from == first
    assert templates() == ["learning_moved", "learning_offer"]
    with pytest.raises(NotPossible):
        booking.move(first.pk, there.pk, staff)


def test_calling_off_tells_everybody_once():
    session = ml.session(capacity=1)
    rows = [book(session) for _ in range(3)]
    told()
    staff = ml.staff(ml.coordinator())
    with pytest.raises(NotPossible, match="까닭"):
        closing.call_off(session.pk, staff, " ")
    assert closing.call_off(session.pk, staff, "강사가 아픔") == 3
    assert closing.call_off(session.pk, staff, "강사가 아픔") == 0
    assert {Booking.objects.get(pk=row.pk).state for row in rows} == {State.CALLED_OFF}
    messages = told()
    assert [template for template, _ in messages] == ["learning_called_off"] * 3
    assert "강사가 아픔" in messages[0][1]
    with pytest.raises(NotPossible):
        closing.reopen(session.pk, staff)


def test_more_seats_go_to_who_waits_and_fewer_than_taken_are_refused():
    session = ml.session(capacity=1)
    first, second = book(session), book(session)
    staff = ml.staff(ml.coordinator())
    closing.change_capacity(session.pk, 2, staff)
    second.refresh_from_db()
    assert (first.state, second.state) == (State.CONFIRMED, State.OFFERED)
    for seats, words in ((1, "신청하신 분이 더 많습니다"), (31, "30명까지"), (0, "30명까지")):
        with pytest.raises(NotPossible, match=words):
            closing.change_capacity(session.pk, seats, staff)


def test_another_time_is_told_and_what_does_not_fit_is_refused_in_words():
    session, other = ml.session(), ml.session()
    book(session)
    told()
    staff = ml.staff(ml.coordinator())
    with pytest.raises(NotPossible, match="그 교실에서"):
        closing.reschedule(session.pk, other.starts_at, other.ends_at, other.room, staff, "공사")
    hour = timedelta(hours=1)
    moved = closing.reschedule(
        session.pk, session.starts_at + hour, session.ends_at + hour, session.room, staff, "공사"
    )
    assert moved.closes_at == session.closes_at + hour
    [(template, text)] = told()
    assert template == "learning_changed"
    assert "공사" in text


def test_a_series_is_booked_as_one_and_told_once():
    series = ml.series()
    sessions = [ml.session(series.course, series=series, days=days) for days in (7, 14, 21)]
    book(sessions[1], asked())
    Session.objects.filter(pk=sessions[1].pk).update(capacity=1)
    who = asked()
    made = booking.book_series(series, who, CITIZEN)
    assert [(session, booked.state) for session, booked in made] == list(
        zip(sessions, (State.CONFIRMED, State.WAITING, State.CONFIRMED), strict=True)
    )
    messages = dict(told())
    assert sorted(messages) == ["learning_booked", "learning_booked_series"]
    assert "자리 있음 2회, 기다림 1회" in messages["learning_booked_series"]
    with pytest.raises(NotNow):
        booking.book_series(series, who, CITIZEN)
    ml.course_rule(series.course, age_from=65)
    before = Booking.objects.count()
    with pytest.raises(DoesNotFit):
        booking.book_series(series, asked(), CITIZEN)
    assert Booking.objects.count() == before


def test_tomorrow_is_reminded_of_once():
    tomorrow, later = ml.session(days=1), ml.session(days=2)
    due, new, other = book(tomorrow), book(tomorrow), book(later)
    Booking.objects.exclude(pk=new.pk).update(booked_at=timezone.now() - timedelta(days=3))
    told()
    assert notices.remind() == 1
    assert notices.remind() == 0
    assert templates() == ["learning_reminder"]
    other.refresh_from_db()
    due.refresh_from_db()
    assert (due.reminded_at is not None, other.reminded_at) == (True, None)


def test_a_step_is_told_once_also_after_a_crash(monkeypatch):
    book(ml.session())

    class Crash(Exception):
        pass

    def crash(*args, **kwargs):
        raise Crash

    with monkeypatch.context() as patched:
        patched.setattr(notices.BookingStep.objects, "filter", notices.BookingStep.objects.filter)
        patched.setattr(notices, "_tell", crash)
        with pytest.raises(Crash):
            notices.tell_steps()
    assert not Message.objects.exists()
    assert notices.tell_steps() == 1
    # Told already, and asked again by somebody who did not see it: the key holds.
    step = BookingStep.objects.select_related(
        "booking__session__course", "booking__session__room__centre"
    ).get()
    notices._tell(step)
    assert Message.objects.count() == 1


def test_every_deed_is_on_record_with_who_did_it():
    user = ml.call_centre()
    made = book(ml.session(), by=ml.staff(user))
    booking.cancel(made.pk, ml.staff(user), "전화로 취소")
    assert [(step.deed, step.by, step.why) for step in made.steps.all()] == [
        ("booked", user, None),
        ("cancelled", user, "전화로 취소"),
    ]
    records = AccessRecord.objects.filter(identifier=user.username, subjects=[f"learning.booking:{made.pk}"])
    assert set(records.values_list("action", flat=True)) == {"create", "change"}


def test_one_phone_books_for_a_few_people_and_what_they_agreed_to_is_kept():
    session, phone = ml.session(), "+821099980009"
    said = {"learning.personal": True}
    for n in range(2):
        made = book(session, asked(f"예시 가족 {n}", booker_phone=phone), most=2, said=said)
        consent = Consent.objects.get(subject=f"learning.learner:{made.learner_id}")
        assert (consent.key, consent.agreed, consent.version) == ("learning.personal", True, 1)
    with pytest.raises(TooManyPeople, match="2분까지"):
        book(session, asked("예시 가족 3", booker_phone=phone), most=2, said=said)
    assert Learner.objects.count() == Consent.objects.count() == 2
    assert book(session, asked("예시 가족 3", booker_phone=phone)).state == State.CONFIRMED


def test_one_statement_books():
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    session, who = loaded(ml.session()), asked()
    with CaptureQueriesContext(connection) as queries:
        booking.book(session, who, CITIZEN)
    assert len(queries) == 1
    assert make
