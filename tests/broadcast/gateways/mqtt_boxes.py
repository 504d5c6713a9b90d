"""Turning boxes of mqtt_box.py on and off."""

import json
import subprocess
import sys
from pathlib import Path

from broadcast.models import Delivery

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
