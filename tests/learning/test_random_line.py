"""Booking, cancelling, offers that are taken, declined or run out, seats added: at random, by two over two connections.

Each step starts two deeds at the same time, and afterwards the session must be as the rules say. A model of it is kept
by nobody: the rules are asked of the rows themselves, and of what each step may have changed.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from learning import booking, closing, waiting
from learning.booking import Asked
from learning.booking_states import HOLDING, LIVE, NotPossible, State
from learning.models import Booking, BookingStep, Session
from tests import make_learning as ml

pytestmark = pytest.mark.django_db(transaction=True)
#: Who may come; few, so that the same people meet often.
PEOPLE = 8
DEEDS = ("book", "cancel", "take", "decline", "expire", "more seats")


class Line(RuleBasedStateMachine):
    pool: ThreadPoolExecutor

    @initialize(capacity=st.integers(1, 3))
    def opens(self, capacity: int) -> None:
        self.session = Session.objects.for_booking().get(pk=ml.session(capacity=capacity).pk)
        self.staff = ml.staff(ml.coordinator())
        self.promised: set[object] = set()

    @rule(
        first=st.tuples(st.sampled_from(DEEDS), st.integers(0, PEOPLE - 1)),
        second=st.tuples(st.sampled_from(DEEDS), st.integers(0, PEOPLE - 1)),
    )
    def two_at_once(self, first: tuple[str, int], second: tuple[str, int]) -> None:
        line = self.line()
        answers = [way.result(30) for way in [self.pool.submit(self.does, *deed) for deed in (first, second)]]
        for (deed, who), answer in zip((first, second), answers, strict=True):
            if deed == "book" and answer is not None:
                assert answer.state == State.CONFIRMED or answer.state == State.WAITING, (deed, who)
                if line:  # somebody waited before either of them began
                    still = Booking.objects.filter(pk__in=line, state=State.WAITING).exists()
                    assert not (still and answer.state == State.CONFIRMED), "passed somebody who waits"

    def does(self, deed: str, who: int) -> Any:
        try:
            return self._deed(deed, who)()
        except NotPossible:
            return None
        finally:
            connection.close()

    def _deed(self, deed: str, who: int) -> Callable[[], Any]:
        if deed == "book":
            asked = Asked(name=f"예시 주민 {who}", phone=f"+82109995{who:04}")
            return lambda: booking.book(self.session, asked, ml.CITIZEN)
        if deed == "more seats":
            seats = Session.objects.get(pk=self.session.pk).capacity + 1
            return lambda: closing.change_capacity(self.session.pk, min(seats, 6), self.staff)
        if deed == "expire":
            return self._expires
        rows = list(Booking.objects.live().filter(session=self.session).order_by("turn"))
        if not rows:
            return lambda: None
        row = rows[who % len(rows)]
        return {
            "cancel": lambda: booking.cancel(row.pk, ml.CITIZEN),
            "take": lambda: waiting.take(row.pk, ml.CITIZEN),
            "decline": lambda: waiting.decline(row.pk, ml.CITIZEN),
        }[deed]

    def _expires(self) -> None:
        Booking.objects.filter(session=self.session, state=State.OFFERED).update(offer_until=timezone.now())
        waiting.expire_offers()

    def line(self) -> list[Any]:
        return list(Booking.objects.in_line().filter(session=self.session).values_list("pk", flat=True))

    @precondition(lambda self: hasattr(self, "session"))
    @invariant()
    def as_the_rules_say(self) -> None:
        session = Session.objects.with_seats().get(pk=self.session.pk)
        rows = list(Booking.objects.filter(session=session).order_by("turn"))
        holding = [row for row in rows if row.state in HOLDING]
        assert len(holding) + session.seats_left == session.capacity == session.places.count()
        assert len({row.seat_id for row in holding}) == len(holding)
        waits = [row for row in rows if row.state == State.WAITING]
        assert not (waits and session.seats_left), "a seat is free though somebody waits"
        live = [row.learner_id for row in rows if row.state in LIVE]
        assert len(live) == len(set(live)), "twice"
        asked = [row.turn for row in rows if BookingStep.objects.filter(booking=row, deed="offered").exists()]
        assert not (asked and waits) or max(asked) < min(row.turn for row in waits), "out of turn"
        last = {row.pk: row.steps.order_by("turn").last() for row in rows}
        assert all(last[row.pk].after == row.state for row in rows)


def test_two_people_at_random_over_two_connections():
    with ThreadPoolExecutor(2) as pool:
        Line.pool = pool

        class Machine(Line):
            pass

        Machine.TestCase.settings = settings(
            max_examples=12,
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        Machine.TestCase("runTest").runTest()
