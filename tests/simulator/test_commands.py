"""What a box does not understand, and what its server does not take."""

import asyncio
import json

import pytest

from broadcast.simulator import commands

from .stage import CODES, Stage, on_stage

GOOD = {
    "command": "play",
    "delivery": "d",
    "broadcast": "b",
    "lane": "urgent",
    "audio": {"url": "https://x/", "size": 1, "sha256": "0" * 64},
    "expires_at": "2026-11-22T10:00:00+09:00",
    "unknown": "fields are ignored",
}


def test_a_good_one_survives_the_journal():
    delivery = commands.delivery(GOOD)
    assert commands.delivery(json.loads(json.dumps(commands.remembered(delivery)))) == delivery


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("command", "shout"),
        ("delivery", ""),
        ("delivery", "x" * 65),
        ("delivery", None),
        ("broadcast", 1),
        ("lane", "slow"),
        ("expires_at", "2026-11-22T10:00:00"),
        ("expires_at", "tomorrow"),
        ("audio", None),
        ("audio", {"url": "file:///etc/passwd", "size": 1, "sha256": "0" * 64}),
        ("audio", {"url": "https://x/", "size": 10**12, "sha256": "0" * 64}),
        ("audio", {"url": "https://x/", "size": 1, "sha256": "0"}),
    ],
)
def test_what_is_not_understood(field: str, value: object):
    with pytest.raises(ValueError):
        commands.delivery({**GOOD, field: value})


@on_stage(push_only=True)
async def test_400_for_what_is_not_understood(stage: Stage):
    for body in (b"", b"{", b"[]", b"[" * 100_000, b"\xff", b'{"command": "play"}'):
        assert (await stage.push(body))[0] == 400
    assert (await stage.push(stage.command()))[0] == 202


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\n\r\n", b"404"),
        (b"GET /JJ-0001/v1/commands HTTP/1.1\r\n\r\n", b"405"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", b"411"),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"411"),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", b"413"),
        (b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 5000, b"431"),
    ],
)
def test_the_server_takes_no_nonsense(sent: bytes, status: bytes, tmp_path):
    @on_stage(push_only=True)
    async def run(stage: Stage) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(stage.url.rpartition(":")[2]))
        writer.write(sent)
        assert (await reader.readline()).split()[1] == status
        writer.close()

    run(tmp_path)


@on_stage(push_only=True)
async def test_several_requests_on_one_connection_are_answered_in_order(stage: Stage):
    await stage.control(f"gateways/{CODES[0]}", {"delay": 0.05})
    reader, writer = await asyncio.open_connection("127.0.0.1", int(stage.url.rpartition(":")[2]))
    slow = f"POST /{CODES[0]}/v1/commands HTTP/1.1\r\nContent-Length: 2\r\n\r\n{{}}".encode()
    writer.write(slow + b"GET /_control/plays HTTP/1.1\r\nConnection: close\r\n\r\n")
    answers = (await reader.read()).split(b"HTTP/1.1 ")
    assert [answer[:3] for answer in answers] == [b"", b"401", b"200"]
    writer.close()
