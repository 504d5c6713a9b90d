"""A box behind the broker, as docs/gateway-mqtt.md asks for; a program of its own, so that it can be killed.

python -m tests.broadcast.gateways.mqtt_box URL NAME JOURNAL [--ca FILE] [--lasts SECONDS]
Its journal has one line for each thing that happened, and is what it remembers after a power cut.
"""

import argparse
import hashlib
import json
import queue
import ssl
import threading
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties


class Box:
    """`lasts`: seconds that a sound plays, None: as long as it is."""

    def __init__(self, name: str, journal: Path, lasts: float | None) -> None:
        self.name, self.journal, self.lasts = name, journal, lasts
        self.known: dict[str, dict[str, Any]] = {}
        self.waiting: queue.Queue[dict[str, Any]] = queue.Queue()
        self.silence = threading.Event()
        self.playing = ""
        self.lock = threading.Lock()
        kept = Properties(PacketTypes.CONNECT)
        kept.SessionExpiryInterval = 7 * 24 * 3600
        self.kept = kept
        self.client = Client(CallbackAPIVersion.VERSION2, name, protocol=MQTTProtocolVersion.MQTTv5)
        self.client.will_set(f"jinju/{name}/status", json.dumps({"online": False}), qos=1, retain=True)
        self.client.reconnect_delay_set(1, 2)
        self.client.on_connect = self.on_connect
        self.client.on_message = self.on_message

    def run(self, url: str, ca: str) -> None:
        parts = urlsplit(url)
        self.client.username_pw_set(parts.username, parts.password)
        if ca:
            self.client.tls_set_context(ssl.create_default_context(cafile=ca))
        self.remember()
        threading.Thread(target=self.play_on, daemon=True).start()
        self.client.connect_async(
            parts.hostname or "", parts.port or 0, keepalive=5, clean_start=False, properties=self.kept
        )
        self.client.loop_forever(retry_first_connection=True)

    def remember(self) -> None:
        if self.journal.exists():
            for line in self.journal.read_text().splitlines():
                said = json.loads(line)
                self.known[said["delivery"]] = {**self.known.get(said["delivery"], {}), **said}
        for known in list(self.known.values()):
            if known["state"] == "playing":
                self.note(known["delivery"], "failed", reason="device_error")
            elif known["state"] == "accepted":
                self.waiting.put(known["command"])

    def note(self, delivery: str, state: str, **more: Any) -> None:
        """First written down, then said."""
        at = datetime.now(UTC).isoformat()
        with self.lock:
            said = {"delivery": delivery, "state": state, "at": at, **more}
            with self.journal.open("a") as journal:
                journal.write(json.dumps(said) + "\n")
            self.known[delivery] = {**self.known.get(delivery, {}), **said}
        self.report(delivery)

    def report(self, delivery: str) -> None:
        known = self.known[delivery]
        kept = ("delivery", "state", "at", "round", "reason", "heard_seconds")
        body = {
            "receipts": [{name: known[name] for name in kept if name in known}],
            "sent_at": datetime.now(UTC).isoformat(),
        }
        self.client.publish(f"jinju/{self.name}/receipts", json.dumps(body), qos=1)

    def on_connect(self, client: Client, data: Any, flags: Any, reason: Any, properties: Any) -> None:
        print("connected" if not reason.is_failure else f"refused: {reason}", flush=True)
        client.subscribe(f"jinju/{self.name}/command", qos=1)
        status = {"online": True, "firmware": "box-1", "battery": 90}
        client.publish(f"jinju/{self.name}/status", json.dumps(status), qos=1, retain=True)
        for delivery in self.known:
            self.report(delivery)

    def on_message(self, client: Client, data: Any, message: MQTTMessage) -> None:
        command = json.loads(message.payload)
        delivery, known = command["delivery"], self.known.get(command["delivery"])
        if command["command"] == "stop":
            if delivery == self.playing:
                self.silence.set()
            elif known is None or known["state"] == "accepted":
                self.note(delivery, "stopped", round=command["round"])
            else:
                self.report(delivery)
        elif known and not (known["state"] == "failed" and command["round"] > known["round"]):
            known["round"] = max(known["round"], command["round"])
            self.report(delivery)
        else:
            self.note(delivery, "accepted", round=command["round"], command=command)
            self.waiting.put(command)

    def play_on(self) -> None:
        while True:
            self.play(self.waiting.get())

    def play(self, command: dict[str, Any]) -> None:
        delivery, audio = command["delivery"], command["audio"]
        if self.known[delivery]["state"] != "accepted":
            return None
        if datetime.fromisoformat(command["expires_at"]) < datetime.now(UTC):
            return self.note(delivery, "failed", reason="expired")
        try:
            with urllib.request.urlopen(audio["url"], timeout=10) as answer:
                sound = answer.read()
        except OSError:
            return self.note(delivery, "failed", reason="audio_fetch")
        if hashlib.sha256(sound).hexdigest() != audio["sha256"]:
            return self.note(delivery, "failed", reason="audio_fetch")
        self.silence.clear()
        self.playing = delivery
        self.note(delivery, "playing", volume=command.get("volume"))
        stopped = self.silence.wait(audio["duration"] if self.lasts is None else self.lasts)
        self.playing = ""
        if stopped:
            return self.note(delivery, "stopped")
        return self.note(delivery, "played", heard_seconds=audio["duration"])


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    for name in ("url", "name", "journal"):
        asked.add_argument(name)
    asked.add_argument("--ca", default="")
    asked.add_argument("--lasts", type=float)
    given = asked.parse_args()
    Box(given.name, Path(given.journal), given.lasts).run(given.url, given.ca)
