"""Taken back: silent at once, and never played later, whatever overtakes what."""

import asyncio

import pytest
from aiohttp import web

from .stage import CODES, Stage, on_stage, tone, until


def stop(command: dict, **changes: object) -> dict:
    return {"command": "stop", "delivery": command["delivery"], "round": command.get("round", 1), **changes}


@on_stage(play_speed=0.001)
async def test_what_plays_falls_silent_and_the_next_one_starts(stage: Stage):
    playing, waiting = stage.command(), stage.command()
    await stage.push(playing)
    await stage.push(waiting)
    await until(lambda: stage.portal.said(playing["delivery"]) == ["playing"])
    assert await stage.push(stop(playing)) == (200, {"delivery": playing["delivery"], "state": "stopped"})
    await until(lambda: stage.portal.said(playing["delivery"]) == ["playing", "stopped"])
    await until(lambda: stage.portal.said(waiting["delivery"]) == ["playing"])
    assert await stage.push(stop(playing)) == (200, {"delivery": playing["delivery"], "state": "stopped"})
    assert await stage.push({**playing, "round": 2}) == (
        200,
        {"delivery": playing["delivery"], "state": "stopped"},
    )
    assert stage.portal.said(playing["delivery"]) == ["playing", "stopped"]


@on_stage(play_speed=0.001)
async def test_one_that_waits_never_plays(stage: Stage):
    playing, waiting = stage.command(), stage.command()
    await stage.push(playing)
    await stage.push(waiting)
    await stage.push(stop(waiting))
    await until(lambda: stage.portal.said(waiting["delivery"]) == ["stopped"])
    await stage.push(stop(playing))
    await until(lambda: "stopped" in stage.portal.said(playing["delivery"]))
    assert (await stage.play(waiting["delivery"]))["times_played"] == 0


@on_stage(share_audio=False)
async def test_one_whose_sound_is_being_fetched_never_plays(stage: Stage):
    fetching, go_on = asyncio.Event(), asyncio.Event()

    async def slow(request: web.Request) -> web.Response:
        fetching.set()
        await go_on.wait()
        return web.Response(status=503)

    app = web.Application()
    app.router.add_get("/slow", slow)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    command = stage.command()
    command["audio"]["url"] = f"http://127.0.0.1:{runner.addresses[0][1]}/slow"
    after = stage.command()
    await stage.push(command)
    await stage.push(after)
    await asyncio.wait_for(fetching.wait(), 20)
    assert (await stage.push(stop(command)))[1]["state"] == "stopped"
    await until(lambda: "played" in stage.portal.said(after["delivery"]))
    assert stage.portal.said(command["delivery"]) == ["stopped"]
    go_on.set()
    await runner.cleanup()


@on_stage()
async def test_a_stop_that_comes_first_is_remembered(stage: Stage):
    command = stage.command()
    assert await stage.push(stop(command)) == (200, {"delivery": command["delivery"], "state": "stopped"})
    await until(lambda: stage.portal.said(command["delivery"]) == ["stopped"])
    assert (await stage.push(command)) == (200, {"delivery": command["delivery"], "state": "stopped"})
    await stage.control(f"gateways/{CODES[0]}/reboot", {})
    assert (await stage.push({**command, "round": 2}))[1]["state"] == "stopped"
    assert (await stage.play(command["delivery"]))["times_played"] == 0


@on_stage()
async def test_what_is_over_stays_as_it_was(stage: Stage):
    played = stage.command()
    await stage.push(played)
    await until(lambda: "played" in stage.portal.said(played["delivery"]))
    assert (await stage.push(stop(played)))[1]["state"] == "played"
    await stage.control(f"gateways/{CODES[0]}", {"quirk": "speaker"})
    failed = stage.command()
    await stage.push(failed)
    await until(lambda: stage.portal.said(failed["delivery"]) == ["failed speaker"])
    assert (await stage.push(stop(failed)))[1]["state"] == "failed"
    assert (await stage.push(stop(failed, round=2)))[1]["state"] == "stopped", "sent again, and taken back"
    assert (await stage.push({**failed, "round": 2}))[1]["state"] == "stopped"


@on_stage(play_speed=0.001)
async def test_a_full_box_still_takes_a_stop(stage: Stage):
    sound = tone(0.2)
    commands = [stage.command(sound) for _ in range(102)]
    answers = [(await stage.push(command))[0] for command in commands]
    assert answers[-1] == 503
    assert (await stage.push(stop(commands[0])))[0] == 200
    await until(lambda: "stopped" in stage.portal.said(commands[0]["delivery"]))


@on_stage(play_speed=0.001)
async def test_the_volume_is_that_of_the_command(stage: Stage):
    command = stage.command(volume=35)
    await stage.push(command)
    await until(lambda: stage.portal.said(command["delivery"]) == ["playing"])
    assert stage.boxes.boxes[CODES[0]].status()["volume"] == 35
    assert (await stage.play(command["delivery"]))["volume"] == 35
    await stage.push(stop(command))
    await until(lambda: stage.boxes.boxes[CODES[0]].status()["volume"] == 70)


@pytest.mark.parametrize(
    "wrong", [{"volume": 101}, {"volume": "loud"}, {"volume": True}, {"round": True}, {"round": 0}]
)
def test_a_volume_or_round_that_makes_no_sense(wrong: dict, tmp_path):
    @on_stage()
    async def refused(stage: Stage) -> None:
        assert (await stage.push(stage.command(**wrong)))[0] == 400

    refused(tmp_path)


@on_stage()
async def test_a_stop_that_makes_no_sense(stage: Stage):
    for wrong in ({"delivery": None}, {"delivery": "x" * 65}, {"round": "one"}):
        assert (await stage.push(stop({"delivery": "d"}, **wrong)))[0] == 400
