"""Addresses of many rows of a list: the way there is looked up once, not once a row."""

import uuid
from collections.abc import Callable

from django.urls import reverse

#: Stands where a row's key goes.
NOBODY = uuid.UUID(int=0)


def of_each(name: str) -> Callable[[uuid.UUID], str]:
    """key of a row → its page `name`."""
    before, _, after = reverse(name, args=[NOBODY]).partition(str(NOBODY))
    return lambda key: f"{before}{key}{after}"
