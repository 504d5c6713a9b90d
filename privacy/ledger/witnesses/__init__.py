"""Witnesses: who keeps our checkpoints outside of the portal, so that rewriting the ledger would be seen.

Each way is a module here with a function `show`; settings.LEDGER_WITNESSES names them: "name=address#option=value&…".

    보관함=file:///srv/witness/checkpoints.txt            file.py       lines are only ever added
    감사실=mailto:audit@example.kr#every=1440             mail.py       every: minutes between two (default: each)
    이웃 시청=https://witness.example.kr#key=<vkey>        office.py     C2SP tlog-witness; it checks that we grew
    시각 도장=tsa+https://tsa.example.kr/tsr#ca=/path.pem  timestamp.py  RFC 3161
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from importlib import import_module
from typing import Protocol
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from .. import notes

#: Scheme → module.
WAYS = {
    "file": "file",
    "mailto": "mail",
    "http": "office",
    "https": "office",
    "tsa+http": "timestamp",
    "tsa+https": "timestamp",
}
#: Seconds that somebody outside may take to answer.
PATIENCE = 10


class WitnessTrouble(Exception):
    """It was not shown, or what came back proves nothing. Is tried again."""


@dataclass(frozen=True)
class Witness:
    name: str
    kind: str
    address: str
    options: dict[str, str] = field(default_factory=dict)

    @property
    def every(self) -> timedelta:
        return timedelta(minutes=int(self.options.get("every", "0")))


@dataclass(frozen=True)
class Shown:
    """A checkpoint on its way. `last_size`: of the one that this witness saw last, 0 if none; `last_answer`: what it
    answered then. `proof(old)`: hashes that show that the tree grew out of the one of `old` leaves."""

    checkpoint: notes.Checkpoint
    note: str
    last_size: int
    proof: Callable[[int], list[bytes]] = field(repr=False)
    last_answer: str = ""


class WitnessContract(Protocol):
    def __call__(self, witness: Witness, shown: Shown) -> str:
        """Shows it, within seconds, and returns what proves that it was seen, as text. WitnessTrouble."""


def witnesses() -> list[Witness]:
    """Those of the settings. ImproperlyConfigured."""
    return [_witness(text) for text in settings.LEDGER_WITNESSES]


def _witness(text: str) -> Witness:
    name, equals, address = text.partition("=")
    address, _, options = address.partition("#")
    way = WAYS.get(urlsplit(address).scheme)
    if not (name and equals and way):
        raise ImproperlyConfigured(f'LEDGER_WITNESSES: "{name}" is not name=address')
    # Not a query string: a base64 key has + and = in it.
    given = dict(part.partition("=")[::2] for part in options.split("&") if part)
    return Witness(name.strip()[:100], way, address, {key: unquote(value) for key, value in given.items()})


def show(witness: Witness, shown: Shown) -> str:
    """Shows it by the witness's own way."""
    way: WitnessContract = import_module(f"{__name__}.{witness.kind}").show
    return way(witness, shown)
