"""Both Axis drivers against a stub that checks the digest. No real device was to be had; docs/broadcast.md says so."""

import asyncio
import io
import threading
import time
from collections.abc import Callable
from typing import Any

import av
import numpy as np
import pytest
from django.db import connection

from broadcast import cancel, claims, dispatch
from broadcast.gateways import Login, Target, axis, axis_clip
from broadcast.models import Delivery, Gateway, GatewayLogin
from broadcast.publish import publish
from broadcast.states import State
from tests import make

from . import axis_stub
from .axis_stub import PASSWORD, USER, Speaker

pytestmark = pytest.mark.django_db(transaction=True)

QUICK = dispatch.Pass(timeout=1.0)


def gateway(address: str, driver: str = "axis", login: bool = True, **fields: Any) -> Gateway:
    able = {"remembers_ids": False, "has_volume": driver == "axis_clip"}
    made = make.gateway(address=address, driver=driver, **able, **fields)
    if login:
        GatewayLogin.objects.create(gateway=made, username=USER, password=PASSWORD)
    return made


def sent(*to: Gateway, seconds: float = 1.0) -> list[Delivery]:
    author = make.city_operator()
    draft = make.draft(author, [g.village for g in to])
    draft.recording = make.recording(author, seconds)
    draft.save()
    broadcast = publish(draft.pk, author)
    return list(broadcast.deliveries.order_by("gateway__code"))


def called(*rows: Delivery) -> list[Delivery]:
    dispatch.call(claims.claim_calls(rows[0].broadcast.lane), QUICK)
    return [Delivery.objects.get(pk=row.pk) for row in rows]


def outcome(speaker: Speaker, driver: str = "axis", volume: int | None = None) -> Delivery:
    with axis_stub.running(speaker) as (address,):
        (row,) = sent(gateway(address, driver))
        Delivery.objects.update(volume=volume)
        (row,) = called(row)
    return row


def loudness(sound: bytes, kind: str) -> tuple[float, float]:
    """(seconds, dB full scale)."""
    with av.open(io.BytesIO(sound), "r", format=kind) as file:
        samples = np.concatenate([frame.to_ndarray().ravel() for frame in file.decode(audio=0)]) / 32768
    return len(samples) / 8000, 20 * float(np.log10(np.sqrt(np.mean(samples**2))))


def test_a_speaker_hears_all_of_it_as_fast_as_it_sounds() -> None:
    row = outcome(speaker := Speaker())
    assert (row.state, row.reason) == (State.PLAYED, "")
    assert row.playing_at <= row.ended_at
    ((sound, took),) = speaker.heard
    seconds, dbfs = loudness(sound, "mulaw")
    assert seconds == pytest.approx(1.0, rel=0.08)
    assert dbfs == pytest.approx(-16.6, abs=1)
    assert took > seconds - axis.AHEAD - 0.2, "it was sent as fast as the network takes it"


def test_a_clip_is_brought_played_and_taken_away() -> None:
    speaker = Speaker(
        clips={3: ("jinju-broadcast", b"left by a worker that died"), 4: ("종소리", b"not ours")}
    )
    row = outcome(speaker, "axis_clip", volume=40)
    assert (row.state, row.reason) == (State.PLAYED, "")
    ((sound, _),) = speaker.heard
    seconds, dbfs = loudness(sound, "wav")
    assert seconds == pytest.approx(1.0, rel=0.08)
    assert dbfs == pytest.approx(-16.6, abs=1)
    assert [(asked["volume"], asked["repeat"]) for asked in speaker.played] == [("40", "0")]
    assert list(speaker.clips) == [4]
    assert (row.ended_at - row.playing_at).total_seconds() >= 0.9


@pytest.mark.parametrize("driver", ["axis", "axis_clip"])
@pytest.mark.parametrize(
    ("how", "state", "reason"),
    [
        ("hang", State.WAITING, "hung"),
        ("refuse", State.WAITING, "refused"),
        ("busy", State.WAITING, "busy"),
        ("broken", State.WAITING, "device_error"),
        ("moved", State.WAITING, "redirected"),
        ("missing", State.UNREACHED, "unsupported"),
    ],
)
def test_what_a_speaker_answers_becomes_a_state(driver: str, how: str, state: State, reason: str) -> None:
    row = outcome(speaker := Speaker(how), driver)
    assert (row.state, row.reason) == (state, reason)
    assert not speaker.heard
    assert not any("elsewhere" in asked for asked in speaker.asked)


