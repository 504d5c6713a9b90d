"""What a box still knows after kill -9, reboot and a week."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from broadcast.simulator.journal import KEEP, Journal

from .stage import CODES, Portal, Stage, key_file, on_stage, until


@asynccontextmanager
async def program(
    portal: Portal, folder: Path, *flags: str
) -> AsyncIterator[tuple[Stage, asyncio.subprocess.Process]]:
    """The simulator as its own process."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "broadcast.simulator", "--gateways", str(key_file(folder))),
        *("--portal", portal.url, "--listen", "127.0.0.1:0", *flags),
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    line = (await process.stdout.readline()).decode()
    assert line.startswith("3 gateways listen on http://127.0.0.1:")
    stage = Stage(portal, line.split()[-1], None)
    try:
        yield stage, process
    finally:
        await stage.client.close()
        if process.returncode is None:
            process.kill()
        await process.wait()


def test_ids_survive_kill_9(tmp_path: Path):
    async def run() -> None:
        portal = Portal()
        runner = await portal.start()
        async with program(portal, tmp_path, "--play-speed=0") as (stage, process):
            done = stage.command()
            await stage.push(done)
            await until(lambda: "played" in portal.said(done["delivery"]))
            await stage.control("behaviour", {"play_speed": 0.001})
            playing, waiting = stage.command(), stage.command()
            await stage.push(playing)
            await until(lambda: portal.said(playing["delivery"]) == ["playing"])
            assert (await stage.push(waiting))[0] == 202
            process.send_signal(signal.SIGKILL)
            await process.wait()
        async with program(portal, tmp_path, "--play-speed=0") as (stage, process):
            await until(lambda: "played" in portal.said(waiting["delivery"]))
            await until(lambda: portal.said(playing["delivery"])[-1] == "failed device_error")
            assert (await stage.push(done)) == (200, {"delivery": done["delivery"], "state": "played"})
            assert (await stage.push(waiting))[0] == 200
            assert [(await stage.play(c["delivery"]))["times_played"] for c in (done, playing, waiting)] == [
                1,
                1,
                1,
            ]
            arrivals = await stage.control(f"arrivals?broadcast={done['broadcast']}")
            assert list(arrivals["arrivals"]) == [CODES[0]]
            assert portal.said(done["delivery"]) == ["playing", "played"]
            process.send_signal(signal.SIGTERM)
            assert await process.wait() == 0
        await runner.cleanup()

    asyncio.run(run())


def test_receipts_survive_kill_9(tmp_path: Path):
    async def run() -> None:
        portal = Portal()
        runner = await portal.start()
        portal.refuse = [503] * 1000
        async with program(portal, tmp_path, "--play-speed=0") as (stage, process):
            command = stage.command()
            await stage.push(command)
            await until(lambda: len(portal.refuse) < 1000)
            process.send_signal(signal.SIGKILL)
            await process.wait()
        portal.refuse = []
        async with program(portal, tmp_path, "--play-speed=0"):
            await until(lambda: portal.said(command["delivery"]) == ["playing", "played"])
        await runner.cleanup()

    asyncio.run(run())


def test_it_ends_with_its_parent(tmp_path: Path):
    """A launcher that is killed leaves no simulator behind."""
    command = [sys.executable, "-m", "broadcast.simulator", f"--gateways={key_file(tmp_path)}"]
    start = (
        "import subprocess, sys, os\n"
        f"child = subprocess.Popen({[*command, '--portal=http://127.0.0.1:9', '--listen=127.0.0.1:0']!r},"
        " stdout=subprocess.PIPE)\n"
        "child.stdout.readline()\n"
        "print(child.pid, flush=True)\n"
        "os._exit(0)"
    )
    pid = int(subprocess.run([sys.executable, "-c", start], stdout=subprocess.PIPE, check=True).stdout)

    def gone() -> bool:
        try:
            return Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z"
        except FileNotFoundError:
            return True

    try:
        asyncio.run(until(gone))
    finally:
        if not gone():
            os.kill(pid, signal.SIGKILL)


@on_stage(play_speed=0.001)
async def test_reboot_keeps_what_waits(stage: Stage):
    playing, waiting = stage.command(), stage.command()
    await stage.push(playing)
    await until(lambda: stage.portal.said(playing["delivery"]) == ["playing"])
    await stage.push(waiting)
    await stage.control(f"gateways/{CODES[0]}/reboot", {})
    await until(lambda: stage.portal.said(playing["delivery"]) == ["playing", "failed device_error"])
    await until(lambda: stage.portal.said(waiting["delivery"]) == ["playing"])
    assert (await stage.push(waiting))[1]["state"] == "playing"


def test_journal_forgets_after_a_week_and_drops_a_torn_line(tmp_path: Path):
    path = tmp_path / "journal"
    journal = Journal(path)
    now = 2_000_000_000.0
    journal.write(["accepted", now - KEEP - 1, "A", {"delivery": "old"}])
    journal.write(["accepted", now - KEEP + 1, "A", {"delivery": "new"}])
    journal.write(["playing", now, "A", "old"])
    journal.write(["playing", now, "A", "new"])
    with path.open("ab") as file:
        file.write(b'["accepted", 2000000000, "A", {"deliv')
    assert [(e[0], e[1]) for e in journal.read(now)] == [("accepted", now - KEEP + 1), ("playing", now)]
    journal.write(["played", now, "A", "new", 1.0, -18.0])
    assert [json.loads(line)[0] for line in path.read_text().splitlines()] == [
        "accepted",
        "playing",
        "played",
    ]
    with pytest.raises(BlockingIOError):
        Journal(path)
    journal.close()


def test_what_was_taken_back_stays_so_after_kill_9(tmp_path: Path):
    async def run() -> None:
        portal = Portal()
        runner = await portal.start()
        async with program(portal, tmp_path, "--play-speed=0") as (stage, process):
            command = {**stage.command(), "round": 3}
            stop = {"command": "stop", "delivery": command["delivery"], "round": 3}
            portal.refuse = [503]
            assert (await stage.push(stop))[0] == 200
            process.send_signal(signal.SIGKILL)
            await process.wait()
        async with program(portal, tmp_path, "--play-speed=0") as (stage, _):
            await until(lambda: portal.said(command["delivery"]) == ["stopped"])
            assert portal.receipts[-1]["round"] == 3
            assert (await stage.push(command))[1]["state"] == "stopped"
            assert (await stage.play(command["delivery"]))["times_played"] == 0
        await runner.cleanup()

    asyncio.run(run())
