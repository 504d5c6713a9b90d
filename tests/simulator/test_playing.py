"""Once, in order, in time; and what was heard."""

import asyncio
import time
from datetime import datetime

import pytest

from broadcast.simulator.sound import NoSound, listen

from .stage import CODES, Stage, on_stage, tone, until


@pytest.mark.parametrize(("seconds", "dbfs"), [(1.0, -18.0), (3.5, -30.0), (12.0, -6.0)])
def test_what_is_heard_is_what_was_recorded(seconds: float, dbfs: float):
    heard = listen(tone(seconds, dbfs))
    assert heard.seconds == pytest.approx(seconds, rel=0.05)
    assert heard.dbfs == pytest.approx(dbfs, abs=0.2)


@pytest.mark.parametrize("data", [b"", b"text named .mp3" * 100, tone()[:20]])
def test_what_is_no_sound(data: bytes):
    with pytest.raises(NoSound, match="audio_decode"):
        listen(data)


@on_stage()
async def test_a_command_is_played_once_and_reported(stage: Stage):
    command = stage.command(tone(2.0, -20.0))
    id = command["delivery"]
    assert await stage.push(command) == (202, {"delivery": id, "state": "accepted"})
    await until(lambda: "played" in stage.portal.said(id))
    for _ in range(3):
        assert await stage.push(command) == (200, {"delivery": id, "state": "played"})
    play = await stage.play(id)
    assert play["times_played"] == 1
    assert play["accepted_at"] <= play["started_at"] <= play["ended_at"]
    assert stage.portal.said(id) == ["playing", "played"]
    played = stage.portal.receipts[-1]
    assert played["heard_seconds"] == pytest.approx(2.0, rel=0.05)
    assert played["heard_dbfs"] == pytest.approx(-20.0, abs=0.2)
    arrivals = await stage.control(f"arrivals?broadcast={command['broadcast']}")
    assert arrivals == {"arrivals": {CODES[0]: play["accepted_at"]}}


@on_stage()
async def test_repeated_pushes_at_the_same_time_play_once(stage: Stage):
    command = stage.command()
    answers = await asyncio.gather(*(stage.push(command) for _ in range(8)))
    assert sorted(status for status, _ in answers) == [200] * 7 + [202]
    await until(lambda: "played" in stage.portal.said(command["delivery"]))
    assert (await stage.play(command["delivery"]))["times_played"] == 1


@on_stage(play_speed=0.001)
async def test_urgent_interrupts_routine(stage: Stage):
    routine, waiting = stage.command(), stage.command()
    urgent, second = stage.command(lane="urgent"), stage.command(lane="urgent")
    await stage.push(routine)
    await stage.push(waiting)
    await until(lambda: stage.portal.said(routine["delivery"]) == ["playing"])
    await stage.push(urgent)
    await until(lambda: stage.portal.said(urgent["delivery"]) == ["playing"])
    await until(lambda: stage.portal.said(routine["delivery"]) == ["playing", "failed interrupted"])
    await stage.push(second)
    assert (await stage.push(urgent))[1]["state"] == "playing"
    assert (await stage.push(second))[1]["state"] == "accepted"
    assert (await stage.push(waiting))[1]["state"] == "accepted"


@on_stage(play_speed=0.001)
async def test_urgent_ones_go_first_and_the_others_in_order(stage: Stage):
    first = stage.command(lane="urgent")
    await stage.push(first)
    await until(lambda: stage.portal.said(first["delivery"]) == ["playing"])
    waiting = [stage.command(lane=lane) for lane in ("routine", "urgent", "routine", "urgent")]
    for command in waiting:
        await stage.push(command)
    await stage.control("behaviour", {"play_speed": 0})
    await stage.control(f"gateways/{CODES[0]}/reboot", {})
    await until(lambda: all("played" in stage.portal.said(c["delivery"]) for c in waiting))
    plays = [await stage.play(command["delivery"]) for command in waiting]
    order = sorted(range(4), key=lambda n: plays[n]["started_at"])
    assert order == [1, 3, 0, 2]
    assert stage.portal.said(first["delivery"]) == ["playing", "failed device_error"]


@on_stage()
async def test_a_failed_one_is_new_only_when_a_person_had_it_sent_again(stage: Stage):
    command = stage.command()
    await stage.control(f"gateways/{CODES[0]}", {"quirk": "speaker"})
    await stage.push(command)
    await until(lambda: stage.portal.said(command["delivery"]) == ["failed speaker"])
    await stage.control(f"gateways/{CODES[0]}", {})
    status, _, *_ = await stage.push(command)
    assert status == 200, "the same round again is the same command"
    assert (await stage.push({**command, "round": 2}))[0] == 202
    await until(lambda: "played" in stage.portal.said(command["delivery"]))
    assert (await stage.play(command["delivery"]))["times_played"] == 1


@on_stage()
async def test_after_its_time_it_is_not_played(stage: Stage):
    command = stage.command(seconds=-1)
    assert (await stage.push(command))[0] == 202
    await until(lambda: stage.portal.said(command["delivery"]) == ["failed expired"])
    assert (await stage.play(command["delivery"]))["times_played"] == 0
    assert stage.portal.fetched == []


@on_stage(play_speed=0.001)
async def test_one_that_expires_while_it_waits_is_not_played(stage: Stage):
    long, short = stage.command(), stage.command(seconds=1.0)
    await stage.push(long)
    await stage.push(short)
    await until(lambda: stage.portal.said(long["delivery"]) == ["playing"])
    await until(lambda: time.time() > datetime.fromisoformat(short["expires_at"]).timestamp())
    await stage.control(f"gateways/{CODES[0]}/reboot", {})
    await until(lambda: stage.portal.said(short["delivery"]) == ["failed expired"])


@on_stage()
async def test_sound_that_is_not_what_was_announced(stage: Stage):
    good = stage.command()
    wrong = [
        {**good["audio"], "sha256": "0" * 64},
        {**good["audio"], "size": good["audio"]["size"] - 1},
        {**good["audio"], "size": good["audio"]["size"] + 1},
    ]
    for audio in wrong:
        command = stage.command(audio=audio)
        await stage.push(command)
        await until(lambda id=command["delivery"]: stage.portal.said(id) == ["failed audio_fetch"])
    text = stage.command(b"this is no sound" * 100)
    await stage.push(text)
    await until(lambda: stage.portal.said(text["delivery"]) == ["failed audio_decode"])


@on_stage()
async def test_shared_sound_is_fetched_once(stage: Stage):
    assert await _fetches(stage) == 1


@on_stage(share_audio=False)
async def test_unshared_sound_is_fetched_by_each(stage: Stage):
    assert await _fetches(stage) == len(CODES)


async def _fetches(stage: Stage) -> int:
    sound = tone()
    commands = [stage.command(sound) for _ in CODES]
    for code, command in zip(CODES, commands, strict=True):
        await stage.push(command, code)
    await until(lambda: all("played" in stage.portal.said(c["delivery"]) for c in commands))
    return len(stage.portal.fetched)


@on_stage(push_only=True)
async def test_push_only_accepts_and_does_nothing_else(stage: Stage):
    command = stage.command()
    assert (await stage.push(command))[0] == 202
    assert (await stage.push(command)) == (200, {"delivery": command["delivery"], "state": "accepted"})
    assert stage.portal.fetched == stage.portal.receipts == []
