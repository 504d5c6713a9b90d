"""python -m broadcast.simulator: see the package's docstring."""

import argparse
import asyncio
import gc
import os
import resource
import signal
import sys
from dataclasses import fields
from pathlib import Path

from .behaviour import Behaviour
from .city import city, read_keys
from .door import Door
from .server import Connection

BACKLOG = 8192
"""Connections that may wait to be taken: commands to 10,000 boxes come in one burst to this one port."""


def arguments() -> argparse.Namespace:
    asked = argparse.ArgumentParser(prog="python -m broadcast.simulator", description=__doc__)
    asked.add_argument("--gateways", type=Path, required=True, help='JSON: [{"code", "key", "secret"}, …]')
    asked.add_argument("--portal", required=True, help="the portal's address: http(s)://…")
    asked.add_argument("--listen", default="127.0.0.1:8100", metavar="HOST:PORT")
    asked.add_argument("--port", type=int, help="the port on 127.0.0.1, instead of --listen")
    asked.add_argument("--journal", type=Path, help="what the boxes remember (default: <gateways>.journal)")
    asked.add_argument(
        "--share-audio",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="fetch and decode each sound once for all boxes, as they share this machine (default: yes)",
    )
    for f in fields(Behaviour):
        flag = "--" + f.name.replace("_", "-")
        if f.name == "push_only":
            asked.add_argument(flag, action="store_true", help=f.metadata["help"])
        else:
            asked.add_argument(flag, type=type(f.default), default=f.default, help=f.metadata["help"])
    return asked.parse_args()


async def run(options: argparse.Namespace) -> None:
    """Until SIGTERM or SIGINT, or until the program that started it is gone."""
    parent = os.getppid()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    host, _, port = options.listen.rpartition(":")
    host = host.strip("[]")
    if options.port:
        host, port = "127.0.0.1", options.port
    behaviour = Behaviour(**{f.name: getattr(options, f.name) for f in fields(Behaviour)})
    journal = options.journal or options.gateways.with_name(options.gateways.name + ".journal")
    keys = read_keys(options.gateways)
    async with city(keys, behaviour, journal, options.portal, options.share_audio) as boxes:
        door = Door(boxes)
        server = await loop.create_server(lambda: Connection(door), host, int(port), backlog=BACKLOG)
        address = ":".join(map(str, server.sockets[0].getsockname()[:2]))
        gc.collect()
        gc.freeze()  # what lives as long as the process is not looked through again during a burst
        print(f"{len(boxes.boxes)} gateways listen on http://{address}", flush=True)
        await _stop_or_orphaned(stop, parent)
        server.close()


async def _stop_or_orphaned(stop: asyncio.Event, parent: int) -> None:
    while os.getppid() == parent:
        try:
            await asyncio.wait_for(stop.wait(), 1)
        except TimeoutError:
            continue
        return


def main() -> int:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))  # every hanging box holds a connection
    try:
        asyncio.run(run(arguments()))
    except BlockingIOError:
        print("another simulator uses this journal", file=sys.stderr)
        return 1
    except (OSError, ValueError, KeyError) as error:
        print(f"cannot start: {error!r}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
