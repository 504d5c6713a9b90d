"""What the portal holds about people. Each app's personal_data.py registers its own; privacy imports none of them.

From here come the register of files (개인정보 파일 대장), the privacy notice, exports and erasures.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import QuerySet


@dataclass(frozen=True)
class Person:
    """Whoever has this phone, which a code showed to be theirs. `number`: E.164; `index`: its blind index; `name`: that
    of the name that they said (name_behind.py), "": of everybody behind the phone."""

    number: str
    index: str
    name: str = ""


@dataclass(frozen=True)
class Kept:
    """A law that keeps a row whose person asks to erase it (제36조 제1항 단서), until when (None: not known)."""

    ground: str
    until: date | None


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
    #: Destroys what is personal in the row, for good; in the caller's transaction. False: it stays, being others' too.
    erase: Callable[[Any], bool | None] = field(repr=False)
    #: Of rows that are about two people, which of them: "" for whom it was made, else a word such as "helper".
    part: str = ""
    #: The rows of one person, live and ended. None: nobody finds them by phone.
    of: Callable[[Person], "QuerySet[Any]"] | None = field(default=None, repr=False)
    #: Of a row: the name of whom it is about. None: of whoever has the phone.
    named: Callable[[Any], str] | None = field(default=None, repr=False)
    #: Of a row of theirs: what law keeps it; None: it is erased when they ask.
    kept: Callable[[Any], Kept | None] = field(default=lambda row: None, repr=False)
    #: Before any row goes: what is to come of it is called off, so that nobody waits for them in vain.
    ends: Callable[[Any], None] = field(default=lambda row: None, repr=False)
    #: Its columns, or of rows it points at ("resident__phone"), that hold the phones (E.164) of everybody whose data it
    #: shows, to tell them something.
    phones: tuple[str, ...] = ()

    @property
    def items(self) -> str:
        """Its fields, as people read them."""
        model = apps.get_model(self.model)
        return ", ".join(str(model._meta.get_field(name).verbose_name) for name in self.fields)

    @property
    def is_sensitive(self) -> bool:
        """민감정보 (제23조) is in it."""
        return "제23조" in self.ground


_held: dict[tuple[str, str], Holding] = {}


def register(holding: Holding) -> None:
    """ValueError if that model was registered: two rules for one row would contradict each other."""
    key = (holding.model, holding.part)
    if key in _held:
        raise ValueError(f"{holding.model} is registered twice")
    _held[key] = holding


def holdings() -> list[Holding]:
    return [holding for _, holding in sorted(_held.items())]
