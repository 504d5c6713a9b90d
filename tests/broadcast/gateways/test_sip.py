"""Calls to real devices: what they hear, what they answer, and what the portal makes of it."""

import asyncio
import io
import uuid
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from broadcast import claims, dispatch
from broadcast.gateways import Target, sip
from broadcast.models import Broadcast, Delivery, GatewayLogin
from broadcast.states import State
from broadcast.voice import telephone
from tests import make

from . import sip_devices as devices
from .sip_devices import sent

pytestmark = pytest.mark.django_db(transaction=True)

QUICK = dispatch.Pass(timeout=2.0)


@pytest.fixture(scope="module")
def odd() -> Iterator[devices.Oddity]:
    with devices.oddity() as device:
        yield device


def called(broadcast: Broadcast, how: dispatch.Pass = QUICK) -> dict[str, Delivery]:
    """Call all of them; the deliveries by extension."""
    dispatch.call(claims.claim_calls(broadcast.lane), how)
    rows = Delivery.objects.filter(broadcast=broadcast).select_related("gateway")
    return {row.gateway.address.partition("@")[0].removeprefix("sip:"): row for row in rows}


@pytest.mark.sip
def test_a_real_device_hears_all_of_it_as_loud_as_it_was_sent(tmp_path: Path) -> None:
    with devices.baresip(tmp_path) as device:
        broadcast = sent(device.address, seconds=4.0)
        row = called(broadcast)["speaker"]
        assert (row.state, row.reason) == (State.PLAYED, "")
        assert row.playing_at and row.ended_at and row.accepted_at
        assert row.claim_id is None
        devices.wait_for(lambda: device.log_says("terminated (duration"))
        seconds, heard = device.heard()
    on_the_line = telephone.on_the_line(broadcast.recording)
    sound = as_heard(on_the_line)
    assert seconds >= 0.95 * len(on_the_line) / telephone.RATE
    assert heard == pytest.approx(devices.level(sound[800:-800]), abs=1.0)


def as_heard(mulaw: bytes) -> np.ndarray:
    decoder = av.CodecContext.create("pcm_mulaw", "r")
    decoder.sample_rate, decoder.layout = telephone.RATE, "mono"
    frames = decoder.decode(av.Packet(mulaw))
    return np.concatenate([f.to_ndarray()[0] for f in frames]).astype(float)


def test_what_goes_on_the_line_is_as_loud_and_long_as_what_was_kept() -> None:
    kept = make.mp3(3.0)
    with av.open(io.BytesIO(kept)) as file:
        samples = np.concatenate([f.to_ndarray()[0] for f in file.decode(audio=0)]) * 32768
    line = telephone.mulaw(kept)
    assert len(line) / telephone.RATE == pytest.approx(3.0, abs=0.1)
    assert devices.level(as_heard(line)[800:-800]) == pytest.approx(
        devices.level(samples[2400:-2400]), abs=1.0
    )


@pytest.mark.sip
def test_358_devices_are_all_called_and_all_play(tmp_path: Path) -> None:
    with devices.sipp(tmp_path, 358) as (where, peers):
        broadcast = sent(*(f"sip:{n}@{where}" for n in range(358)), seconds=2.0)
        rows = called(broadcast, dispatch.CALL)
        assert {(row.state, row.reason) for row in rows.values()} == {(State.PLAYED, "")}
        assert len(rows) == 358
        assert peers.wait(20) == 0, (tmp_path / "sipp.log").read_text()[-2000:]


