"""Taking a broadcast back: what waits, what is on its way, what sounds, and what plays although nobody knew."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from django.db import OperationalError, connection, transaction

from broadcast import claims, delivery
from broadcast.cancel import cancel
from broadcast.categories import Lane
from broadcast.gateways import Answer
from broadcast.models import Broadcast, Gateway
from broadcast.publish import publish, resend
from broadcast.receipts import Said, record
from broadcast.states import ON_AIR, State
from tests import make
from tests.simulator.test_with_portal import simulator

from .test_worker import eventually, worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent() -> Broadcast:
    return make.published([f"http://127.0.0.1:9/{n}" for n in range(3)], "wildfire")


def said(row: object, state: str, **more: object) -> list[str]:
    receipt = Said(delivery=row.pk, state=State(state), at=row.due_at, age=0.0, **more)  # type: ignore[attr-defined]
    return record(row.gateway, [receipt])  # type: ignore[attr-defined]


def take_back(sent: Broadcast) -> None:
    cancel(sent.pk, sent.author, "잘못 보냈습니다")
    _ago("0 seconds")


def _ago(interval: str) -> None:
    """A test is one transaction, in which the database's clock stands still."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE broadcast_delivery SET stop_asked_at = least(stop_asked_at, now()) - %s::interval",
            [interval],
        )


def states(of: Broadcast) -> list[str]:
    return sorted(of.deliveries.values_list("state", flat=True))


def test_what_waits_is_never_sent(sent: Broadcast) -> None:
    cancel(sent.pk, sent.author, "잘못 보냈습니다")
    assert states(sent) == ["cancelled"] * 3
    assert not claims.claim_shard(sent.pk, 0).targets
    assert not claims.take_stops(), "no device has it"
    again = cancel(sent.pk, sent.author, "다른 까닭")
    assert again.cancelled_reason == "잘못 보냈습니다"
    assert resend(sent.pk, sent.author) == 0


def test_only_its_author_and_the_city_take_it_back() -> None:
    here = make.gateway().village
    chief = make.chief(here)
    sent = make.published_to([here], chief)
    for stranger in (make.clerk(here.district), make.chief(here), make.user()):
        with pytest.raises(Broadcast.DoesNotExist):
            cancel(sent.pk, stranger, "남의 방송")
    draft = make.draft(chief, [here])
    with pytest.raises(Broadcast.DoesNotExist):
        cancel(draft.pk, chief, "보내지 않은 것")
    operator = make.city_operator()
    assert cancel(sent.pk, operator, "상황이 끝났습니다").cancelled_by == operator


def test_each_device_that_may_have_it_is_told_and_again_until_it_says_so(sent: Broadcast) -> None:
    held = claims.claim_shard(sent.pk, 0)
    first, second, third = list(held.targets)
    delivery.write(held.id, [(first, Answer(State.ACCEPTED)), (second, Answer(State.WAITING, "no_answer"))])
    take_back(sent)
    assert states(sent) == ["accepted", "cancelled", "sending"]
    assert {t.delivery for t in claims.take_stops()} == {first, third}
    assert not claims.take_stops(), "not again at once"
    delivery.write(held.id, [(third, Answer(State.WAITING, "hung"))])
    assert sent.deliveries.get(pk=third).state == State.CANCELLED, "not tried again"
    assert said(sent.deliveries.get(pk=first), "stopped") == ["counted"]
    assert states(sent) == ["cancelled", "cancelled", "stopped"]


def test_a_lost_stop_is_repeated_more_and_more_seldom(sent: Broadcast) -> None:
    held = claims.claim_shard(sent.pk, 0)
    delivery.write(held.id, [(pk, Answer(State.ACCEPTED)) for pk in held.targets])
    take_back(sent)
    told = []
    for second in range(300):
        told += [second] * bool(claims.take_stops())
        _ago("1 second")
    assert told == [0, 1, 3, 7, 15, 31, 63, 127, 255]


def test_one_that_was_given_up_and_plays_after_all_is_stopped(sent: Broadcast) -> None:
    row = sent.deliveries.first()
    sent.deliveries.filter(pk=row.pk).update(state=State.UNREACHED, reason="no_answer", ended_at=row.due_at)
    take_back(sent)
    assert not claims.take_stops()
    assert said(row, "playing") == ["counted"]
    assert [t.delivery for t in claims.take_stops()] == [row.pk]
    assert said(row, "stopped") == ["counted"]
    assert said(row, "played") == ["late"]


