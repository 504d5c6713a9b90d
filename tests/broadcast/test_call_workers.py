"""Calls by real workers: hung up, interrupted, waited for, and what is left of one whose worker was killed."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.test import override_settings

from broadcast.cancel import cancel
from broadcast.categories import Lane
from broadcast.models import Broadcast
from broadcast.publish import resend
from broadcast.queue import calls_queue
from broadcast.states import State
from broadcast.tasks import sweep

from .gateways import sip_devices as devices
from .gateways.sip_devices import sent, sent_to
from .test_worker import eventually, worker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def odd() -> Iterator[devices.Oddity]:
    with devices.oddity() as device:
        yield device


def state(of: Broadcast) -> tuple[str, str]:
    row = of.deliveries.get()
    return row.state, row.reason


def becomes(of: Broadcast, wanted: State, reason: str = "") -> None:
    """Beat is not there: the sweep runs here."""

    def is_so() -> bool:
        sweep()
        return state(of) == (wanted, reason)

    eventually(is_so)


# First, with workers of its own: those of the other tests would take its calls.
def test_a_call_whose_worker_was_killed_is_unknown_and_not_repeated(odd: devices.Oddity) -> None:
    with worker(calls_queue("routine"), "-Pthreads") as doomed:
        broadcast = sent(odd.address("good"), seconds=30.0)
        becomes(broadcast, State.PLAYING)
        os.killpg(doomed.pid, signal.SIGKILL)
    becomes(broadcast, State.UNKNOWN, "worker_died")
    with worker(calls_queue("routine"), "-Pthreads"):
        after = sent(odd.address("after"))
        becomes(after, State.PLAYED)
    assert state(broadcast) == (State.UNKNOWN, "worker_died")
    assert odd.methods("good") == ["INVITE", "ACK"]
    assert resend(broadcast.pk, broadcast.author) == 1, "a person may"


@pytest.fixture(scope="module")
def workers(django_db_setup, django_db_blocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Of both lanes, for all tests of this file; where they look for sounds."""
    sounds = tmp_path_factory.mktemp("sounds")
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        stack.enter_context(override_settings(MEDIA_ROOT=sounds))
        for lane in Lane:
            stack.enter_context(worker(calls_queue(lane), "-Pthreads"))
        yield sounds


@pytest.fixture
def callers(workers: Path, settings) -> None:
    settings.MEDIA_ROOT = workers


def test_what_plays_is_hung_up_when_it_is_taken_back(callers: None, odd: devices.Oddity) -> None:
    broadcast = sent(odd.address("good"), seconds=30.0)
    becomes(broadcast, State.PLAYING)
    cancel(broadcast.pk, broadcast.author, "잘못 보냈습니다")
    becomes(broadcast, State.STOPPED)
    assert odd.methods("good") == ["INVITE", "ACK", "BYE"]
    assert len(odd.packets) < 750, "not half of it was heard"


def test_what_is_urgent_interrupts_and_then_has_the_line(callers: None, odd: devices.Oddity) -> None:
    routine = sent(odd.address("good"), seconds=30.0)
    becomes(routine, State.PLAYING)
    urgent = sent_to(list(routine.villages.all()), "wildfire")
    becomes(urgent, State.PLAYED)
    assert state(routine) == (State.FAILED, "interrupted")
    assert odd.methods("good") == ["INVITE", "ACK", "BYE"] * 2
    assert routine.deliveries.get().ended_at <= urgent.deliveries.get().playing_at
    assert resend(routine.pk, routine.author) == 1
    becomes(routine, State.PLAYING)
    cancel(routine.pk, routine.author, "다음 검사")
    becomes(routine, State.STOPPED)


def test_what_is_routine_waits_for_the_air(callers: None, odd: devices.Oddity) -> None:
    first = sent(odd.address("good"), seconds=5.0)
    second = sent_to(list(first.villages.all()), seconds=0.4)
    becomes(first, State.PLAYING)
    assert state(second) == (State.WAITING, "")
    becomes(second, State.PLAYED)
    assert state(first) == (State.PLAYED, "")
    assert first.deliveries.get().ended_at <= second.deliveries.get().playing_at
    assert odd.methods("good") == ["INVITE", "ACK", "BYE"] * 2