@pytest.mark.parametrize(
    ("driver", "how", "reason"),
    [
        ("axis", "cut", "cut_off"),
        ("axis", "mute", "no_receipt"),
        ("axis", "nonsense", "no_receipt"),
        ("axis", "early", "cut_off"),
        ("axis_clip", "vanish", "cut_off"),
    ],
)
def test_what_nobody_can_tell_is_said_and_not_played_again(driver: str, how: str, reason: str) -> None:
    speaker = Speaker(how)
    row = outcome(speaker, driver)
    assert (row.state, row.reason) == (State.UNKNOWN, reason)
    assert claims.lanes_with_calls() == []


def test_a_clip_that_the_speaker_does_not_number_is_tried_again() -> None:
    row = outcome(Speaker("nonsense"), "axis_clip")
    assert (row.state, row.reason) == (State.WAITING, "bad_answer")


def test_a_nonce_that_was_forgotten_in_between_costs_no_sound() -> None:
    row = outcome(speaker := Speaker("stale"))
    assert row.state == State.PLAYED
    assert loudness(speaker.heard[-1][0], "mulaw")[0] == pytest.approx(1.0, rel=0.08)


@pytest.mark.parametrize("driver", ["axis", "axis_clip"])
def test_a_speaker_that_is_away_is_tried_again_and_one_without_a_login_is_not(driver: str) -> None:
    away, bare = called(
        *sent(gateway("http://127.0.0.1:9", driver), gateway("http://127.0.0.1:9", driver, False))
    )
    assert (away.state, away.reason) == (State.WAITING, "no_answer")
    assert (bare.state, bare.reason) == (State.UNREACHED, "refused")


def test_a_wrong_password_plays_nothing() -> None:
    with axis_stub.running(speaker := Speaker()) as (address,):
        (row,) = sent(at := gateway(address))
        login = at.login
        login.password = "wrong"
        login.save()
        (row,) = called(row)
    assert (row.state, row.reason) == (State.WAITING, "refused")
    assert not speaker.heard


def eventually(true: Callable[[], Any], patience: float = 20) -> None:
    until = time.monotonic() + patience
    while not true():
        assert time.monotonic() < until, "it did not come true"
        time.sleep(0.05)


@pytest.mark.parametrize("driver", ["axis", "axis_clip"])
def test_what_plays_is_stopped_within_two_seconds(driver: str) -> None:
    def call_and_close() -> None:
        try:
            called(row)
        finally:
            connection.close()

    with axis_stub.running(speaker := Speaker()) as (address,):
        (row,) = sent(gateway(address, driver), seconds=30)
        calling = threading.Thread(target=call_and_close)
        calling.start()
        eventually(lambda: Delivery.objects.get(pk=row.pk).state == State.PLAYING)
        cancel.cancel(row.broadcast_id, row.broadcast.author, "잘못 보냄")
        calling.join(20)
        eventually(lambda: driver == "axis_clip" or speaker.heard)
    row = Delivery.objects.select_related("broadcast").get(pk=row.pk)
    assert row.state == State.STOPPED
    assert (row.ended_at - row.broadcast.cancelled_at).total_seconds() < 2
    if driver == "axis":
        assert len(speaker.heard[0][0]) < 20 * 8000
    else:
        assert speaker.stopped == 1
        assert not speaker.clips


def test_who_is_there_is_told_apart_from_who_is_not() -> None:
    targets: list[Target] = []

    def target(address: str, password: str = PASSWORD) -> None:
        made = gateway(address)
        made.login.password = password
        made.login.save()
        row = sent(made)[0]
        held = claims.claim_calls(row.broadcast.lane).targets[row.pk]
        assert isinstance(held.login, Login)
        targets.append(held)

    with axis_stub.running(Speaker(), Speaker(), Speaker("hang"), Speaker("missing")) as addresses:
        for address in [*addresses, "http://127.0.0.1:9"]:
            target(address)
        target(addresses[0], "wrong")
        codes = [t.code for t in targets]
        assert asyncio.run(axis.probe(targets, 1.0)) == set(codes[:2])
        assert asyncio.run(axis_clip.probe(targets[:1], 1.0)) == {codes[0]}


@pytest.mark.parametrize(
    "address",
    [
        "",
        "192.0.2.20",
        "ftp://h",
        "https://u:p@h",
        "https://h:0",
        "https://h:99999",
        "https://h/x",
        "https://h/?a",
    ],
)
def test_an_address_is_the_devices_only(address: str) -> None:
    with pytest.raises(ValueError, match=r"https://192\.0\.2\.20"):
        axis.check_address(address)
    axis.check_address("https://192.0.2.20:8443")
