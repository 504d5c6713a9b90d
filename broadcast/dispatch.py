"""Pushing a claim: one event loop for all its gateways, answers written in bulk as they come.

Live gateways never wait for dead ones: a window of pushes is in flight, and one that has not been answered after
`PATIENCE` gives its place in the window away while it goes on waiting for its own time-out. The window of what is
routine is narrow: ten thousand greetings leave the processors and the database free for a wildfire.
"""

import asyncio
import gc
import logging
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.db import Error, connection

from . import claims, delivery
from .gateways import DRIVERS, Answer, Line, Session, Target, driver, holding_line
from .models import Broadcast
from .sound_address import sound_address
from .states import State

log = logging.getLogger(__name__)

#: Seconds before a push gives its place in the window to the next gateway.
PATIENCE = 1.0
#: Seconds between two bulk writes of answers: of what is urgent, and of what is routine.
WRITE_EVERY, WRITE_ROUTINE_EVERY = 0.25, 1.0


@dataclass(frozen=True)
class Pass:
    """How patient a pass is. `timeout`: seconds for one push."""

    timeout: float


FIRST_TRY, RETRY = Pass(timeout=3.0), Pass(timeout=8.0)
#: Until a device that is called must have answered; how long it then sounds is another matter.
CALL = Pass(timeout=8.0)


def push(held: claims.Held, how: Pass) -> None:
    """Push every target that is held and record what came of it. Blocks until the last one has answered."""
    if not held.targets:
        return claims.let_go(held.id)
    # Thousands of pushes in flight are all alive: looking through them for garbage again and again took as long
    # as pushing. What they leave is collected afterwards.
    gc.disable()
    try:
        _run(held, how)
    finally:
        gc.enable()
    return None


def call(held: claims.Held, how: Pass) -> None:
    """The same where the portal holds the line: as long as it sounds, so several at a time in one process."""
    if not held.targets:
        return claims.let_go(held.id)
    connection.close()  # not kept for the minutes of a call: the database has not so many
    return _run(held, how)


def _run(held: claims.Held, how: Pass) -> None:
    over = threading.Event()
    lines: dict[uuid.UUID, Line] = {}
    renewer = threading.Thread(target=_keep_lease, args=(held.id, lines, over), daemon=True)
    renewer.start()
    try:
        asyncio.run(_push_all(held, how, lines))
    finally:
        over.set()
        renewer.join()
        claims.let_go(held.id)


async def _push_all(held: claims.Held, how: Pass, lines: dict[uuid.UUID, Line]) -> None:
    commands = {pk: play_command(broadcast) for pk, broadcast in held.broadcasts.items()}
    answers: list[tuple[uuid.UUID, Answer]] = []
    urgent = any(broadcast.is_urgent for broadcast in held.broadcasts.values())
    window = asyncio.Semaphore(settings.DISPATCH_WINDOW if urgent else settings.ROUTINE_WINDOW)
    # When a sound begins and ends on a line that we hold is known by when it is written.
    held_lines = {t.driver for t in held.targets.values()} & set(holding_line())
    pause = WRITE_EVERY if urgent or held_lines else WRITE_ROUTINE_EVERY
    loop = asyncio.get_running_loop()
    done = asyncio.Event()
    # One thread, hence one database connection, for the writes.
    with ThreadPoolExecutor(1) as writer:

        async def write() -> None:
            batch = answers.copy()
            answers.clear()
            if not batch:
                return
            try:
                await loop.run_in_executor(writer, _write, held.id, batch)
                if lines:  # minutes may pass until the next
                    await loop.run_in_executor(writer, lambda: connection.close())
            except Error:
                # Kept for the next write. If that fails too, the rows go back by the sweep and the boxes know the ids.
                log.exception("answers of %d gateways could not be written yet", len(batch))
                answers.extend(batch)

        async def write_as_they_come() -> None:
            # Ended by a flag, not cancelled: a cancelled write takes its answers along.
            while not done.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(done.wait(), pause)
                await write()

        async with AsyncExitStack() as stack:
            sessions: dict[str, Session] = {
                name: await stack.enter_async_context(driver(name).session(how.timeout))  # type: ignore[union-attr]
                for name in {t.driver for t in held.targets.values()} & set(DRIVERS)
            }
            writing = asyncio.create_task(write_as_they_come())
            pushes = []
            for target in held.targets.values():
                await window.acquire()
                line = Line(partial(_said, answers, target.delivery))
                if target.driver in holding_line():
                    lines[target.delivery] = line
                pushes.append(
                    asyncio.create_task(
                        _push_one(sessions, target, commands[target.broadcast], line, window, answers)
                    )
                )
            await asyncio.gather(*pushes)
            done.set()
            await writing
            await write()
        await loop.run_in_executor(writer, lambda: connection.close())


