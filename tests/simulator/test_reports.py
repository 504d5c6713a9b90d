"""Receipts until the portal has them, status, and clocks."""

import time
from datetime import datetime

from .stage import CODES, SECRET, Stage, on_stage, until


@on_stage()
async def test_receipts_are_sent_until_answered(stage: Stage):
    stage.portal.refuse = [503, 429]
    command = stage.command()
    await stage.push(command)
    await until(lambda: stage.portal.said(command["delivery"]) == ["playing", "played"])
    assert stage.portal.refuse == []
    assert stage.boxes is not None
    await until(lambda: stage.boxes.reporter.results["counted"] == 2)
    summary = await stage.control("")
    assert summary["unsent_receipts"] == 0
    assert summary["answers"]["http 503"] == summary["answers"]["http 429"] == 1


@on_stage()
async def test_every_box_reports_soon_after_the_start(stage: Stage):
    await until(lambda: len(stage.portal.statuses) == len(CODES))
    assert sorted(key for key, _ in stage.portal.statuses) == [f"{code}.1" for code in CODES]
    assert all(status["playing"] is None for _, status in stage.portal.statuses)


@on_stage(play_speed=0.001)
async def test_status_tells_what_plays(stage: Stage):
    command = stage.command()
    await stage.push(command)
    await until(lambda: stage.portal.said(command["delivery"]) == ["playing"])
    assert stage.boxes is not None
    assert stage.boxes.boxes[CODES[0]].status()["playing"] == command["delivery"]


@on_stage(clock_offset=600)
async def test_a_clock_that_is_off_is_set_by_the_portal(stage: Stage):
    await until(lambda: len(stage.portal.statuses) == len(CODES))
    assert stage.portal.refused == ["clock"] * len(CODES)
    command = stage.command()
    assert (await stage.push(command))[0] == 202
    await until(lambda: "played" in stage.portal.said(command["delivery"]))
    at = datetime.fromisoformat(stage.portal.receipts[-1]["at"]).timestamp()
    assert abs(at - time.time()) < 60


@on_stage(push_only=True)
async def test_a_clock_that_is_off_refuses(stage: Stage):
    await stage.control(f"gateways/{CODES[0]}", {"clock_offset": -600})
    status, answer = await stage.push(stage.command())
    assert (status, answer["error"]) == (401, "clock")
    assert abs(answer["now"] + 600 - time.time()) < 60


@on_stage(duplicate=1.0)
async def test_duplicates_come_twice_and_out_of_order(stage: Stage):
    command = stage.command()
    await stage.push(command)
    await until(lambda: "played" in stage.portal.said(command["delivery"]))
    assert stage.portal.said(command["delivery"]) == ["played", "playing", "played", "playing"]


@on_stage(stale=1.0)
async def test_stale_ones_speak_of_anothers_delivery_and_of_yesterday(stage: Stage):
    theirs = stage.command()
    await stage.push(theirs, CODES[1])
    own = stage.command()
    await stage.push(own)
    await until(lambda: "played" in stage.portal.said(own["delivery"]))
    assert any(
        r["gateway"] == CODES[0] and r["delivery"] == theirs["delivery"] for r in stage.portal.receipts
    )
    old = [r for r in stage.portal.receipts if r["delivery"] == own["delivery"]]
    assert min(datetime.fromisoformat(r["at"]).timestamp() for r in old) < time.time() - 80000


@on_stage(silent=1.0)
async def test_silent_boxes_play(stage: Stage):
    command = stage.command()
    await stage.push(command)
    assert stage.boxes is not None
    delivery = stage.boxes.boxes[CODES[0]].deliveries[command["delivery"]]
    await until(lambda: delivery.state == "played")
    assert stage.portal.receipts == stage.portal.statuses == []


@on_stage()
async def test_the_box_signs_with_its_newest_key(stage: Stage):
    await until(lambda: len(stage.portal.statuses) == len(CODES))
    await stage.control(f"gateways/{CODES[0]}/keys", {"1": SECRET.hex(), "2": SECRET.hex()})
    await stage.push(stage.command())
    await until(lambda: stage.portal.receipts)
    assert stage.portal.keys_used[-1] == f"{CODES[0]}.2"
