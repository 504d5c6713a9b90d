"""What is said behind a real broker: by whom it may be said, and that nothing of it is lost or breaks anything."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from broadcast.models import Gateway
from broadcast.states import State
from jinju_portal.launcher import children
from jinju_portal.launcher.folder import Folder
from tests import make
from tests.broadcast.test_worker import database_url

from . import mosquitto
from .mqtt_boxes import eventually, gateway, now, online, pushed, sent
from .stages import listening

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.mosquitto]


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


@contextmanager
def listening_apart(broker: mosquitto.Mosquitto) -> Iterator[subprocess.Popen[str]]:
    """The listener as it is run: a program."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "listen_mqtt"],
        env={**os.environ, "DATABASE_URL": database_url(), "MQTT_URL": broker.url()},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr
        assert process.stderr.readline().endswith("listening\n")
        yield process
    finally:
        process.kill()
        process.communicate()


def test_the_listener_is_a_program_that_ends_when_asked(broker: mosquitto.Mosquitto, box) -> None:
    to = gateway()
    with listening_apart(broker) as process:
        box("box-a").on(0)
        eventually(lambda: online(to))
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def test_what_a_killed_listener_had_not_written_down_comes_again(broker: mosquitto.Mosquitto) -> None:
    to, box = gateway(), Login(broker, "box-a")
    try:
        with listening_apart(broker) as process, transaction.atomic():
            Gateway.objects.select_for_update().get(pk=to.pk)
            assert box.may_write("jinju/box-a/status", '{"firmware": "1.2"}')
            eventually(lambda: waiting_for_a_lock() == 1)
            process.kill()
            process.wait()
        with listening():
            eventually(lambda: Gateway.objects.get(pk=to.pk).status.get("firmware") == "1.2")
    finally:
        box.off()


def waiting_for_a_lock() -> int:
    with connection.cursor() as cursor:
        # Within a transaction the first look would be kept for all later ones.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return cursor.fetchone()[0]


def test_the_listener_runs_where_a_broker_is_named(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    assert "mqtt-listener" not in children.commands(folder, {}, {})
    assert "mqtt-listener" in children.commands(folder, {"MQTT_URL": "mqtt://127.0.0.1"}, {})
