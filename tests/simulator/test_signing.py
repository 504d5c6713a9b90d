"""The box's signing against the protocol's check value, and what its door refuses."""

import time

import pytest

from broadcast.signing import signed_headers
from broadcast.simulator.signing import NONCE_LIFE, Nonces, Refused, check, headers, signature

from .stage import CODES, SECRET, Stage, on_stage, other_secret


def test_check_value_of_the_protocol():
    found = signature(SECRET, "POST", "/api/gateway/receipts/", "1790000000", "abcdefghijklmnop", b"{}")
    assert found == "8bc8ad0ca23dad0d2e9b68f1449fb4fb856a70ecec0ec232e20d9ae047127d71"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"Jinju-Key": "JJ-0002.1"}, "unknown_key"),
        ({"Jinju-Key": "JJ-0001.2"}, "unknown_key"),
        ({"Jinju-Key": "JJ-0001.²"}, "unknown_key"),
        ({"Jinju-Key": ""}, "unknown_key"),
        ({"Jinju-Signature": "0" * 64}, "signature"),
        ({"Jinju-Signature": "é"}, "signature"),
        ({"Jinju-Date": "1790000001"}, "signature"),
        ({"Jinju-Nonce": "another-nonce-of-length"}, "signature"),
    ],
)
def test_refused(change: dict[str, str], error: str):
    given = {**headers("JJ-0001", 1, SECRET, "POST", "/x", b"{}", 1_790_000_000), **change}
    with pytest.raises(Refused) as refused:
        check(
            "JJ-0001",
            {1: SECRET},
            "POST",
            "/x",
            {k.lower(): v for k, v in given.items()},
            b"{}",
            1_790_000_000,
        )
    assert refused.value.args == (error,)


@pytest.mark.parametrize(("off", "ok"), [(300, True), (-300, True), (301, False), (-301, False)])
def test_clock_may_be_off_by_300_seconds(off: int, ok: bool):
    given = {k.lower(): v for k, v in headers("A", 1, SECRET, "POST", "/", b"", 1_790_000_000).items()}
    try:
        check("A", {1: SECRET}, "POST", "/", given, b"", 1_790_000_000 + off)
    except Refused as refused:
        assert not ok
        assert refused.args == ("clock",)
    else:
        assert ok


def test_a_nonce_is_good_once_within_its_life_and_for_its_box():
    nonces = Nonces()
    assert nonces.use("A", "n", 0)
    assert not nonces.use("A", "n", NONCE_LIFE)
    assert nonces.use("B", "n", 1)
    assert nonces.use("A", "n", NONCE_LIFE + 1)


@on_stage()
async def test_door_refuses_what_is_not_well_signed(stage: Stage):
    command = stage.command()
    assert await stage.push(command, secret=other_secret()) == (
        401,
        {"error": "signature", "now": pytest.approx(time.time(), abs=5)},
    )
    assert (await stage.push(command, number=2))[1]["error"] == "unknown_key"
    assert (await stage.push(command, now=time.time() - 600))[1]["error"] == "clock"
    assert (await stage.push(command, "JJ-9999"))[0] == 404
    assert (await stage.control("plays"))["plays"] == []


@on_stage(push_only=True)
async def test_replay_is_refused_even_of_another_command_than_the_last(stage: Stage):
    body = b'{"command": "stop"}'
    path = f"/{CODES[0]}/v1/commands"
    same = signed_headers(f"{CODES[0]}.1", SECRET, "POST", path, body, time.time())
    assert (await stage.push(body, headers=same))[0] == 400
    assert (await stage.push(stage.command()))[0] == 202
    assert (await stage.push(body, headers=same))[1]["error"] == "replay"


@on_stage(push_only=True)
async def test_two_live_keys_while_one_is_changed(stage: Stage):
    new = other_secret()
    await stage.control(f"gateways/{CODES[0]}/keys", {"1": SECRET.hex(), "2": new.hex()})
    assert (await stage.push(stage.command()))[0] == 202
    assert (await stage.push(stage.command(), secret=new, number=2))[0] == 202
    await stage.control(f"gateways/{CODES[0]}/keys", {"2": new.hex()})
    assert (await stage.push(stage.command()))[1]["error"] == "unknown_key"
