"""Lines that the portal holds itself: who gets them, and who gives them up before anything sounded."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from broadcast import claims, delivery, dispatch
from broadcast.cancel import cancel
from broadcast.categories import Lane
from broadcast.gateways import Answer
from broadcast.models import Broadcast, Claim, Delivery, Gateway
from broadcast.queue import calls_queue
from broadcast.states import State
from broadcast.tasks import sweep
from jinju_portal.launcher import children
from jinju_portal.launcher.folder import Folder
from jinju_portal.schedule import SCHEDULE

from .gateways import sip_devices as devices
from .gateways.sip_devices import sent, sent_to
from .test_worker import eventually

pytestmark = pytest.mark.django_db(transaction=True)
QUICK = dispatch.Pass(timeout=2.0)


@pytest.fixture
def odd() -> Iterator[devices.Oddity]:
    with devices.oddity() as device:
        yield device


def state(of: Broadcast) -> tuple[str, str]:
    row = of.deliveries.get()
    return row.state, row.reason


@contextmanager
def ringing(odd: devices.Oddity, broadcast: Broadcast) -> Iterator[None]:
    """While a device rings that never answers."""

    def run() -> None:
        try:
            dispatch.call(claims.claim_calls(broadcast.lane), QUICK)
        finally:
            connection.close()

    line = threading.Thread(target=run)
    line.start()
    try:
        eventually(lambda: odd.methods("rings"))
        yield
    finally:
        line.join(40)


def test_what_had_not_begun_when_it_was_interrupted_waits_again(odd: devices.Oddity) -> None:
    routine = sent(odd.address("rings"))
    with ringing(odd, routine):
        urgent = sent_to(list(routine.villages.all()), "wildfire")
    row = routine.deliveries.get()
    assert (row.state, row.reason, row.stop_asked_at) == (State.WAITING, "busy", None)
    assert not claims.claim_calls(Lane.ROUTINE).targets
    assert [t.broadcast for t in claims.claim_calls(Lane.URGENT).targets.values()] == [urgent.pk]


def test_what_had_not_begun_when_it_was_taken_back_is_cancelled(odd: devices.Oddity) -> None:
    broadcast = sent(odd.address("rings"))
    with ringing(odd, broadcast):
        cancel(broadcast.pk, broadcast.author, "잘못 보냈습니다")
    row = broadcast.deliveries.get()
    assert (row.state, row.reason) == (State.CANCELLED, "cancelled")
    assert odd.methods("rings") == ["INVITE", "CANCEL", "ACK"]


def test_a_line_that_became_busy_meanwhile_is_given_up_for_what_is_urgent() -> None:
    """A routine one got the line in the same moment in which the urgent one was written."""
    routine = sent("sip:1@127.0.0.1:9")
    urgent = sent_to(list(routine.villages.all()), "wildfire")
    Delivery.objects.filter(broadcast=routine).update(state=State.PLAYING)
    assert not claims.claim_calls(Lane.URGENT).targets
    sweep()
    assert routine.deliveries.get().stop_asked_at
    assert urgent.deliveries.get().stop_asked_at is None


def test_a_line_carries_one_broadcast_and_what_is_urgent_first() -> None:
    first = sent("sip:1@127.0.0.1:9")
    villages = list(first.villages.all())
    sent_to(villages)
    urgent = sent_to(villages, "wildfire")
    assert claims.lanes_with_calls() == [Lane.URGENT]
    assert not claims.claim_calls(Lane.ROUTINE).targets
    assert [t.broadcast for t in claims.claim_calls(Lane.URGENT).targets.values()] == [urgent.pk]
    assert not claims.claim_calls(Lane.URGENT).targets
    urgent.deliveries.update(state=State.PLAYED)
    assert [t.broadcast for t in claims.claim_calls(Lane.ROUTINE).targets.values()] == [first.pk]
    assert claims.lanes_with_calls() == []


def test_a_call_that_begins_and_ends_between_two_writes_keeps_both() -> None:
    broadcast = sent("sip:1@127.0.0.1:9")
    held = claims.claim_calls(Lane.ROUTINE)
    (pk,) = held.targets
    delivery.write(held.id, [(pk, Answer(State.PLAYING)), (pk, Answer(State.PLAYED))])
    row = broadcast.deliveries.get()
    assert (row.state, row.claim_id) == (State.PLAYED, None)
    assert row.playing_at and row.ended_at


@pytest.mark.parametrize("going", [State.SENDING, State.PLAYING])
def test_what_the_portal_was_playing_is_never_repeated_by_itself(going: State) -> None:
    """Whatever a row of the gateway says that it remembers."""
    broadcast = sent("sip:1@127.0.0.1:9")
    Gateway.objects.update(remembers_ids=True, seen_at=timezone.now())
    held = claims.claim_calls(Lane.ROUTINE)
    broadcast.deliveries.update(state=going)
    assert claims.take_back() == 0, "it is held"
    Claim.objects.filter(pk=held.id).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert claims.take_back() == 1
    assert state(broadcast) == (State.UNKNOWN, "worker_died")
    Gateway.objects.update(seen_at=timezone.now() + timedelta(seconds=1))
    assert delivery.try_again_where_they_are_back() == 0
    assert not claims.claim_calls(Lane.ROUTINE).targets


def test_every_queue_has_a_worker(tmp_path: Path) -> None:
    wanted = {entry["options"]["queue"] for entry in SCHEDULE.values()}
    wanted |= {*Lane, *map(calls_queue, Lane)}
    commands = children.commands(Folder(tmp_path), {}, {}).values()
    launched = {command[command.index("-Q") + 1] for command in commands if "-Q" in command}
    composed = re.findall(r"-Q (\S+)", (Path(settings.BASE_DIR) / "docker-compose.yml").read_text())
    assert launched == set(composed) == wanted
