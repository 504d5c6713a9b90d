"""Asking a device whether it is there: OPTIONS (RFC 3261, section 11)."""

import asyncio
import secrets

from .message import Message, written
from .phone import Address, Callee, Phone

#: Seconds between two tries.
AGAIN = 1.0


class _Question:
    """Answered by anything that the device says to it: a refusal is a sign of life too."""

    def __init__(self, device: Address) -> None:
        self.device = device
        self.call_id = secrets.token_hex(16)
        self.answered = asyncio.Event()

    def hear(self, message: Message, source: Address) -> None:
        if message.status:
            self.answered.set()


async def ask(phone: Phone, address: str, timeout: float, after: float) -> bool:
    """Whether the device answers within `timeout` seconds of being asked, `after` seconds from now."""
    await asyncio.sleep(after)
    try:
        callee = Callee.of(address)
        question = _Question(await callee.where())
        here = f"{phone.local(question.device)}:{phone.port}"
    except (OSError, ValueError):
        return False
    request = written(
        f"OPTIONS {address} SIP/2.0",
        [
            ("Via", f"SIP/2.0/UDP {here};branch=z9hG4bK{secrets.token_hex(12)};rport"),
            ("Max-Forwards", "70"),
            ("From", f"<sip:portal@{here}>;tag={secrets.token_hex(8)}"),
            ("To", f"<{address}>"),
            ("Call-ID", question.call_id),
            ("CSeq", "1 OPTIONS"),
            ("Contact", f"<sip:portal@{here}>"),
            ("Accept", "application/sdp"),
            ("User-Agent", "jinju-portal"),
        ],
    )
    phone.waiting[question.call_id] = question
    try:
        async with asyncio.timeout(timeout):
            while not question.answered.is_set():
                phone.send(request, question.device)
                try:
                    await asyncio.wait_for(question.answered.wait(), AGAIN)
                except TimeoutError:
                    continue
    except TimeoutError:
        pass
    finally:
        del phone.waiting[question.call_id]
    return question.answered.is_set()
