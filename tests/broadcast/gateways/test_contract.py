"""What any driver must pass, on a stage of its own (stages.py). docs/broadcast.md says how to add one."""

import asyncio
import re
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from broadcast import cancel, claims, delivery, dispatch
from broadcast.gateways import DRIVERS, Answer, Driver, Line, Nature, Target, driver, holding_line
from broadcast.models import Broadcast, Claim, Delivery, Gateway
from broadcast.publish import publish
from broadcast.states import ENDED, REASONS, State
from tests import make

from .stages import STAGES, Stage, gateway_of, login

pytestmark = pytest.mark.django_db(transaction=True)

NEEDS = {"mqtt": [pytest.mark.mosquitto]}
QUICK = dispatch.Pass(timeout=2.0)
each_driver = pytest.mark.parametrize(
    "kind", [pytest.param(name, marks=NEEDS.get(name, ())) for name in DRIVERS]
)


@pytest.fixture
def stage(kind: str, live_server, settings, tmp_path: Path) -> Iterator[Stage]:
    settings.PORTAL_URL = live_server.url
    with STAGES[kind](tmp_path, live_server.url, settings) as ready:
        yield ready


def eventually(true: Callable[[], Any], patience: float = 30) -> None:
    until = time.monotonic() + patience
    while not true():
        assert time.monotonic() < until, "it did not come true"
        time.sleep(0.05)


def sent(*to: Gateway, seconds: float = 0.4) -> Broadcast:
    author = make.city_operator()
    draft = make.draft(author, [gateway.village for gateway in to], "wildfire")
    draft.recording = make.recording(author, seconds)
    draft.save()
    return publish(draft.pk, author)


def dispatched(broadcast: Broadcast) -> None:
    """As the tasks do it."""
    dispatch.push(claims.claim_shard(broadcast.pk, 0), QUICK)
    dispatch.call(claims.claim_calls(broadcast.lane), QUICK)


def the(broadcast: Broadcast, gateway: Gateway) -> Delivery:
    return broadcast.deliveries.get(gateway=gateway)


def module(kind: str) -> Driver:
    found = driver(kind)
    assert found
    return found


def test_every_driver_has_a_stage() -> None:
    assert set(STAGES) == set(DRIVERS)
    assert driver("pigeon") is None


@each_driver
def test_it_says_what_its_devices_can(kind: str) -> None:
    assert isinstance(module(kind).NATURE, Nature)
    assert (kind in holding_line()) == module(kind).NATURE.holds_line


NO_ADDRESSES = ("", "x", "javascript:alert(1)", "http://", "//", "h" * 300, "http://[::1", "예")


@each_driver
def test_it_says_in_korean_what_an_address_looks_like(kind: str) -> None:
    for address in NO_ADDRESSES:
        with pytest.raises(ValueError) as refused:
            module(kind).check_address(address)
        assert re.search("[가-힣]{2}", str(refused.value)), address


@each_driver
def test_a_good_device_plays_it_once_and_the_row_says_so(kind: str, stage: Stage) -> None:
    module(kind).check_address(stage.gateway.address)
    broadcast = sent(stage.gateway)
    dispatched(broadcast)
    eventually(lambda: the(broadcast, stage.gateway).state == State.PLAYED)
    row = the(broadcast, stage.gateway)
    assert (row.reason, row.claim_id) == ("", None)
    assert row.accepted_at <= row.playing_at <= row.ended_at
    assert stage.plays() == 1
    dispatched(broadcast)
    assert stage.plays() == 1


@each_driver
def test_who_is_away_is_waited_for_and_delays_nobody(kind: str, stage: Stage) -> None:
    away = gateway_of(kind, stage.away)
    login(away)
    broadcast = sent(away, stage.gateway)
    dispatched(broadcast)
    eventually(lambda: the(broadcast, stage.gateway).state == State.PLAYED)
    row = the(broadcast, away)
    assert (row.state, row.reason) == (State.WAITING, "no_answer")
    assert row.due_at > timezone.now() - timedelta(seconds=30)
    assert row.reason in REASONS


