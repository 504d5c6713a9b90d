"""A broker, boxes behind it, and the portal's address, for tests of what travels by MQTT."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from . import mosquitto
from .mqtt_boxes import Box


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


@pytest.fixture
def portal(live_server, settings) -> None:
    settings.PORTAL_URL = live_server.url