async def _push_one(
    sessions: dict[str, Session],
    target: Target,
    command: dict[str, Any],
    line: Line,
    window: asyncio.Semaphore,
    answers: list[tuple[uuid.UUID, Answer]],
) -> None:
    place = asyncio.get_running_loop().call_later(PATIENCE, window.release)
    try:
        session = sessions.get(target.driver)
        answer = (
            await session.push(target, command, line) if session else Answer(State.UNREACHED, "unsupported")
        )
    except Exception:
        # A driver's own fault must cost one gateway a retry, not the shard. What has sounded is not repeated.
        log.exception("driver %s failed on %s", target.driver, target.code)
        answer = Answer(State.UNKNOWN if line.has_sounded else State.WAITING, "device_error")
    if answer.state == State.STOPPED and not line.has_sounded:
        answer = Answer(State.WAITING, "cancelled" if line.cancelled else "busy")
    elif answer.state == State.STOPPED and not line.cancelled:
        answer = Answer(State.FAILED, "interrupted")
    answers.append((target.delivery, answer))
    if not place.cancelled() and place.when() > asyncio.get_running_loop().time():
        place.cancel()
        window.release()


def _said(answers: list[tuple[uuid.UUID, Answer]], delivery_id: uuid.UUID, state: State) -> None:
    answers.append((delivery_id, Answer(state)))


def stop(targets: list[Target]) -> None:
    """Tell these devices to be silent. Blocks until each has answered or not; their receipts tell what they did."""
    if targets:
        asyncio.run(_stop_all(targets))


async def _stop_all(targets: list[Target]) -> None:
    async with AsyncExitStack() as stack:
        sessions: dict[str, Session] = {
            name: await stack.enter_async_context(driver(name).session(FIRST_TRY.timeout))  # type: ignore[union-attr]
            for name in {t.driver for t in targets} & set(DRIVERS)
        }
        window = asyncio.Semaphore(settings.DISPATCH_WINDOW)

        async def stop_one(target: Target) -> None:
            async with window:
                try:
                    await sessions[target.driver].stop(target)
                except Exception:
                    log.exception("driver %s could not stop %s", target.driver, target.code)

        await asyncio.gather(*(stop_one(t) for t in targets if t.driver in sessions))


def play_command(broadcast: Broadcast) -> dict[str, Any]:
    """The command of docs/gateway-protocol.md, section 2, without its delivery id."""
    sound = broadcast.recording
    return {
        "command": "play",
        "broadcast": str(broadcast.pk),
        "lane": broadcast.lane,
        "category": broadcast.category,
        "text": broadcast.text,
        "audio": {
            "url": sound_address(broadcast),
            "type": "audio/mpeg",
            "size": sound.size,
            "sha256": sound.sha256,
            "duration": round(sound.duration, 2),
        },
        "expires_at": broadcast.expires_at.isoformat() if broadcast.expires_at else None,
    }


def _keep_lease(claim: uuid.UUID, lines: dict[uuid.UUID, Line], over: threading.Event) -> None:
    """In a thread of its own, so that a busy event loop does not lose its rows; hands on who is to be silent."""
    try:
        while not over.wait(claims.RENEW):
            with suppress(Error):
                _on_a_live_connection(claims.renew, claim)
                if lines:
                    _on_a_live_connection(_hang_up, claim, lines)
    finally:
        connection.close()


def _hang_up(claim: uuid.UUID, lines: dict[uuid.UUID, Line]) -> None:
    for delivery_id, cancelled in claims.asked_to_stop(claim).items():
        if line := lines.get(delivery_id):
            line.silence(cancelled)


def _write(claim: uuid.UUID, answers: list[tuple[uuid.UUID, Answer]]) -> None:
    _on_a_live_connection(delivery.write, claim, answers)


def _on_a_live_connection(deed: Callable[..., None], *args: Any) -> None:
    """Django drops a broken connection between requests; a thread that lives longer has to do it itself."""
    try:
        deed(*args)
    except Error:
        connection.close()
        raise
