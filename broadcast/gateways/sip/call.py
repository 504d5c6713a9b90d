"""One call over UDP from INVITE to BYE (RFC 3261): retransmissions, CANCEL, signing in, and what the device says."""

import asyncio
import secrets
from enum import Enum, auto

from .. import Login
from .digest import Challenge
from .message import Message, reply, written
from .phone import Address, Callee, Phone

#: Seconds: until the first repetition of a request that is not answered (T1), and the longest pause (T2).
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 4.0
#: A device that said it is ringing may take this long to answer: a call through the mobile network does.
RINGING = 30.0
#: How long a device may take to agree that the call is over.
GOODBYE = 4.0
#: Messages of one device that wait to be read.
MOST_WAITING = 32
#: Requests that one call may need, signing in included.
MOST_TRIES = 8
#: Requests within a call that do no harm; whatever else a device wants, we go on as agreed.
FINE = ("OPTIONS", "INFO", "NOTIFY", "MESSAGE")


class Event(Enum):
    STOP = auto()  # somebody wants it silent
    SOUNDED = auto()  # the last packet is sent
    HUNG_UP = auto()  # by the device


class Call:
    def __init__(self, phone: Phone, callee: Callee, device: Address, login: Login | None) -> None:
        """Raises OSError if there is no way to the device."""
        self.phone, self.device, self.login = phone, device, login
        self.local = phone.local(device)
        self.uri = self.contact = callee.uri
        self.caller = callee.caller(login, self.local)
        self.call_id, self.tag = secrets.token_hex(16), secrets.token_hex(8)
        self.sequence, self.number = 0, secrets.randbits(31)
        self.invites: dict[str, list[tuple[str, str]]] = {}  # branch → what proved who we are
        self.branch = ""
        self.routes: list[str] = []
        self.their_tag = ""
        self.challenges: dict[str, Challenge] = {}
        self.used: dict[str, int] = {}  # header → how often its nonce was used
        self.ack = b""
        self.over = self.hung_up = False
        self.inbox: asyncio.Queue[Message | Event] = asyncio.Queue()
        phone.waiting[self.call_id] = self

    def tell(self, event: Event) -> None:
        self.inbox.put_nowait(event)

    # ---- what the device says

    def hear(self, message: Message, source: Address) -> None:
        if not message.status:
            return self._asked(message, source)
        if message.tag("from") != self.tag:
            return None
        if message.method == "INVITE" and self._settled(message):
            return None
        if self.inbox.qsize() < MOST_WAITING:
            self.inbox.put_nowait(message)
        return None

    def _settled(self, message: Message) -> bool:
        """Answers to our INVITE that need nothing but to be confirmed: refusals, repetitions, what comes too late."""
        if message.branch not in self.invites:
            return True
        if message.status >= 300:
            self._send(self._confirm_refusal(message))
            return self.over
        if message.status >= 200 and self.ack:
            self._send(self.ack)
            return True
        if message.status >= 200 and self.over:
            self.accept(message)
            self._send(self._request("BYE", self.contact, self._next()))
        return self.over

    def _asked(self, request: Message, source: Address) -> None:
        if not self.their_tag or (request.tag("to"), request.tag("from")) != (self.tag, self.their_tag):
            return
        if request.method == "BYE":
            self.phone.send(reply(request, 200, "OK"), source)
            if not self.hung_up:
                self.hung_up = True
                self.tell(Event.HUNG_UP)
        elif request.method == "INVITE":
            self.phone.send(reply(request, 488, "Not Acceptable Here"), source)
        elif request.method != "ACK":
            status, words = (200, "OK") if request.method in FINE else (405, "Method Not Allowed")
            self.phone.send(reply(request, status, words), source)

    async def event(self, until: float | None) -> Message | Event | None:
        """The next thing that happens; None when `until` (the event loop's time) has come."""
        try:
            async with asyncio.timeout_at(until):
                return await self.inbox.get()
        except TimeoutError:
            return None

    # ---- what we say

    async def invite(
        self, offer: str, headers: list[tuple[str, str]], patience: float
    ) -> Message | Event | None:
        """Call, signing in where it is asked for. The device's final answer, Event.STOP, or None: no answer.

        `patience`: seconds until the device must have said anything. What was not answered is taken back.
        """
        while True:
            final = await self._ring(offer, headers, patience)
            if not isinstance(final, Message) or not self._signs_in(final):
                return final

    async def _ring(
        self, offer: str, headers: list[tuple[str, str]], patience: float
    ) -> Message | Event | None:
        now = asyncio.get_running_loop().time
        sequence, self.branch = self._next(), _branch()
        proof = self.invites[self.branch] = self._proof("INVITE", self.uri)
        request = self._request("INVITE", self.uri, sequence, [*proof, *headers], offer, self.branch)
        rings, pause, again, until = False, FIRST_PAUSE, now(), now() + patience
        ended = None
        while ended is None and now() < until:
            if not rings and now() >= again:
                self._send(request)
                again, pause = now() + pause, pause * 2
            said = await self.event(until if rings else min(again, until))
            if said is Event.STOP:
                ended = said
            elif isinstance(said, Message) and (said.method, said.branch) == ("INVITE", self.branch):
                if said.status >= 200:
                    return said
                until = until if rings else now() + RINGING
                rings = True
        await self._take_back(sequence, rings)
        return ended

    async def _take_back(self, sequence: int, rings: bool) -> None:
        """CANCEL once the device has said anything (section 9.1); hang up if it answers at the same moment."""
        now = asyncio.get_running_loop().time
        cancel = self._request("CANCEL", self.uri, sequence, branch=self.branch)
        pause, again, until = FIRST_PAUSE, now(), now() + GOODBYE / 2
        while now() < until:
            if rings and now() >= again:
                self._send(cancel)
                again, pause = now() + pause, pause * 2
            said = await self.event(min(again, until) if rings else until)
            if isinstance(said, Message) and (said.method, said.branch) == ("INVITE", self.branch):
                rings = True
                if 200 <= said.status < 300:
                    self.accept(said)
                    await self.hang_up()
                if said.status >= 200:
                    break
        self.over = True

    def accept(self, answer: Message) -> None:
        """The call stands: its answer is confirmed (section 13.2.2.4)."""
        self.their_tag = answer.tag("to")
        self.contact = answer.contact or self.uri
        self.routes = answer.routes
        proof = self.invites[answer.branch]
        self.ack = self._request("ACK", self.contact, answer.cseq, proof)
        self._send(self.ack)

    async def hang_up(self) -> int | None:
        """The status by which the device agreed; None if it said nothing."""
        self.over = True
        said = await self._goodbye()
        if said and self._signs_in(said):
            said = await self._goodbye()
        return 200 if self.hung_up else said.status if said else None

    def leave(self) -> None:
        """Hang up without waiting for an answer, if that was not done: the worker is being ended."""
        if not self.over and not self.hung_up:
            self.over = True
            self._send(self._request("BYE", self.contact, self._next(), self._proof("BYE", self.contact)))

    async def _goodbye(self) -> Message | None:
        now = asyncio.get_running_loop().time
        sequence = self._next()
        request = self._request("BYE", self.contact, sequence, self._proof("BYE", self.contact))
        pause, again, until = FIRST_PAUSE, now(), now() + GOODBYE
        while now() < until and not self.hung_up:
            if now() >= again:
                self._send(request)
                again, pause = now() + pause, min(pause * 2, LONGEST_PAUSE)
            said = await self.event(min(again, until))
            mine = isinstance(said, Message) and (said.method, said.cseq) == ("BYE", sequence)
            if mine and isinstance(said, Message) and said.status >= 200:
                return said
        return None

    # ---- how it is written

    def _signs_in(self, answer: Message) -> bool:
        """Whether it asks who we are and we have something new to say."""
        if answer.status not in (401, 407) or self.login is None or self.sequence > MOST_TRIES:
            return False
        asked = "www-authenticate" if answer.status == 401 else "proxy-authenticate"
        challenge = Challenge.of(answer.status, answer.headers.get(asked, []))
        known = self.challenges.get(challenge.header) if challenge else None
        # A nonce that is stale is replaced; the same question again means that we are not known.
        if challenge is None or (known and not challenge.stale):
            return False
        self.challenges[challenge.header] = challenge
        self.used[challenge.header] = 0
        return True

    def _proof(self, method: str, uri: str) -> list[tuple[str, str]]:
        if not self.challenges or self.login is None:
            return []
        name, password, own = self.login.username, self.login.password(), secrets.token_hex(8)
        said = []
        for header, challenge in self.challenges.items():
            self.used[header] += 1
            said.append((header, challenge.answer(name, password, method, uri, self.used[header], own)))
        return said

    def _confirm_refusal(self, answer: Message) -> bytes:
        """ACK of the same transaction (section 17.1.1.3)."""
        to = answer.first("to")
        return self._request("ACK", self.uri, answer.cseq, branch=answer.branch, to=to)

    def _next(self) -> int:
        self.sequence += 1
        return self.sequence

    def _send(self, message: bytes) -> None:
        # To the device itself or the proxy that we called, never to where an answer would like to have it.
        self.phone.send(message, self.device)

    def _request(
        self,
        method: str,
        uri: str,
        sequence: int,
        headers: list[tuple[str, str]] | None = None,
        body: str = "",
        branch: str = "",
        to: str = "",
    ) -> bytes:
        here = f"{self.local}:{self.phone.port}"
        whom = to or f"<{self.uri}>" + (f";tag={self.their_tag}" if self.their_tag else "")
        return written(
            f"{method} {uri} SIP/2.0",
            [
                ("Via", f"SIP/2.0/UDP {here};branch={branch or _branch()};rport"),
                ("Max-Forwards", "70"),
                *(("Route", route) for route in self.routes),
                ("From", f"<{self.caller}>;tag={self.tag}"),
                ("To", whom),
                ("Call-ID", self.call_id),
                ("CSeq", f"{sequence} {method}"),
                ("Contact", f"<sip:portal@{here}>"),
                ("User-Agent", "jinju-portal"),
                ("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, NOTIFY, MESSAGE"),
                *(headers or []),
            ],
            body,
        )


def _branch() -> str:
    """Says that it is unique (section 8.1.1.7)."""
    return f"z9hG4bK{secrets.token_hex(12)}"
