"""What the database refuses, whoever asks."""

from datetime import timedelta

import pytest
from django.db import Error, IntegrityError, connection, transaction
from django.utils import timezone

from learning.models import Assignment, Booking, BookingStep, Seat, Session
from tests import make_learning as make

pytestmark = pytest.mark.django_db


def refused(words: str):
    return pytest.raises(Error, match=words)


def move(booking: Booking, state: str, **fields: object) -> None:
    with transaction.atomic():
        Booking.objects.filter(pk=booking.pk).update(state=state, **fields)
        before = booking.state
        booking.refresh_from_db()
        BookingStep.objects.create(booking=booking, deed="took", before=before, after=state, who="system")


def check_deferred() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_a_session_has_as_many_seats_as_it_says():
    session = make.session(capacity=3)
    assert session.places.count() == 3
    session.capacity = 5
    session.save()
    assert session.places.count() == 5
    for _ in range(3):
        make.booking(session)
    session.capacity = 3
    session.save()
    assert session.places.filter(is_free=True).count() == 0
    session.capacity = 2
    with refused("more seats are taken"), transaction.atomic():
        session.save()


def test_who_comes_when_it_is_full_waits_in_order():
    session = make.session(capacity=2)
    states = [make.booking(session).state for _ in range(4)]
    assert states == ["confirmed", "confirmed", "waiting", "waiting"]
    turns = list(session.bookings.order_by("turn").values_list("state", flat=True))
    assert turns == states
    assert Session.objects.with_seats().get().seats_left == 0
    assert Session.objects.with_seats().get().waiting == 2


def test_a_freed_seat_goes_to_nobody_who_comes_later_while_somebody_waits():
    session = make.session(capacity=1)
    first, waits = make.booking(session), make.booking(session)
    move(first, "cancelled")
    assert first.seat_id is None
    assert first.ended_at is not None
    assert Session.objects.with_seats().get().seats_left == 1
    later = make.booking(session)
    assert later.state == "waiting"
    move(waits, "offered", offer_until=timezone.now())
    assert waits.seat_id is not None
    with refused("no seat is free"), transaction.atomic():
        move(later, "offered", offer_until=timezone.now())


def test_no_program_writes_seats():
    session = make.session(capacity=1)
    for deed in (
        lambda: Seat.objects.create(session=session),
        lambda: Seat.objects.update(is_free=False),
        lambda: Seat.objects.all()._raw_delete("default"),
    ):
        with refused("seats follow"), transaction.atomic():
            deed()


def test_a_booking_moves_only_as_the_table_says_and_never_goes():
    session = make.session()
    booking = make.booking(session)
    with refused("no booking moves from confirmed to waiting"), transaction.atomic():
        move(booking, "waiting")
    with refused("a booking stays"), transaction.atomic():
        Booking.objects.filter(pk=booking.pk).update(session=make.session())
    with refused("never deleted"), transaction.atomic():
        Booking.objects.filter(pk=booking.pk)._raw_delete("default")
    move(booking, "cancelled")
    with refused("no booking moves"), transaction.atomic():
        move(booking, "confirmed")


def test_a_move_that_nobody_wrote_down_is_refused():
    booking = make.booking()
    check_deferred()
    Booking.objects.filter(pk=booking.pk).update(state="cancelled")
    with refused("nobody wrote it down"), transaction.atomic():
        check_deferred()
    BookingStep.objects.create(booking=booking, deed="cancelled", after="cancelled", who="learner")
    check_deferred()


def test_history_is_only_added_to():
    booking = make.booking()
    with refused("append-only"), transaction.atomic():
        BookingStep.objects.filter(booking=booking).update(deed="cancelled")


def test_one_live_booking_a_person_and_session():
    session, who = make.session(), make.learner()
    first = make.booking(session, who)
    with pytest.raises(IntegrityError, match="one_live_booking_a_person"), transaction.atomic():
        make.booking(session, who)
    move(first, "cancelled")
    assert make.booking(session, who).state == "confirmed"


