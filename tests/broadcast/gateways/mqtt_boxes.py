"""Turning boxes of mqtt_box.py on and off, and what the portal has with them."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.utils import timezone

from broadcast import claims, dispatch
from broadcast.models import Delivery, Gateway
from broadcast.publish import publish
from broadcast.states import State
from tests import make

from .mosquitto import Mosquitto


class Box:
    """The box of that name."""

    def __init__(self, broker: Mosquitto, folder: Path, name: str) -> None:
        self.broker, self.name, self.journal = broker, name, folder / f"{name}.journal"
        self.process: subprocess.Popen[str] | None = None

    def on(self, lasts: float | None = None) -> None:
        """`lasts`: seconds that each sound plays, None: as long as it is."""
        url, ca = self.broker.url(self.name), self.broker.ca or ""
        command = [sys.executable, "-m", "tests.broadcast.gateways.mqtt_box", url, self.name]
        command += [str(self.journal), f"--ca={ca}"] + ([] if lasts is None else [f"--lasts={lasts}"])
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        assert self.process.stdout.readline() == "connected\n"

    def killed(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            assert self.process.stdout
            self.process.stdout.close()
            self.process = None

    def happened(self, delivery: Delivery | None = None) -> list[str]:
        """The states that it went through, of that delivery or of all."""
        lines = self.journal.read_text().splitlines() if self.journal.exists() else []
        said = [json.loads(line) for line in lines]
        return [each["state"] for each in said if delivery is None or each["delivery"] == str(delivery.pk)]


QUICK = dispatch.Pass(timeout=3)


def eventually(true: Callable[[], Any], patience: float = 30) -> None:
    until = time.monotonic() + patience
    while not true():
        assert time.monotonic() < until, "it did not come true"
        time.sleep(0.05)


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
