"""A receipt that comes in the very moment in which a row is taken back, given up or tried again is not undone."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from broadcast import claims, delivery
from broadcast.models import Broadcast, Delivery
from broadcast.publish import resend
from broadcast.receipts import Said, record
from broadcast.states import State
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


def while_it_is_recorded(row: Delivery, deed: Callable[[], object]) -> None:
    """`deed` runs while another connection has recorded that it was played, and has not committed yet."""
    recorded, go = threading.Event(), threading.Event()

    def box() -> None:
        try:
            with transaction.atomic():
                said = Said(row.pk, State.PLAYED, timezone.now(), 0.0, round=row.round)
                assert record(row.gateway, [said]) == ["counted"]
                recorded.set()
                go.wait(1)  # seconds in which the deed is under way
        finally:
            connection.close()

    talking = threading.Thread(target=box)
    talking.start()
    assert recorded.wait(10)
    deed()
    go.set()
    talking.join(10)


def in_state(state: State, **fields: object) -> Delivery:
    sent = make.published(["http://127.0.0.1:9"])
    sent.deliveries.update(state=state, **fields)
    return sent.deliveries.select_related("gateway").get()


def test_a_row_whose_worker_died_and_that_was_played() -> None:
    row = in_state(State.SENDING, claim=None)
    while_it_is_recorded(row, claims.take_back)
    row.refresh_from_db()
    assert row.state == State.PLAYED
    # And one of which nothing was heard goes back.
    other = in_state(State.SENDING, claim=None)
    assert claims.take_back() == 1
    other.refresh_from_db()
    assert other.state == State.WAITING


def test_a_row_that_had_been_given_up() -> None:
    row = in_state(State.UNREACHED, ended_at=timezone.now() - timedelta(minutes=1))
    row.gateway.seen_at = timezone.now()
    row.gateway.save(update_fields=["seen_at"])
    while_it_is_recorded(row, delivery.try_again_where_they_are_back)
    row.refresh_from_db()
    assert row.state == State.PLAYED


def test_a_row_whose_time_is_over() -> None:
    row = in_state(State.WAITING)
    Broadcast.objects.update(expires_at=timezone.now())
    while_it_is_recorded(row, delivery.expire)
    row.refresh_from_db()
    assert row.state == State.PLAYED


def test_a_row_that_somebody_sends_again() -> None:
    row = in_state(State.UNREACHED, ended_at=timezone.now())
    while_it_is_recorded(row, lambda: resend(row.broadcast_id, row.broadcast.author))
    row.refresh_from_db()
    assert (row.state, row.round) == (State.PLAYED, 1)
