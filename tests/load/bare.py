"""The limit that dispatch is measured against: an asyncio script that pushes, and nothing else.

No queue, no database, no results: it has everything in memory before it is told to go. It signs, since a gateway
takes nothing unsigned. As many processes of it run as the workers use for a broadcast of that size.

    python -m tests.load.bare TARGETS.json WINDOW [without-gc]

Then one line on standard input a round: "go <broadcast id>".
"""

import asyncio
import gc
import json
import sys
import time
import uuid
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp

from broadcast.signing import signed_headers


async def push_all(targets: list[dict[str, str]], window: int, command: dict[str, object]) -> None:
    places = asyncio.Semaphore(window)
    client = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, force_close=True),
        timeout=aiohttp.ClientTimeout(total=3.0),
        cookie_jar=aiohttp.DummyCookieJar(),
    )

    async def push(target: dict[str, str]) -> None:
        async with places:
            body = json.dumps({**command, "delivery": str(uuid.uuid4())}, ensure_ascii=False).encode()
            url = f"{target['address']}/v1/commands"
            headers = signed_headers(
                f"{target['code']}.{target['key']}",
                bytes.fromhex(target["secret"]),
                "POST",
                urlsplit(url).path,
                body,
                time.time(),
            )
            headers["Content-Type"] = "application/json"
            try:
                async with client.post(url, data=body, headers=headers, allow_redirects=False) as response:
                    await response.read()
            except (TimeoutError, aiohttp.ClientError):
                return

    async with client:
        await asyncio.gather(*(push(t) for t in targets))


def main() -> None:
    targets = json.loads(Path(sys.argv[1]).read_text())
    window = int(sys.argv[2])
    command = json.loads(Path(sys.argv[1]).with_suffix(".command").read_text())
    if sys.argv[3:] == ["without-gc"]:
        gc.disable()
    print("ready", flush=True)
    for line in sys.stdin:
        asyncio.run(push_all(targets, window, {**command, "broadcast": line.split()[1]}))
        print("done", flush=True)


if __name__ == "__main__":
    main()
