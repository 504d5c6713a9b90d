"""What the portal holds about people. Each app's personal_data.py registers its own; privacy imports none of them.

From here come the register of files (개인정보 파일 대장), the privacy notice, exports and erasures.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Holding:
    """One kind of row about people. `model`: "people.Resident"."""

    model: str
    label: str
    fields: tuple[str, ...]
    #: The article, or the consent, that allows it.
    ground: str
    #: How long, in the words of the notice.
    keeps: str
    #: The person's own data, by label, in plain text.
    export: Callable[[Any], dict[str, str]] = field(repr=False)
    #: Destroys what is personal in the row, for good; in the caller's transaction.
    erase: Callable[[Any], None] = field(repr=False)


_held: dict[str, Holding] = {}


def register(holding: Holding) -> None:
    """ValueError if that model was registered: two rules for one row would contradict each other."""
    if holding.model in _held:
        raise ValueError(f"{holding.model} is registered twice")
    _held[holding.model] = holding


def holdings() -> list[Holding]:
    return sorted(_held.values(), key=lambda h: h.model)