@pytest.mark.parametrize(
    ("how", "state", "reason"),
    [
        ("good", State.PLAYED, ""),
        ("lost", State.PLAYED, ""),
        ("garbage", State.PLAYED, ""),
        ("choosy", State.PLAYED, ""),
        ("busy", State.WAITING, "busy"),
        ("everywhere", State.WAITING, "busy"),
        ("gone", State.WAITING, "refused"),
        ("forbidden", State.WAITING, "refused"),
        ("login", State.WAITING, "refused"),
        ("asleep", State.WAITING, "no_answer"),
        ("broken", State.WAITING, "device_error"),
        ("mute", State.WAITING, "no_answer"),
        ("moved", State.WAITING, "redirected"),
        ("deaf", State.WAITING, "bad_answer"),
        ("cuts", State.FAILED, "cut_off"),
        ("away", State.UNKNOWN, "cut_off"),
        ("vanishes", State.UNKNOWN, "cut_off"),
    ],
)
def test_what_a_device_answers_becomes_a_state(
    odd: devices.Oddity, how: str, state: State, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("broadcast.gateways.sip.call.GOODBYE", 1.0)
    row = called(sent(odd.address(how)))[how]
    assert (row.state, row.reason) == (state, reason)
    assert row.claim_id is None
    asked = odd.methods(how)
    if how == "deaf":
        assert asked[-2:] == ["ACK", "BYE"], "a call that is of no use is ended"
    elif state == State.WAITING and how != "mute":
        assert asked[-1] == "ACK", "a refusal is confirmed"
    assert ("BYE" in asked) == (how in ("good", "lost", "garbage", "choosy", "deaf", "away", "vanishes"))


def test_a_device_that_only_rings_is_given_up_and_the_call_taken_back(
    odd: devices.Oddity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("broadcast.gateways.sip.call.RINGING", 0.7)
    row = called(sent(odd.address("rings")))["rings"]
    assert (row.state, row.reason) == (State.WAITING, "no_answer")
    assert odd.methods("rings") == ["INVITE", "CANCEL", "ACK"]


@pytest.mark.parametrize(
    ("how", "asked"),
    [
        ("login", ["INVITE", "ACK", "INVITE", "ACK", "BYE"]),
        ("login-sha", ["INVITE", "ACK", "INVITE", "ACK", "BYE"]),
        ("login-bye", ["INVITE", "ACK", "BYE", "BYE"]),
    ],
)
def test_a_device_that_asks_who_calls_is_told(odd: devices.Oddity, how: str, asked: list[str]) -> None:
    broadcast = sent(odd.address(how))
    gateway = broadcast.deliveries.get().gateway
    GatewayLogin.objects.create(gateway=gateway, username="portal-login", password=odd.PASSWORD)
    before = len(odd.methods(how))
    assert called(broadcast)[how].state == State.PLAYED
    assert odd.methods(how)[before:] == asked


def test_a_wrong_password_is_tried_once(odd: devices.Oddity) -> None:
    broadcast = sent(odd.address("login"))
    gateway = broadcast.deliveries.get().gateway
    GatewayLogin.objects.create(gateway=gateway, username="portal-login", password="1234")
    before = len(odd.methods("login"))
    row = called(broadcast)["login"]
    assert (row.state, row.reason) == (State.WAITING, "refused")
    assert odd.methods("login")[before:] == ["INVITE", "ACK"] * 2


def test_a_device_that_asks_for_ever_is_left(odd: devices.Oddity) -> None:
    broadcast = sent(odd.address("login-stale"))
    gateway = broadcast.deliveries.get().gateway
    GatewayLogin.objects.create(gateway=gateway, username="portal-login", password="1234")
    row = called(broadcast)["login-stale"]
    assert (row.state, row.reason) == (State.WAITING, "refused")
    assert 2 < odd.methods("login-stale").count("INVITE") < 20


def test_packets_are_as_rtp_wants_them(odd: devices.Oddity) -> None:
    odd.packets.clear()
    broadcast = sent(odd.address("good"))
    assert called(broadcast)["good"].state == State.PLAYED
    heads = [int.from_bytes(p[:2]) for p in odd.packets]
    numbers = [int.from_bytes(p[2:4]) for p in odd.packets]
    times = [int.from_bytes(p[4:8]) for p in odd.packets]
    assert heads == [0x8080] + [0x8000] * (len(heads) - 1)
    assert numbers == [(numbers[0] + n) % 2**16 for n in range(len(numbers))]
    assert times == [(times[0] + 160 * n) % 2**32 for n in range(len(times))]
    assert {p[8:12] for p in odd.packets} == {odd.packets[0][8:12]}
    assert {len(p) for p in odd.packets} == {172}
    assert telephone.on_the_line(broadcast.recording)[:800] in b"".join(p[12:] for p in odd.packets)


def test_a_device_is_there_when_it_answers_anything(odd: devices.Oddity) -> None:
    targets = [
        Target(uuid.uuid4(), uuid.uuid4(), 1, how, "sip", odd.address(how))
        for how in ("good", "away", "mute")
    ]
    nowhere = Target(uuid.uuid4(), uuid.uuid4(), 1, "nonsense", "sip", "sip:@")
    assert asyncio.run(sip.probe([*targets, nowhere], 1.5)) == {"good", "away"}


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://1.2.3.4",
        "sip:1.2.3.4",
        "sip:a@b:0",
        "sip:a@b:65536",
        "sip:a b@c",
        "sip:a@b\r\nX: y",
        "sips:a@b",
    ],
)
def test_an_address_that_nobody_could_call_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="sip:내선번호@장비주소"):
        sip.check_address(address)


@pytest.mark.parametrize("address", ["sip:100@192.0.2.10", "sip:+82551234567@trunk.example.kr:5080"])
def test_an_address_that_can_be_called(address: str) -> None:
    sip.check_address(address)
