"""SIP messages as text (RFC 3261, section 7) and what we need of SDP (RFC 4566). Pure. All that comes in is hostile."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address

#: Bytes of one datagram, header lines in it, and letters of what we repeat from it.
LARGEST, MOST_HEADERS, LONGEST_WORD = 8192, 100, 512

COMPACT = {"v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact", "l": "content-length"}
_STATUS = re.compile(r"SIP/2\.0 ([1-6]\d\d)(?: .*)?")
_REQUEST = re.compile(r"([A-Z]{1,20}) (\S{1,512}) SIP/2\.0")
_LINE = re.compile(r"\r\n|\r|\n")
_URI = re.compile(
    r"<(sips?:[!-;=?-~]+)>|^(sips?:[!-+\--:=@-~]+)"
)  # printable, no space; bare: no comma, ; or ?
_TAG = re.compile(r";\s*tag=([!-:<-~]+)", re.IGNORECASE)
_BRANCH = re.compile(r";\s*branch=([!-+\--:<-~]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Message:
    """A request (`method`) or a response (`status`, `method` of its CSeq). Header names in lower case."""

    method: str
    status: int
    cseq: int
    headers: dict[str, list[str]]
    body: bytes

    def first(self, name: str) -> str:
        """Its first value, "" if there is none."""
        return self.headers.get(name, [""])[0]

    @property
    def call_id(self) -> str:
        return self.first("call-id")

    @property
    def branch(self) -> str:
        """Of the topmost Via, which is ours in a response."""
        return _found(_BRANCH, self.first("via"))

    def tag(self, name: str) -> str:
        """Of From or To, "" if there is none."""
        return _found(_TAG, self.first(name).rpartition(">")[2])

    @property
    def contact(self) -> str:
        """Where requests within the call are addressed, "" if it does not say or what it says is no URI."""
        return uri(self.first("contact"))

    @property
    def routes(self) -> list[str]:
        """The Record-Route as the caller uses it: last first (RFC 3261, section 12.1.2)."""
        return [f"<{u}>" for u in map(uri, reversed(self.headers.get("record-route", []))) if u]


def parse(datagram: bytes) -> Message | None:
    """None for whatever is no SIP message that we could use."""
    if len(datagram) > LARGEST or b"\0" in datagram:
        return None
    # A header may end in any kind of line; none of its words ever carries one on into what we send.
    head, _, rest = datagram.replace(b"\r\n", b"\n").partition(b"\n\n")
    start, *lines = _LINE.split(head.decode(errors="replace"))
    if len(lines) > MOST_HEADERS:
        return None
    headers: dict[str, list[str]] = {}
    name = ""
    for line in lines:
        if line[:1] in (" ", "\t") and name:
            headers[name][-1] += " " + line.strip()
            continue
        name, colon, value = line.partition(":")
        name = name.strip().lower()
        name = COMPACT.get(name, name)
        if not colon or not name:
            return None
        values = value.split(",") if name in ("via", "record-route") else [value]
        headers.setdefault(name, []).extend(v.strip() for v in values)
    return _message(start, headers, rest)


def _message(start: str, headers: dict[str, list[str]], body: bytes) -> Message | None:
    number, _, method = headers.get("cseq", [""])[0].partition(" ")
    needed = all(headers.get(name, [""])[0] for name in ("via", "from", "to", "call-id"))
    if not needed or not number.isdecimal() or len(number) > 10 or not number.isascii():
        return None
    if status := _STATUS.fullmatch(start):
        return Message(method.strip(), int(status[1]), int(number), headers, body)
    if (request := _REQUEST.fullmatch(start)) and request[1] == method.strip():
        return Message(request[1], 0, int(number), headers, body)
    return None


def uri(text: str) -> str:
    found = _URI.search(text.strip())
    word = (found[1] or found[2]) if found else ""
    return word if len(word) <= LONGEST_WORD else ""


def _found(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found and len(found[1]) <= LONGEST_WORD else ""


def written(start: str, headers: Iterable[tuple[str, str]], body: str = "") -> bytes:
    """A message to send. No value holds a line end: each comes from check_address, from parse or from us."""
    content = body.encode()
    lines = [
        start,
        *(f"{name}: {value}" for name, value in headers),
        f"Content-Length: {len(content)}",
        "",
        "",
    ]
    return "\r\n".join(lines).encode() + content


def reply(request: Message, status: int, words: str) -> bytes:
    """What we answer to a device's request within a call."""
    same = ((name.title(), v) for name in ("via", "from", "to") for v in request.headers[name])
    rest = [("Call-ID", request.call_id), ("CSeq", f"{request.cseq} {request.method}")]
    return written(f"SIP/2.0 {status} {words}", [*same, *rest])


def offer(address: str, port: int, number: int) -> str:
    """SDP: PCMU in packets of 20 ms. Not `sendonly`, though we never listen: some devices take that for hold."""
    return "\r\n".join(
        [
            *("v=0", f"o=- {number} {number} IN IP4 {address}", "s=-", f"c=IN IP4 {address}", "t=0 0"),
            *(f"m=audio {port} RTP/AVP 0", "a=rtpmap:0 PCMU/8000", "a=ptime:20", ""),
        ]
    )


def media(body: bytes) -> tuple[str, int]:
    """(IPv4 address, port) where the sound is to be sent: of the first audio that takes PCMU.

    Raises ValueError if the answer names none. The address of the media goes before that of the session.
    """
    session, *parts = re.split(r"^m=", body.decode(errors="replace"), flags=re.MULTILINE)
    for part in parts:
        words = part.partition("\n")[0].split()
        if len(words) < 4 or words[0] != "audio" or words[2] != "RTP/AVP" or "0" not in words[3:]:
            continue
        where = re.search(r"^c=IN IP4 (\S+)", part, re.MULTILINE) or re.search(
            r"^c=IN IP4 (\S+)", session, re.MULTILINE
        )
        port = words[1].partition("/")[0]
        if where is None or not (port.isdecimal() and port.isascii() and 0 < int(port[:6]) < 65536):
            continue
        address = IPv4Address(where[1].partition("/")[0])
        if address.is_unspecified or address.is_multicast or address == IPv4Address("255.255.255.255"):
            raise ValueError("no address of a device")
        return str(address), int(port)
    raise ValueError("no audio that takes PCMU")
