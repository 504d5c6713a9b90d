"""Boxes behind a real broker: what travels to them, and what becomes of it when something breaks."""

import json
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from broadcast import cancel, claims, dispatch
from broadcast.categories import Lane
from broadcast.gateways import mqtt
from broadcast.models import Broadcast, Delivery, Receipt
from broadcast.states import State

from . import mosquitto
from .mqtt_boxes import QUICK, Box, eventually, gateway, now, online, pushed, sent
from .stages import listening

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.mosquitto]


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