@each_driver
def test_nothing_is_replayed_blindly_after_a_worker_died(kind: str, stage: Stage) -> None:
    broadcast = sent(stage.gateway)
    dispatched(broadcast)
    eventually(lambda: the(broadcast, stage.gateway).state == State.PLAYED)
    # As if the worker had died after the device had heard it and before anybody had written that down.
    Claim.objects.all().delete()
    broadcast.deliveries.update(state=State.SENDING, claim=uuid.uuid4(), ended_at=None)
    claims.take_back()
    row = the(broadcast, stage.gateway)
    if module(kind).NATURE.remembers_ids:
        assert row.state == State.WAITING
        dispatch.push(claims.claim_due(broadcast.lane), QUICK)
        eventually(lambda: the(broadcast, stage.gateway).state in (State.ACCEPTED, State.PLAYED))
    else:
        assert (row.state, row.reason) == (State.UNKNOWN, "worker_died")
        assert delivery.try_again_where_they_are_back() == 0
    assert stage.plays() == 1


@each_driver
def test_what_plays_is_silent_two_seconds_after_somebody_cancels(kind: str, stage: Stage) -> None:
    assert module(kind).NATURE.can_stop
    broadcast = sent(stage.gateway, seconds=30)

    def work() -> None:
        try:
            dispatched(broadcast)
        finally:
            connection.close()

    working = threading.Thread(target=work)
    working.start()
    try:
        eventually(lambda: the(broadcast, stage.gateway).state == State.PLAYING)
        cancel.cancel(broadcast.pk, broadcast.author, "잘못 보냄")
        dispatch.stop(claims.take_stops())
    finally:
        working.join(60)
    eventually(lambda: the(broadcast, stage.gateway).state in ENDED)
    row = the(broadcast, stage.gateway)
    broadcast.refresh_from_db()
    assert row.state == State.STOPPED
    assert row.ended_at - broadcast.cancelled_at < timedelta(seconds=2)


@each_driver
def test_a_push_that_is_given_up_leaves_nothing_behind(kind: str, stage: Stage) -> None:
    """The worker is told to end in the middle of it: no task, no connection stays (a warning would be an error)."""
    broadcast = sent(stage.gateway, seconds=30)
    row = the(broadcast, stage.gateway)
    Delivery.objects.filter(pk=row.pk).update(due_at=timezone.now())
    held = claims.claim_calls(broadcast.lane) if kind in holding_line() else claims.claim_due(broadcast.lane)
    command = dispatch.play_command(held.broadcasts[broadcast.pk])

    async def given_up() -> list[State]:
        said: list[State] = []
        async with module(kind).session(2.0) as session:
            pushing = asyncio.create_task(session.push(held.targets[row.pk], command, Line(said.append)))
            await asyncio.wait({pushing}, timeout=0.5)
            pushing.cancel()
            await asyncio.wait({pushing})
        mine = asyncio.current_task()
        assert {task for task in asyncio.all_tasks() if task is not mine} == set()
        return said

    asyncio.run(given_up())
    claims.let_go(held.id)


@each_driver
def test_a_session_never_raises_for_what_a_device_does(kind: str, stage: Stage) -> None:
    """Nor for a row that is not complete: no key, no login, an address that is none."""

    async def pushed(target: Target) -> Answer:
        async with module(kind).session(2.0) as session:
            await session.stop(target)
            return await session.push(target, command, Line(lambda state: None))

    broadcast = sent(stage.gateway)
    command = dispatch.play_command(Broadcast.objects.select_related("recording").get(pk=broadcast.pk))
    for address in (stage.away, "nonsense"):
        answer = asyncio.run(pushed(Target(uuid.uuid4(), broadcast.pk, 1, "T-0", kind, address)))
        assert answer.state in (State.WAITING, State.UNREACHED)
        assert answer.reason in REASONS
