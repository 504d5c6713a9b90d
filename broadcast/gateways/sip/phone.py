"""The one UDP socket through which all calls of a session are made, and who is called by an address."""

import asyncio
import re
import socket
from dataclasses import dataclass
from typing import Protocol, Self, cast
from urllib.parse import quote

from django.conf import settings

from .. import Login
from .message import Message, parse

PORT = 5060
_ADDRESS = re.compile(r"sip:([\w.!~*'()&=+$-]{1,64})@([A-Za-z0-9.-]{1,253})(?::(\d{1,5}))?", re.ASCII)
#: What devices say at the same time waits here, bytes.
ROOM = 2**20

Address = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Callee:
    """Whom to call: the address as it is written, and where packets for it go."""

    uri: str
    host: str
    port: int

    @classmethod
    def of(cls, address: str) -> Self:
        """Raises ValueError unless it is sip:extension@host[:port]."""
        found = _ADDRESS.fullmatch(address)
        port = int(found[3] or PORT) if found else 0
        if found is None or not 0 < port < 65536:
            raise ValueError(
                "sip 방식의 장비 주소는 sip:내선번호@장비주소 처럼 적어 주세요. 예: sip:100@192.0.2.10"
            )
        return cls(address, found[2], port)

    async def where(self) -> Address:
        """Raises OSError if its name leads nowhere (or only to IPv6)."""
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(self.host, self.port, family=socket.AF_INET, type=socket.SOCK_DGRAM)
        return str(found[0][4][0]), self.port

    def caller(self, login: Login | None, local: str) -> str:
        """The URI of From: a device or trunk that wants us to sign in knows us by that name."""
        return f"sip:{quote(login.username)}@{self.host}" if login else f"sip:portal@{local}"


class Hears(Protocol):
    """Something that waits for the messages of one Call-ID from one device."""

    device: Address

    def hear(self, message: Message, source: Address) -> None: ...


class Phone(asyncio.DatagramProtocol):
    """Hands each message to whom it concerns; what comes from elsewhere, or of no call of ours, is ignored."""

    def __init__(self) -> None:
        self.waiting: dict[str, Hears] = {}
        self.port = 0
        self._local: dict[str, str] = {}

    @classmethod
    async def opened(cls) -> Self:
        """Raises OSError."""
        line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ROOM)
        line.setblocking(False)
        line.bind(("", 0))
        _, phone = await asyncio.get_running_loop().create_datagram_endpoint(cls, sock=line)
        phone.port = line.getsockname()[1]
        return phone

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, source: Address) -> None:
        message = parse(data)
        concerned = self.waiting.get(message.call_id) if message else None
        if message and concerned and source[0] == concerned.device[0]:
            concerned.hear(message, source)

    def send(self, message: bytes, to: Address) -> None:
        self.transport.sendto(message, to)

    def local(self, device: Address) -> str:
        """Our address as that device sees it, or the one that the settings name. Raises OSError: no way there."""
        if settings.SIP_ADDRESS:
            return settings.SIP_ADDRESS
        if device[0] not in self._local:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
                asked.connect(device)
                self._local[device[0]] = asked.getsockname()[0]
        return self._local[device[0]]

    def close(self) -> None:
        self.transport.close()
