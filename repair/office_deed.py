"""One thing that an office can do with a case from its page: the words, the form, and whether it fits now."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms

from .actors import Actor
from .desk_forms import NothingForm
from .models import Case
from .office_facts import Facts
from .states import FROM

Given = dict[str, Any]


@dataclass(frozen=True)
class OfficeDeed:
    """`lead`: what happens then, for whoever is about to press. `at_once`: needs no page of its own."""

    key: str
    label: str
    lead: str
    done: str
    do: Callable[[Case, Actor, Given], object]
    fits: Callable[[Case, Facts], bool]
    form: Callable[..., forms.Form] = NothingForm
    press: str = ""
    tone: str = "secondary"
    at_once: bool = False
    of_case: bool = False
    """Whether the form takes the case."""

    def asked(self, case: Case, data: Any = None, **kwargs: Any) -> forms.Form:
        return self.form(data, **kwargs, **({"case": case} if self.of_case else {}))


def from_state(
    deed: str, more: Callable[[Case, Facts], bool] = lambda case, facts: True
) -> Callable[..., bool]:
    return lambda case, facts: case.state in FROM[deed] and more(case, facts)
