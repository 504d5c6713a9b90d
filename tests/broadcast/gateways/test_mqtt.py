"""Boxes behind a real broker: the portal's driver and listener, and a box in a process of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from broadcast import cancel, claims, dispatch
from broadcast.categories import Lane
from broadcast.gateways import mqtt
from broadcast.models import Broadcast, Delivery, Gateway, Receipt
from broadcast.publish import publish
from broadcast.states import State
from tests import make
from tests.broadcast.test_worker import database_url

from . import mosquitto
from .mqtt_boxes import Box
from .stages import listening

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.mosquitto]

QUICK = dispatch.Pass(timeout=3)


def eventually(true: Callable[[], Any], patience: float = 30) -> None:
    until = time.monotonic() + patience
    while not true():
        assert time.monotonic() < until, "it did not come true"
        time.sleep(0.05)


@pytest.fixture
def broker(tmp_path: Path, settings) -> Iterator[mosquitto.Mosquitto]:
    with mosquitto.running(tmp_path, ["box-a", "box-b"]) as running:
        settings.MQTT_URL = running.url()
        yield running


@pytest.fixture
def box(broker: mosquitto.Mosquitto, tmp_path: Path) -> Iterator[Callable[[str], Box]]:
    with ExitStack() as stack:

        def made(name: str) -> Box:
            new = Box(broker, tmp_path, name)
            stack.callback(new.killed)
            return new

        yield made


def gateway(name: str = "box-a", **fields: Any) -> Gateway:
    return make.gateway(address=f"mqtt:{name}", driver="mqtt", **fields)


def sent(to: Gateway, category: str = "wildfire") -> Delivery:
    author = make.city_operator()
    broadcast = publish(make.draft(author, [to.village], category).pk, author)
    return broadcast.deliveries.get()


def pushed(delivery: Delivery) -> Delivery:
    """One pass over what is due."""
    Delivery.objects.filter(pk=delivery.pk, state=State.WAITING).update(due_at=timezone.now())
    dispatch.push(claims.claim_due(delivery.broadcast.lane), QUICK)
    return now(delivery)


def now(delivery: Delivery) -> Delivery:
    return Delivery.objects.get(pk=delivery.pk)


def online(gateway: Gateway) -> bool:
    return Gateway.objects.online().filter(pk=gateway.pk).exists()


@pytest.fixture
def portal(live_server, settings) -> None:
    settings.PORTAL_URL = live_server.url


@pytest.mark.parametrize("tls", [False, True])
def test_a_box_gets_it_plays_it_and_reports(tls: bool, portal, settings, tmp_path: Path) -> None:
    with mosquitto.running(tmp_path, ["box-a"], tls) as broker, ExitStack() as stack:
        settings.MQTT_URL, settings.MQTT_CA = broker.url(), str(broker.ca or "")
        stack.enter_context(listening())
        box = Box(broker, tmp_path, "box-a")
        stack.callback(box.killed)
        to = gateway()
        box.on(0)
        delivery = sent(to)
        Delivery.objects.update(volume=35)
        pushed(delivery)
        eventually(lambda: now(delivery).state == State.PLAYED)
        eventually(lambda: online(to))
    row = now(delivery)
    assert row.heard_seconds == 1.0
    assert row.accepted_at <= row.playing_at <= row.ended_at
    assert box.happened(delivery) == ["accepted", "playing", "played"]
    assert json.loads(box.journal.read_text().splitlines()[1])["volume"] == 35
    to.refresh_from_db()
    assert (to.status["firmware"], to.status["battery"]) == ("box-1", 90)


def test_the_brokers_word_is_not_the_boxs(broker: mosquitto.Mosquitto) -> None:
    row = pushed(sent(gateway()))
    assert (row.state, row.reason, row.accepted_at) == (State.WAITING, "no_answer", None)
    assert mqtt.FOR_RECEIPT - 2 < (row.due_at - timezone.now()).total_seconds() <= mqtt.FOR_RECEIPT


def test_a_command_that_comes_again_is_played_once_and_told_again(broker, box, portal) -> None:
    a = box("box-a")
    a.on(0)
    delivery = sent(gateway())
    pushed(delivery)
    eventually(lambda: a.happened(delivery)[-1:] == ["played"])
    assert now(delivery).state == State.WAITING, "nobody listened"
    with listening():
        pushed(delivery)
        eventually(lambda: now(delivery).state == State.PLAYED)
    assert a.happened(delivery) == ["accepted", "playing", "played"]


def test_what_a_box_says_while_the_listener_is_away_is_kept(broker, box, portal) -> None:
    with listening():
        pass
    a = box("box-a")
    a.on(0)
    delivery = sent(gateway())
    pushed(delivery)
    eventually(lambda: a.happened(delivery)[-1:] == ["played"])
    with listening():
        eventually(lambda: now(delivery).state == State.PLAYED)
    assert Receipt.objects.filter(delivery=delivery, counted=True).count() == 3


def test_a_box_that_drops_off_is_shown_away_and_gets_what_is_still_true_once(broker, box, portal) -> None:
    a, to = box("box-a"), gateway()
    with listening():
        a.on(0)
        eventually(lambda: online(to))
        a.killed()
        eventually(lambda: not online(to))
        to.refresh_from_db()
        assert to.status["online"] is False
        late, true = sent(to), sent(to)
        Broadcast.objects.filter(pk=late.broadcast_id).update(
            published_at=timezone.now() - timedelta(minutes=2),
            expires_at=timezone.now() + timedelta(seconds=2),
        )
        for _ in range(3):
            Delivery.objects.filter(state=State.WAITING).update(due_at=timezone.now())
            dispatch.push(claims.claim_due(Lane.URGENT), QUICK)
        assert {now(late).state, now(true).state} == {State.WAITING}
        eventually(lambda: Broadcast.objects.get(pk=late.broadcast_id).expires_at < timezone.now())
        a.on(0)
        eventually(lambda: now(true).state == State.PLAYED)
        eventually(lambda: online(to))
        assert a.happened(true) == ["accepted", "playing", "played"]
        assert a.happened(late) == [], "the broker kept no warning that is over"


def test_a_box_that_loses_power_while_it_plays_says_so(broker, box, portal) -> None:
    a = box("box-a")
    with listening():
        a.on(lasts=60)
        delivery = sent(gateway())
        pushed(delivery)
        eventually(lambda: now(delivery).state == State.PLAYING)
        a.killed()
        a.on(0)
        eventually(lambda: now(delivery).state == State.FAILED)
    assert now(delivery).reason == "device_error"
    assert a.happened(delivery).count("playing") == 1


def test_what_plays_is_stopped_within_two_seconds(broker, box, portal) -> None:
    a = box("box-a")
    with listening():
        a.on(lasts=60)
        delivery = sent(gateway())
        pushed(delivery)
        eventually(lambda: now(delivery).state == State.PLAYING)
        cancel.cancel(delivery.broadcast_id, delivery.broadcast.author, "잘못 보냄")
        dispatch.stop(claims.take_stops())
        eventually(lambda: now(delivery).state == State.STOPPED)
    row = now(delivery)
    assert (row.ended_at - row.broadcast.cancelled_at).total_seconds() < 2


def test_one_that_was_cancelled_while_the_box_was_away_is_stopped_as_soon_as_it_is_back(
    broker, box, portal
) -> None:
    a, to = box("box-a"), gateway()
    with listening():
        a.on(60)
        eventually(lambda: online(to))
        a.killed()
        delivery = sent(to)
        pushed(delivery)
        cancel.cancel(delivery.broadcast_id, delivery.broadcast.author, "불이 꺼짐")
        assert now(delivery).state == State.CANCELLED
        a.on(60)

        def stopped() -> bool:
            dispatch.stop(claims.take_stops())  # what the sweep asks for every second
            return now(delivery).state == State.STOPPED

        eventually(stopped)


def test_a_broadcast_survives_a_restart_of_the_broker(broker, box, portal) -> None:
    a, b = box("box-a"), box("box-b")
    with listening():
        a.on(lasts=1)
        b.on(0)
        rows = [sent(gateway("box-a"))]
        pushed(rows[0])
        eventually(lambda: now(rows[0]).state == State.PLAYING)
        b.killed()
        rows.append(sent(gateway("box-b")))
        pushed(rows[1])
        broker.stop()
        eventually(lambda: a.happened(rows[0])[-1:] == ["played"])
        assert pushed(rows[1]).state == State.WAITING, "nobody to hand it to"
        broker.start()
        b.on(0)
        eventually(lambda: {now(row).state for row in rows} == {State.PLAYED})
    for each, row in zip((a, b), rows, strict=True):
        assert each.happened(row) == ["accepted", "playing", "played"]


def test_without_a_broker_boxes_wait_and_without_its_address_they_are_said_to_be_unsupported(
    settings,
) -> None:
    settings.MQTT_URL = "mqtt://portal:x@127.0.0.1:9"
    row = pushed(sent(gateway()))
    assert (row.state, row.reason) == (State.WAITING, "no_answer")
    for nothing in ("", "http://127.0.0.1"):
        settings.MQTT_URL = nothing
        row = pushed(sent(gateway()))
        assert (row.state, row.reason) == (State.UNREACHED, "unsupported")


# paho leaves the socket of a failed handshake to the garbage collector.
@pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <ssl.SSLSocket:pytest.PytestUnraisableExceptionWarning"
)
def test_a_wrong_password_or_an_unknown_authority_reaches_nobody(tmp_path: Path, settings) -> None:
    with mosquitto.running(tmp_path, [], tls=True) as broker:
        settings.MQTT_URL = broker.url(password="wrong")
        settings.MQTT_CA = str(broker.ca)
        assert pushed(sent(gateway())).reason == "no_answer"
        settings.MQTT_URL, settings.MQTT_CA = broker.url(), ""
        assert pushed(sent(gateway())).reason == "no_answer"


class Login:
    """A client with a box's login that tries whatever it likes."""

    def __init__(self, broker: mosquitto.Mosquitto, name: str) -> None:
        self.heard: list[str] = []
        self.codes: dict[int, Any] = {}
        self.client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        self.client.username_pw_set(name, f"{name}-secret")
        self.client.on_message = lambda client, data, message: self.heard.append(message.topic)
        self.client.on_publish = lambda c, d, number, reason, p: self.codes.update({number: reason})
        self.client.on_subscribe = lambda c, d, number, reasons, p: self.codes.update({number: reasons[0]})
        self.client.connect("127.0.0.1", broker.port)
        self.client.loop_start()

    def may_write(self, topic: str, payload: str = "{}") -> bool:
        number = self.client.publish(topic, payload, qos=1).mid
        eventually(lambda: number in self.codes)
        return not self.codes[number].is_failure

    def subscribe(self, topic: str) -> None:
        _, number = self.client.subscribe(topic, qos=1)
        eventually(lambda: number in self.codes)

    def off(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


def test_a_box_reaches_its_own_topics_only(broker: mosquitto.Mosquitto) -> None:
    mine, others = gateway("box-a"), gateway("box-b")
    stranger = Login(broker, "box-b")
    try:
        for topic in ("jinju/#", "#", "jinju/+/command", "jinju/box-a/command", "jinju/+/receipts"):
            stranger.subscribe(topic)
        assert not stranger.may_write("jinju/box-a/receipts")
        assert not stranger.may_write("jinju/box-a/status")
        assert not stranger.may_write("jinju/box-a/command")
        assert not stranger.may_write("jinju/box-b/command")
        assert stranger.may_write("jinju/box-b/status")
        pushed(sent(mine))
        foreign = pushed(sent(others))
        eventually(lambda: "jinju/box-b/command" in stranger.heard)
        assert set(stranger.heard) == {"jinju/box-b/command"}
        assert foreign.state == State.WAITING
    finally:
        stranger.off()


HOSTILE = [
    b"",
    b"\x00\xff",
    b"[" * 60000,
    b"9" * 6000,
    b"{}" * 40000,
    b'{"receipts": [], "sent_at": "2026-11-22T09:00:00+09:00"}',
    b'{"receipts": [{"delivery": 5}], "sent_at": "x"}',
    b'{"online": NaN}',
    b'{"battery": "nan"}',
    b'{"battery": Infinity}',
    b'{"firmware": "\\u0000"}',
    b'{"firmware": "\\ud800"}',
    b'{"uptime": 1e400}',
    b'{"playing": "no-id"}',
]
ODD_TIMES = ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-02-30T00:00:00Z", "-1", "1e999"]


def test_no_word_of_a_box_silences_the_listener(broker: mosquitto.Mosquitto) -> None:
    to = gateway("box-a")
    row = sent(to)
    box, unknown = Login(broker, "box-a"), Login(broker, "box-b")
    with listening():
        try:
            for payload in HOSTILE:
                for what in ("receipts", "status"):
                    box.may_write(f"jinju/box-a/{what}", payload)
            for odd in ODD_TIMES:
                receipt = {"delivery": str(row.pk), "state": "playing", "at": odd}
                for sent_at in (*ODD_TIMES, "2026-11-22T09:00:00+09:00"):
                    body = {"receipts": [receipt], "sent_at": sent_at}
                    box.may_write("jinju/box-a/receipts", json.dumps(body))
            assert unknown.may_write("jinju/box-b/status", '{"online": true}')
            assert box.may_write("jinju/box-a/status", '{"firmware": "still here"}')
            eventually(lambda: Gateway.objects.get(pk=to.pk).status.get("firmware") == "still here")
        finally:
            box.off()
            unknown.off()
    assert now(row).state in (State.WAITING, State.PLAYING)


def test_a_database_that_goes_away_costs_no_message(broker: mosquitto.Mosquitto) -> None:
    to = gateway("box-a")
    box = Login(broker, "box-a")
    try:
        with listening():
            for firmware in ("before", "after"):
                assert box.may_write("jinju/box-a/status", json.dumps({"firmware": firmware}))
                eventually(lambda said=firmware: Gateway.objects.get(pk=to.pk).status.get("firmware") == said)
                with connection.cursor() as cursor:
                    cursor.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )
    finally:
        box.off()