def test_what_is_taken_back_is_not_tried_again_when_its_box_or_its_worker_dies(sent: Broadcast) -> None:
    held = claims.claim_shard(sent.pk, 0)
    first, second, third = list(held.targets)
    delivery.write(held.id, [(first, Answer(State.UNREACHED, "no_answer"))])
    sent.deliveries.filter(pk=third).update(
        state=State.UNKNOWN, reason="no_receipt", ended_at=sent.published_at
    )
    cancel(sent.pk, sent.author, "잘못")
    claims.let_go(held.id)
    claims.take_back()
    assert sent.deliveries.get(pk=second).state == State.CANCELLED
    Gateway.objects.update(seen_at=sent.expires_at)
    assert delivery.try_again_where_they_are_back() == 0


def test_a_device_that_cannot_stop_is_not_told(sent: Broadcast) -> None:
    held = claims.claim_shard(sent.pk, 0)
    delivery.write(held.id, [(pk, Answer(State.ACCEPTED)) for pk in held.targets])
    Gateway.objects.update(can_stop=False)
    cancel(sent.pk, sent.author, "잘못")
    assert not claims.take_stops()
    assert said(row := sent.deliveries.first(), "playing") == ["counted"]
    assert said(row, "played") == ["counted"]


def test_a_stopped_one_was_not_heard_and_is_not_sent_again(sent: Broadcast) -> None:
    row = sent.deliveries.first()
    said(row, "playing")
    assert said(row, "stopped") == ["counted"]
    row.refresh_from_db()
    assert (row.state, row.ended_at is not None) == (State.STOPPED, True)
    assert said(row, "stopped") == ["repeated"]


def test_an_interrupted_one_that_is_sent_again_is_not_silenced_by_what_was(sent: Broadcast) -> None:
    sent.deliveries.update(
        state=State.FAILED,
        reason="interrupted",
        stop_asked_at=sent.published_at,
        stops=1,
        ended_at=sent.published_at,
    )
    assert resend(sent.pk, sent.author) == 3
    assert set(sent.deliveries.values_list("stop_asked_at", "stops")) == {(None, 0)}


def test_the_same_number_of_questions_for_one_village_and_for_thirty(
    django_assert_max_num_queries: Callable,
) -> None:
    for villages in (1, 3, 30):
        sent = make.published(["http://127.0.0.1:9"] * villages)
        # The broadcast locked and saved, its rows marked and ended; who asks; and the marks of two transactions.
        with django_assert_max_num_queries(10):
            cancel(sent.pk, sent.author, "잘못")


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_writes_the_same_rows_in_another_order_does_not_hinder_it() -> None:
    sent = make.published([f"http://127.0.0.1:9/{n}" for n in range(2)])
    first, last = sent.deliveries.values_list("pk", flat=True).order_by()  # as they lie, and so are updated

    def write_both_ways() -> None:
        """Whoever has waited longest is told of the deadlock by PostgreSQL: that is the other one, unless this thread
        was kept waiting for a processor; then it is told, and the other one need not try again."""
        try:
            with suppress(OperationalError), transaction.atomic():
                sent.deliveries.filter(pk=last).update(reason="busy")
                holds.set()
                eventually(_somebody_waits)
                sent.deliveries.filter(pk=first).update(reason="busy")
        finally:
            connection.close()

    holds = threading.Event()
    worker = threading.Thread(target=write_both_ways)
    worker.start()
    assert holds.wait(10)
    cancel(sent.pk, sent.author, "잘못")
    worker.join()
    assert states(sent) == ["cancelled"] * 2


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        # Within a transaction the first look would be kept for all later ones.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return cursor.fetchone() is not None


@pytest.mark.django_db(transaction=True)
def test_what_sounds_falls_silent_by_a_real_worker(
    live_server, settings, monkeypatch, tmp_path: Path
) -> None:
    settings.PORTAL_URL = live_server.url
    monkeypatch.setenv("PORTAL_URL", live_server.url)
    boxes = [make.gateway() for _ in range(3)]
    with (
        simulator(boxes, live_server.url, tmp_path, "--play-speed=0.01"),
        worker(Lane.URGENT),
    ):
        author = make.city_operator()
        sent = publish(make.draft(author, [box.village for box in boxes], "wildfire").pk, author)
        eventually(lambda: states(sent) == ["playing"] * 3)
        asked = time.monotonic()
        cancel(sent.pk, author, "잘못")
        eventually(lambda: states(sent) == ["stopped"] * 3)
        print(f"silent after {time.monotonic() - asked:.2f} s")
    assert not sent.deliveries.filter(state__in=ON_AIR).exists()
