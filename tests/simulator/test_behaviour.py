"""The same seed, the same city; and every way of answering badly."""

import asyncio
import math
import statistics
import time

import aiohttp
import pytest

from broadcast.simulator.behaviour import Behaviour, Traits, choose, delay, settle

from .stage import CODES, Stage, on_stage, until

MANY = [f"JJ-{n:05}" for n in range(10_000)]


def test_delays_follow_median_and_p99():
    behaviour = Behaviour(latency=0.08, latency_p99=0.6)
    delays = sorted(delay(behaviour, code) for code in MANY)
    assert statistics.median(delays) == pytest.approx(0.08, rel=0.05)
    assert delays[9900] == pytest.approx(0.6, rel=0.15)


def test_a_seed_settles_everything_and_another_differently():
    one = Behaviour(seed="1", latency=0.08, latency_p99=0.6, hang=0.05, nonsense=0.1, stale=0.2)
    assert settle(one, MANY) == settle(one, MANY[::-1])
    other = Behaviour(seed="2", latency=0.08, latency_p99=0.6, hang=0.05, nonsense=0.1, stale=0.2)
    assert settle(one, MANY) != settle(other, MANY)


def test_shares_are_exact_and_nobody_has_two():
    chosen = choose("1", "link", MANY, {"hang": 0.05, "loss": 0.333, "crash": 0.0})
    assert sum(fault == "hang" for fault in chosen.values()) == 500
    assert len(chosen) == 500 + 3330


@pytest.mark.parametrize(
    "wrong",
    [
        {"hang": 1.1},
        {"hang": 0.6, "loss": 0.5},
        {"latency": -1},
        {"latency": math.nan},
        {"seed": 1},
        {"hang": "x"},
    ],
)
def test_settings_that_make_no_sense(wrong: dict):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Behaviour(**wrong)


@pytest.mark.parametrize("wrong", [{"link": "x"}, {"quirk": "hang"}, {"delay": "1"}])
def test_traits_that_make_no_sense(wrong: dict):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Traits(**wrong)


@pytest.mark.parametrize("link", ["garbage", "wrong_id", "huge", "redirect", "error", "busy"])
def test_nonsense_is_answered_and_the_command_not_taken(link: str, tmp_path):
    @on_stage(push_only=True)
    async def run(stage: Stage) -> None:
        await stage.control(f"gateways/{CODES[0]}", {"link": link})
        command = stage.command()
        try:
            status, answer = await stage.push(command)
        except ValueError:
            status, answer = 202, "garbage"
        expected = {"redirect": 307, "error": 500, "busy": 503}
        assert status == expected.get(link, 202)
        assert answer != {"delivery": command["delivery"], "state": "accepted"}
        assert (await stage.control("plays"))["plays"] == []

    run(tmp_path)


@on_stage(push_only=True, hang=1.0)
async def test_hanging_boxes_take_the_connection_and_say_nothing(stage: Stage):
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await stage.push(stage.command())
    assert (await stage.control("plays"))["plays"] == []


@on_stage(push_only=True, loss=1.0)
async def test_lost_commands_never_arrive(stage: Stage):
    with pytest.raises(aiohttp.ClientError):
        await stage.push(stage.command())
    assert (await stage.control("plays"))["plays"] == []


@on_stage(crash=1.0)
async def test_a_crash_loses_the_answer_but_not_the_broadcast(stage: Stage):
    command = stage.command()
    with pytest.raises(aiohttp.ClientError):
        await stage.push(command)
    assert (await stage.push(command))[0] == 200
    await until(lambda: "played" in stage.portal.said(command["delivery"]))
    assert (await stage.play(command["delivery"]))["times_played"] == 1


@on_stage(push_only=True)
async def test_the_delay_is_before_the_box_has_it(stage: Stage):
    await stage.control(f"gateways/{CODES[0]}", {"delay": 0.3})
    command = stage.command()
    start = time.time()
    assert (await stage.push(command))[0] == 202
    assert (await stage.play(command["delivery"]))["accepted_at"] - start > 0.29


@on_stage(push_only=True)
async def test_reset_forgets_and_keeps_the_behaviour(stage: Stage):
    await stage.control("behaviour", {"seed": "7"})
    command = stage.command()
    await stage.push(command)
    await stage.control("reset", {})
    assert (await stage.control("plays"))["plays"] == []
    assert (await stage.control(""))["behaviour"]["seed"] == "7"
    assert (await stage.push(command))[0] == 202


@on_stage(push_only=True)
async def test_control_refuses_nonsense_and_pages_of_a_browser(stage: Stage):
    assert (await stage.control("behaviour", {"hang": 2}))[0] == 400
    assert (await stage.control("behaviour", {"colour": 2}))[0] == 400
    assert (await stage.control("gateways/JJ-0001", {"link": "x"}))[0] == 400
    assert (await stage.control("gateways/JJ-9999", {}))[0] == 404
    assert (await stage.control("nothing"))[0] == 404
    async with stage.client.get(f"{stage.url}/_control/", headers={"Origin": "http://example.org"}) as answer:
        assert answer.status == 403
