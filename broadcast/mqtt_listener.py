"""What boxes behind the broker say: receipts and signs of life, from their own topics (docs/gateway-mqtt.md).

Whose topic it is tells who speaks: the broker lets a box write to its own topics only. A message is acknowledged when
it is in the database, so that none is lost when this program dies, and twice is once (receipts.py).
"""

import json
import logging
import threading
from collections.abc import Callable
from typing import Any

from django.db import InterfaceError, OperationalError, connection
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions
from rest_framework import serializers

from . import receipts
from .gateway_api.bodies import ReceiptsBody, StatusBody, plain, said
from .gateways.mqtt import ROOT, Broker
from .models import Gateway

log = logging.getLogger(__name__)

MOST_BYTES = 64 * 1024
#: Seconds for which the broker keeps what comes while this program is away.
KEPT = 24 * 3600
#: Seconds until a message is tried again while the database is away.
PAUSE = 1.0


class Refused(ValueError):
    """Nothing that the protocol knows, or from nobody."""


class SentReceiptsBody(ReceiptsBody):
    sent_at = serializers.DateTimeField(help_text="by the box's clock, so that one that is off does no harm")


class PresenceBody(StatusBody):
    online = serializers.BooleanField(required=False, default=True)


def take(topic: str, payload: bytes, retained: bool = False) -> None:
    """Record one message. `retained`: the broker kept it, nobody says it now. Raises Refused."""
    root, _, rest = topic.partition("/")
    name, _, what = rest.partition("/")
    if root != ROOT or what not in ("receipts", "status"):
        raise Refused("no topic of ours")
    gateway = Gateway.objects.filter(driver="mqtt", address=f"mqtt:{name}", is_active=True).first()
    if gateway is None:
        raise Refused("no box of ours")
    if what == "receipts":
        body = _checked(SentReceiptsBody, payload)
        now = body["sent_at"].timestamp()
        receipts.record(gateway, [said(receipt, now) for receipt in body["receipts"]])
    else:
        body = _checked(PresenceBody, payload)
        if not body.pop("online"):
            receipts.gone(gateway)
        elif not retained:
            receipts.seen(gateway, plain(body))


def _checked(shape: type[serializers.Serializer], payload: bytes) -> dict[str, Any]:
    if len(payload) > MOST_BYTES:
        raise Refused("too large")
    try:
        body = shape(data=json.loads(payload, parse_constant=_refuse))
        if body.is_valid():
            return body.validated_data
    except (ValueError, RecursionError, OverflowError) as e:
        raise Refused(f"not understood: {type(e).__name__}") from e
    raise Refused(f"not understood: {', '.join(body.errors)}")


def _refuse(constant: str) -> None:
    raise ValueError(constant)


class Listener:
    """`run` blocks until `stop`, whatever the broker and the database do meanwhile."""

    def __init__(self, at: Broker, take: Callable[[str, bytes, bool], None] = take) -> None:
        self.at, self.take = at, take
        self.over, self.listening = threading.Event(), threading.Event()
        self.client = at.client("jinju-portal-listener", manual_ack=True)
        self.client.on_connect = self._on_connect
        self.client.on_subscribe = self._on_subscribe
        self.client.on_message = self._on_message

    def run(self) -> None:
        kept = Properties(PacketTypes.CONNECT)
        kept.SessionExpiryInterval = KEPT
        self.client.connect_async(
            self.at.host, self.at.port, keepalive=30, clean_start=False, properties=kept
        )
        self.client.loop_forever(retry_first_connection=True)

    def stop(self) -> None:
        self.over.set()
        self.client.disconnect()

    def _on_connect(
        self, client: Client, data: Any, flags: Any, reason: ReasonCode, properties: Properties | None
    ) -> None:
        if reason.is_failure:
            log.error("the broker refuses the listener: %s", reason)
            return
        # What is retained comes only if the broker does not know us: otherwise it has kept what came meanwhile.
        options = SubscribeOptions(qos=1, retainHandling=SubscribeOptions.RETAIN_SEND_IF_NEW_SUB)
        client.subscribe([(f"{ROOT}/+/receipts", options), (f"{ROOT}/+/status", options)])

    def _on_subscribe(
        self, client: Client, data: Any, number: int, reasons: list[ReasonCode], properties: Properties | None
    ) -> None:
        if any(reason.is_failure for reason in reasons):
            log.error("the broker does not let the portal read the boxes' topics")
            return
        self.listening.set()
        log.info("listening")

    def _on_message(self, client: Client, data: Any, message: MQTTMessage) -> None:
        while not self.over.is_set():
            try:
                self.take(message.topic, bytes(message.payload), message.retain)
            except (OperationalError, InterfaceError) as e:
                log.warning("the database is away (%s); the message is kept", e)
                connection.close()
                self.over.wait(PAUSE)
                continue
            except Refused as e:
                log.warning("%s: %s", message.topic[:100], e)
            except Exception:
                # Whatever a box sends must not silence all the others.
                log.exception("%s could not be recorded", message.topic[:100])
                connection.close()
            client.ack(message.mid, message.qos)
            return