def test_a_room_holds_one_session_at_a_time():
    one = make.session()
    with pytest.raises(IntegrityError, match="one_session_in_a_room"), transaction.atomic():
        make.session(room=one.room, starts_at=one.starts_at + timedelta(minutes=119))
    make.session(room=one.room, starts_at=one.ends_at)
    one.state, one.why = "cancelled", "강사 사정"
    one.save()
    make.session(room=one.room, starts_at=one.starts_at)


def test_an_instructor_teaches_one_class_at_a_time_and_has_time_for_the_way():
    who = make.instructor()
    centre, other = make.centre(travel_minutes=20), make.centre(travel_minutes=30)
    one = make.session(room=make.room(centre))
    made = make.assignment(who, one)
    assert made.busy.lower == one.starts_at - timedelta(minutes=20)
    assert made.place == f"centre:{centre.pk}"

    def at(where, minutes: int) -> Session:
        return make.session(room=make.room(where), starts_at=one.ends_at + timedelta(minutes=minutes))

    make.assignment(who, at(centre, 0))  # in the same building, right after
    for refused_one in (at(centre, -1), at(other, 120 + 49)):
        with pytest.raises(IntegrityError, match=r"exclusion constraint"), transaction.atomic():
            make.assignment(who, refused_one)
    make.assignment(who, at(other, 120 + 50))
    with pytest.raises(IntegrityError, match="has_time_for_the_way"), transaction.atomic():
        make.assignment(
            who, make.visit_class(starts_at=one.starts_at - timedelta(minutes=120 + 49), travel_minutes=30)
        )


def test_assignments_follow_their_session():
    who, one = make.instructor(), make.session()
    far = make.session(starts_at=one.ends_at + timedelta(hours=3))
    made = make.assignment(who, one)
    make.assignment(who, far)
    one.starts_at, one.ends_at = one.starts_at + timedelta(hours=1), one.ends_at + timedelta(hours=1)
    one.save()
    made.refresh_from_db()
    assert made.teaches.lower == one.starts_at
    one.starts_at, one.ends_at = one.starts_at + timedelta(hours=2), one.ends_at + timedelta(hours=2)
    with pytest.raises(IntegrityError, match="has_time_for_the_way"), transaction.atomic():
        one.save()
    one.refresh_from_db()
    one.state, one.why = "cancelled", "눈이 많이 옴"
    one.save()
    assert list(Assignment.objects.live().values_list("session", flat=True)) == [far.pk]
    with refused("called off"), transaction.atomic():
        make.assignment(who, one)


def test_the_lead_is_not_the_assistant():
    who, visit = make.instructor(), make.visit_class()
    make.assignment(who, visit)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.assignment(who, visit, "assistant")
    make.assignment(make.instructor(), visit, "assistant")
    with pytest.raises(IntegrityError, match="one_of_a_part"), transaction.atomic():
        make.assignment(make.instructor(), visit, "assistant")


def test_requests_and_visits_move_as_their_tables_say():
    held = make.visit_request(people=2)
    with refused("planned_is_in_a_class"), transaction.atomic():
        type(held).objects.filter(pk=held.pk).update(state="planned")
    with refused("no request moves"), transaction.atomic():
        type(held).objects.filter(pk=held.pk).update(state="done")
    visit = make.visit_class()
    with refused("no visit moves"), transaction.atomic():
        type(visit).objects.filter(pk=visit.pk).update(state="reported")


def test_who_sees_which_rows():
    here, there = make.session(), make.session()
    mine, theirs = make.booking(here), make.booking(there)
    staff = make.centre_staff(here.room.centre)
    teacher = make.instructor()
    make.assignment(teacher, there)
    everything = {mine.pk, theirs.pk}
    seen = {
        make.call_centre(): everything,
        make.coordinator(): everything,
        make.officer(): everything,
        staff: {mine.pk},
        teacher.user: {theirs.pk},
        make.make.clerk(): set(),
    }
    for user, rows in seen.items():
        assert set(Booking.objects.for_user(user).values_list("pk", flat=True)) == rows
    assert list(Booking.objects.for_phone(mine.phone_index)) == [mine]
    assert not Booking.objects.for_phone("")
