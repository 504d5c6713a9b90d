"""One stage a driver: a device that does what it should, as real as can be had. test_contract.py holds each driver to
the same things on its stage; a new driver brings its own."""

import json
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection

from broadcast.gateways import driver, mqtt
from broadcast.models import Gateway, GatewayLogin
from broadcast.mqtt_listener import Listener
from broadcast.villages import ABILITIES
from tests import make
from tests.simulator.test_with_portal import simulator

from . import axis_stub, mosquitto, sip_devices
from .mqtt_boxes import Box


@dataclass
class Stage:
    """`gateway`: the device's row. `away`: an address at which nobody is. `plays()`: how often it began to sound."""

    gateway: Gateway
    away: str
    plays: Callable[[], int]


def gateway_of(kind: str, address: str, **fields: Any) -> Gateway:
    """As the city's list would make it."""
    nature = driver(kind).NATURE  # type: ignore[union-attr]
    able = {ability: getattr(nature, ability) for ability in ABILITIES}
    return make.gateway(address=address, driver=kind, **able, **fields)


@contextmanager
def http(folder: Path, portal: str, settings: Any) -> Iterator[Stage]:
    """The simulator, a box in software that was written from the protocol's page."""
    gateway = gateway_of("http", "")
    with simulator([gateway], portal, folder, "--play-speed=1"):
        control = f"{gateway.address.rpartition('/')[0]}/_control/plays"

        def plays() -> int:
            with urllib.request.urlopen(control, timeout=10) as answer:
                return sum(play["times_played"] for play in json.load(answer)["plays"])

        yield Stage(gateway, "http://127.0.0.1:9", plays)


@contextmanager
def listening() -> Iterator[Listener]:
    """The portal's listener, in a thread."""
    at = mqtt.broker()
    assert at
    listener = Listener(at)

    def run() -> None:
        listener.run()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert listener.listening.wait(30)
        yield listener
    finally:
        listener.stop()
        thread.join(20)
        assert not thread.is_alive()


@contextmanager
def by_mqtt(folder: Path, portal: str, settings: Any) -> Iterator[Stage]:
    """A real broker, and a box of ours in a process of its own."""
    with mosquitto.running(folder, ["box-a", "nobody"]) as broker, ExitStack() as stack:
        settings.MQTT_URL = broker.url()
        stack.enter_context(listening())
        box = Box(broker, folder, "box-a")
        stack.callback(box.killed)
        box.on()
        yield Stage(gateway_of("mqtt", "mqtt:box-a"), "mqtt:nobody", lambda: box.happened().count("playing"))


@contextmanager
def sip(folder: Path, portal: str, settings: Any) -> Iterator[Stage]:
    """Of our own; baresip and sipp are in test_sip.py."""
    with sip_devices.oddity() as device:
        gateway = gateway_of("sip", device.address("good"))
        yield Stage(gateway, "sip:nobody@127.0.0.1:9", lambda: device.methods("good").count("INVITE"))


def axis(kind: str) -> Callable[..., AbstractContextManager[Stage]]:
    """The stub: no real device was to be had."""

    @contextmanager
    def stage(folder: Path, portal: str, settings: Any) -> Iterator[Stage]:
        speaker = axis_stub.Speaker()
        with axis_stub.running(speaker) as (address,):
            gateway = gateway_of(kind, address)
            login(gateway)
            yield Stage(gateway, "http://127.0.0.1:9", lambda: len(speaker.begun))

    return stage


def login(gateway: Gateway) -> None:
    GatewayLogin.objects.create(gateway=gateway, username=axis_stub.USER, password=axis_stub.PASSWORD)


STAGES: dict[str, Callable[..., AbstractContextManager[Stage]]] = {
    "http": http,
    "mqtt": by_mqtt,
    "sip": sip,
    "axis": axis("axis"),
    "axis_clip": axis("axis_clip"),
}
