"""Many at the same moment: over HTTP, and over as many connections as there are people."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from learning import booking, closing, waiting
from learning.booking import Asked
from learning.booking_states import State
from learning.models import Booking, Session
from learning.refusals import AlreadyBooked, NotNow
from tests import make_learning as ml
from tests.load import rush
from tests.repair.at_once import MOST, all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def loaded(session: Session) -> Session:
    return Session.objects.for_booking().get(pk=session.pk)


def asked(n: int) -> Asked:
    return Asked(name=f"예시 주민 {n}", phone=f"+82109996{n:04}")


def states(session: Session) -> list[str]:
    return list(Booking.objects.filter(session=session).order_by("turn").values_list("state", flat=True))


def test_64_people_at_20_seats_over_http(live_server):
    # Django's server for tests lets ten callers wait at its door, gunicorn 2,048; more than that are sent away.
    live_server.thread.httpd.socket.listen(2048)
    people = rush.visitors(rush.PEOPLE)
    for n in range(2):
        assert rush.one_round(live_server.url, people, seed=n) == []


def test_64_connections_at_20_seats():
    session = loaded(ml.session(capacity=20))
    made = all_at_once([lambda n=n: booking.book(session, asked(n), ml.CITIZEN) for n in range(MOST)])
    assert not [answer for answer in made if isinstance(answer, Exception)]
    assert sum(not answer.waits for answer in made) == 20
    assert sorted(states(session)) == ["confirmed"] * 20 + ["waiting"] * 44
    line = list(Booking.objects.in_line().filter(session=session))
    assert [waiting.place_in_line(row) for row in line] == list(range(1, 45))


def test_who_presses_many_times_has_one_booking_and_takes_one_seat():
    session = loaded(ml.session(capacity=20))
    made = all_at_once([lambda n=n: booking.book(session, asked(n % 20), ml.CITIZEN) for n in range(60)])
    assert sum(isinstance(answer, AlreadyBooked) for answer in made) == 40
    assert states(session) == ["confirmed"] * 20


def test_nobody_books_into_a_class_that_is_being_called_off():
    session = loaded(ml.session(capacity=20))
    staff = ml.staff(ml.coordinator())
    deeds = [lambda n=n: booking.book(session, asked(n), ml.CITIZEN) for n in range(30)]
    deeds.insert(10, lambda: closing.call_off(session.pk, staff, "정전"))
    made = all_at_once(deeds)
    assert {type(answer) for answer in made if isinstance(answer, Exception)} <= {NotNow}
    assert set(states(session)) <= {"called_off"}


def test_seats_that_come_free_in_the_rush_go_along_the_line():
    session = loaded(ml.session(capacity=10))
    first = [booking.book(session, asked(n), ml.CITIZEN).booking_id for n in range(12)]
    deeds = [lambda pk=pk: booking.cancel(pk, ml.CITIZEN) for pk in first[:6]]
    deeds += [lambda n=n: booking.book(session, asked(n), ml.CITIZEN) for n in range(100, 130)]
    made = all_at_once(deeds)
    assert not [answer for answer in made if isinstance(answer, Exception)]
    seated = Booking.objects.filter(session=session, state__in=["confirmed", "offered"]).count()
    assert seated == 10
    line = Booking.objects.filter(session=session, state__in=["offered", "waiting"]).order_by("turn")
    offered = [row.state == State.OFFERED for row in line]
    assert offered == sorted(offered, reverse=True)  # none who waits came before one who was offered a seat


def test_an_offer_is_taken_or_over_but_not_both():
    session = loaded(ml.session(capacity=8))
    rows = [booking.book(session, asked(n), ml.CITIZEN).booking_id for n in range(16)]
    for pk in rows[:8]:
        booking.cancel(pk, ml.CITIZEN)
    Booking.objects.filter(state="offered").update(offer_until=timezone.now())
    deeds = [lambda pk=pk: waiting.take(pk, ml.CITIZEN) for pk in rows[8:]] + [waiting.expire_offers] * 3
    all_at_once(deeds)
    assert set(states(session)[8:]) == {"expired"}


def test_two_who_move_to_each_other_do_not_wait_for_each_other():
    here, there = ml.session(capacity=4), ml.session(days=8, capacity=4)
    ours = [booking.book(loaded(here), asked(n), ml.CITIZEN).booking_id for n in range(2)]
    theirs = [booking.book(loaded(there), asked(n), ml.CITIZEN).booking_id for n in range(10, 12)]
    staff = ml.staff(ml.call_centre())
    made = all_at_once(
        [lambda pk=pk: booking.move(pk, there.pk, staff) for pk in ours]
        + [lambda pk=pk: booking.move(pk, here.pk, staff) for pk in theirs]
    )
    assert not [answer for answer in made if isinstance(answer, Exception)]
    assert sorted(states(here)) == sorted(states(there)) == ["confirmed"] * 2 + ["moved"] * 2


def test_booking_waits_for_nobody_else():
    """While somebody has a seat in hand and has not committed, the others get theirs, or a place in the line."""
    from django.db import transaction

    session = loaded(ml.session(capacity=2))

    def others() -> list[str]:
        try:
            return [booking.book(session, asked(n), ml.CITIZEN).state for n in (2, 3)]
        finally:
            connection.close()

    with transaction.atomic():
        booking.book(session, asked(1), ml.CITIZEN)
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(others).result(timeout=20) == ["confirmed", "waiting"]
    assert sorted(states(session)) == ["confirmed", "confirmed", "waiting"]