def test_a_gateway_of_another_kind_is_not_spoken_for(broker: mosquitto.Mosquitto) -> None:
    """A login at the broker says nothing of a box that signs its own reports."""
    signed = make.gateway(address="mqtt:box-a", driver="http")
    box = Login(broker, "box-a")
    try:
        with listening():
            assert box.may_write("jinju/box-a/status", '{"online": true}')
            mine = gateway("box-b")
            other = Login(broker, "box-b")
            other.may_write("jinju/box-b/status", '{"online": true}')
            eventually(lambda: online(mine))
            other.off()
    finally:
        box.off()
    assert not online(signed)


def test_the_listener_is_a_program_that_ends_when_asked(broker: mosquitto.Mosquitto, box) -> None:
    to = gateway()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "listen_mqtt"],
        env={**os.environ, "DATABASE_URL": database_url(), "MQTT_URL": broker.url()},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr
        assert process.stderr.readline().endswith("listening\n")
        box("box-a").on(0)
        eventually(lambda: online(to))
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    "address", ["", "JJ-0001", "mqtt:", "mqtt:a/b", "mqtt:+", "mqtt:#", "mqtt:" + "a" * 41]
)
def test_an_address_that_could_reach_other_topics_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="mqtt:JJ-0001"):
        mqtt.check_address(address)


def test_in_production_the_broker_is_spoken_to_by_tls(settings) -> None:
    settings.MQTT_URL, settings.PRODUCTION = "mqtt://portal:x@127.0.0.1", True
    with pytest.raises(Exception, match="mqtts://"):
        mqtt.broker()
    settings.MQTT_URL = "mqtts://portal:a%40b@broker.example.kr"
    assert mqtt.broker() == mqtt.Broker("broker.example.kr", 8883, "portal", "a@b", True)
