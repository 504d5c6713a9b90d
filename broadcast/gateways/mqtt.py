"""Driver `mqtt`: boxes that call home to the city's broker, behind any NAT (docs/gateway-mqtt.md).

That the broker took a command is not the box's word: the row goes on waiting, the box's receipt moves it
(mqtt_listener.py), and while none has come the command is published again. The box knows the id and plays once.
"""

import asyncio
import json
import logging
import re
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from ..states import State
from . import Answer, Line, Nature, Session, Target

log = logging.getLogger(__name__)

#: Topics are jinju/<name>/command, …/receipts and …/status; `name` is the box's login at the broker.
ROOT = "jinju"
#: Seconds for the box's receipt to come before the command is published again.
FOR_RECEIPT = 10.0
#: Seconds that a stop is worth while the box is away.
STOP_LASTS = 3600
NATURE = Nature(holds_line=False, remembers_ids=True, can_stop=True, has_volume=True)
_ADDRESS = re.compile(r"mqtt:([A-Za-z0-9][A-Za-z0-9_-]{0,39})")


def check_address(address: str) -> None:
    """Raises ValueError."""
    box_name(address)


def box_name(address: str) -> str:
    """The box's login at the broker. Raises ValueError."""
    found = _ADDRESS.fullmatch(address)
    if not found:
        raise ValueError(
            "mqtt 방식의 장비 주소는 mqtt:JJ-0001 처럼, mqtt: 뒤에 장비의 로그인 이름을 적어 주세요."
        )
    return found[1]


@dataclass(frozen=True)
class Broker:
    """Where the broker is, and the portal's own login there."""

    host: str
    port: int
    username: str | None
    password: str | None
    tls: bool

    def client(self, identifier: str = "", manual_ack: bool = False) -> Client:
        """A client that is not yet connected."""
        made = Client(
            CallbackAPIVersion.VERSION2,
            identifier,
            protocol=MQTTProtocolVersion.MQTTv5,
            manual_ack=manual_ack,
        )
        if self.username is not None:
            made.username_pw_set(self.username, self.password)
        if self.tls:
            made.tls_set_context(ssl.create_default_context(cafile=settings.MQTT_CA or None))
        made.reconnect_delay_set(1, 8)
        return made


def broker() -> Broker | None:
    """What MQTT_URL names (mqtts://user:password@host:8883), None if nothing. Raises ImproperlyConfigured."""
    if not settings.MQTT_URL:
        return None
    parts = urlsplit(settings.MQTT_URL)
    if parts.scheme not in ("mqtt", "mqtts") or not parts.hostname:
        raise ImproperlyConfigured("MQTT_URL is not like mqtts://user:password@host:8883")
    if settings.PRODUCTION and parts.scheme == "mqtt":
        raise ImproperlyConfigured("MQTT_URL must start with mqtts:// in production")
    tls = parts.scheme == "mqtts"
    login = [unquote(part) if part is not None else None for part in (parts.username, parts.password)]
    return Broker(parts.hostname, parts.port or (8883 if tls else 1883), login[0], login[1], tls)


@asynccontextmanager
async def session(timeout: float) -> AsyncIterator[Session]:
    """One connection for all pushes. It is made beside the first ones, so that a broker that is away delays no box
    of another kind. `timeout`: seconds until the broker must have taken a command, connecting included."""
    try:
        at = broker()
    except ImproperlyConfigured as error:
        log.error("%s", error)
        at = None
    if at is None:
        yield Nowhere()
        return
    commands = Commands(at, timeout)
    try:
        yield commands
    finally:
        await asyncio.to_thread(commands.leave)


class Nowhere:
    """No broker is named in the settings."""

    async def push(self, target: Target, command: dict[str, Any], line: Line) -> Answer:
        return Answer(State.UNREACHED, "unsupported")

    async def stop(self, target: Target) -> None:
        return None


class Commands:
    """Commands over one connection, which paho's own thread serves: what it tells is handed to the event loop."""

    def __init__(self, at: Broker, timeout: float) -> None:
        """Inside the event loop that pushes."""
        self.timeout = timeout
        self.loop = asyncio.get_running_loop()
        self.connected: asyncio.Future[bool] = self.loop.create_future()
        self.untaken: dict[int, asyncio.Future[bool]] = {}
        self.client = at.client()
        self.client.connect_timeout = timeout
        self.client.on_connect = self._on_connect
        self.client.on_connect_fail = self._on_connect_fail
        self.client.on_publish = self._on_publish
        self.client.connect_async(at.host, at.port, keepalive=30, clean_start=True)
        self.client.loop_start()

    def leave(self) -> None:
        """Blocks until paho's thread has ended."""
        self.client.disconnect()
        self.client.loop_stop()

    async def push(self, target: Target, command: dict[str, Any], line: Line) -> Answer:
        volume = {} if target.volume is None else {"volume": target.volume}
        lasts = None
        if command.get("expires_at"):
            # A box that is back after that gets nothing from yesterday out of the broker's store.
            left = datetime.fromisoformat(command["expires_at"]) - datetime.now(UTC)
            lasts = max(1, int(left.total_seconds()))
        return await self._publish(target, {**command, **volume}, lasts)

    async def stop(self, target: Target) -> None:
        await self._publish(target, {"command": "stop"}, STOP_LASTS)

    async def _publish(self, target: Target, command: dict[str, Any], lasts: int | None) -> Answer:
        try:
            topic = f"{ROOT}/{box_name(target.address)}/command"
        except ValueError:
            return Answer(State.UNREACHED, "refused")
        body = json.dumps(
            {**command, "delivery": str(target.delivery), "round": target.round}, ensure_ascii=False
        )
        properties = Properties(PacketTypes.PUBLISH)
        if lasts is not None:
            properties.MessageExpiryInterval = lasts
        number = None
        try:
            async with asyncio.timeout(self.timeout):
                if not await asyncio.shield(self.connected):
                    return Answer(State.WAITING, "no_answer")
                number = self.client.publish(topic, body, qos=1, properties=properties).mid
                taken = self.untaken[number] = self.loop.create_future()
                if not await taken:
                    return Answer(State.WAITING, "refused")
        except TimeoutError:
            return Answer(State.WAITING, "no_answer")
        finally:
            if number is not None:
                self.untaken.pop(number, None)
        return Answer(State.WAITING, "no_answer", FOR_RECEIPT)

    # From paho's thread.

    def _on_connect(
        self, client: Client, data: Any, flags: Any, reason: ReasonCode, properties: Properties | None
    ) -> None:
        if reason.is_failure:
            log.warning("the broker refuses the portal: %s", reason)
        self._tell(self._settle, self.connected, not reason.is_failure)

    def _on_connect_fail(self, client: Client, data: Any) -> None:
        log.warning("the broker is away")
        self._tell(self._settle, self.connected, False)

    def _on_publish(
        self, client: Client, data: Any, number: int, reason: ReasonCode, properties: Properties
    ) -> None:
        if reason.is_failure:
            log.warning("the broker refuses a command: %s", reason)
        self._tell(self._taken, number, not reason.is_failure)

    def _tell(self, what: Callable[..., None], *args: Any) -> None:
        with suppress(RuntimeError):  # the loop is over, and with it the pass
            self.loop.call_soon_threadsafe(what, *args)

    # In the event loop.

    def _taken(self, number: int, well: bool) -> None:
        if future := self.untaken.get(number):
            self._settle(future, well)

    @staticmethod
    def _settle(future: asyncio.Future[bool], result: bool) -> None:
        if not future.done():
            future.set_result(result)
