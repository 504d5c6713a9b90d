"""Addresses that a page writes many times: the way there is looked up once, not once a row or once a page."""

import uuid
from collections.abc import Callable
from functools import cache

from django.urls import get_script_prefix, reverse

#: Stands where a row's key goes.
NOBODY = uuid.UUID(int=0)
#: Between the pages of staff: name in templates/repair/_nav.html → page.
_MENU = ("desk", "desk_new", "city", "settlements", "figures")


def of_each(name: str) -> Callable[[uuid.UUID], str]:
    """key of a row → its page `name`."""
    before, after = _parts(get_script_prefix(), name)
    return lambda key: f"{before}{key}{after}"


@cache
def _parts(prefix: str, name: str) -> tuple[str, str]:
    before, _, after = reverse(name, args=[NOBODY]).partition(str(NOBODY))
    return before, after


def address_of(name: str) -> str:
    """Of a page that stands at one place."""
    return _address(get_script_prefix(), name)


@cache
def _address(prefix: str, name: str) -> str:
    return reverse(name)


def menu() -> dict[str, str]:
    """Of the pages of staff."""
    return {name: address_of(f"repair:{name}") for name in _MENU}
