"""행정정보 공동이용: asking the state's registers instead of the applicant for papers (전자정부법 제36조).

Each way to ask is a module here with a class `LookUp`, named in settings.ELIGIBILITY_LOOKUP. "": nobody is asked, and
the office looks at papers. The real one stands under the city's agreement with 행정안전부; it is one more file here.
"""

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Protocol

from django.conf import settings


class LookUpTrouble(Exception):
    """There was no answer. Its text says in Korean what to do instead."""


@dataclass(frozen=True)
class Question:
    """What the register needs, and no more. `about`: Evidence.About; `birth_date`: "YYYY-MM-DD"."""

    about: str
    number: str
    name: str
    birth_date: str
    group: str
    address: str


@dataclass(frozen=True)
class Answer:
    """`answer`: Evidence.Answer; `reference`: how the register names this look-up, for the case's page."""

    answer: str
    reference: str


class LookUpContract(Protocol):
    def ask(self, question: Question) -> Answer:
        """Within seconds, outside any transaction. LookUpTrouble if there is no answer."""


@cache
def _named(name: str) -> LookUpContract:
    made: LookUpContract = import_module(f"{__name__}.{name}").LookUp()
    return made


def driver() -> LookUpContract | None:
    """The one of the settings; None: this city looks nothing up. ModuleNotFoundError if there is none of that name."""
    return _named(settings.ELIGIBILITY_LOOKUP) if settings.ELIGIBILITY_LOOKUP else None
