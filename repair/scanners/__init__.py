"""Looking into files for what harms: each way a module here with a class `Scanner`, named in settings.PAPER_SCANNER."""

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class ScannerAway(Exception):
    """Nothing is known of the file: nobody answered, or not in a way that can be understood. Ask again later."""


@dataclass(frozen=True)
class Verdict:
    """`name`: what the scanner calls that which it found; "" when clean."""

    clean: bool
    name: str = ""


class ScannerContract(Protocol):
    def scan(self, data: bytes) -> Verdict:
        """Looks through `data`, within a minute or so. ScannerAway if that was not possible."""

    def answers(self) -> bool:
        """Whether it is there, asked within two seconds."""


#: Knows nothing but a test file: no real city relies on it.
EXAMPLE = "example"


@cache
def _made(name: str) -> ScannerContract:
    made: ScannerContract = import_module(f"{__name__}.{name}").Scanner()
    return made


def scanner() -> ScannerContract:
    """The one that the settings name. ModuleNotFoundError if there is none of that name."""
    if settings.PRODUCTION and settings.PAPER_SCANNER == EXAMPLE:
        raise ImproperlyConfigured("PAPER_SCANNER=example finds nothing in a real city")
    return _made(settings.PAPER_SCANNER)
