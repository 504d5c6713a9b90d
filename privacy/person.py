"""One person (정보주체) over all apps: which rows are about them, and by which names the access record knows them.

A phone is not a person: families share one, and numbers are given to others. Rows with another name than the one that
was said are somebody else's.
"""

import unicodedata
from collections.abc import Iterator
from typing import Any

from .access import subject
from .holdings import Holding, Person, holdings
from .keys import blind_index


def rows_of(person: Person) -> Iterator[tuple[Holding, list[Any]]]:
    """Each holding that has rows of theirs. One query a holding, however many rows there are."""
    for holding in holdings():
        if holding.of is not None:
            rows = [row for row in holding.of(person) if _is_of(person, holding, row)]
            if rows:
                yield holding, rows


def _is_of(person: Person, holding: Holding, row: Any) -> bool:
    name = name_on(holding, row) if person.name else ""
    return not name or name_code(name) == person.name


def name_on(holding: Holding, row: Any) -> str:
    """ "": it is of whoever has the phone."""
    return plain(holding.named(row)) if holding.named else ""


def plain(name: str) -> str:
    """As two spellings of one name are compared: 예시 한아름 is 예시한아름."""
    return "".join(unicodedata.normalize("NFC", name).split()).casefold()


def name_code(name: str) -> str:
    """Of a plain one: for sessions and requests, which keep no name."""
    return blind_index("name behind a phone", name)


def names(person: Person) -> set[str]:
    """Those that stand on rows of theirs, plain. Many for whom `name` is empty: as many people share the phone."""
    named = [holding for holding in holdings() if holding.of is not None and holding.named is not None]
    return {
        name
        for holding in named
        for row in (holding.of(person) if holding.of else ())
        if _is_of(person, holding, row) and (name := name_on(holding, row))
    }


def subjects_of(person: Person) -> set[str]:
    """As access records name them: "people.resident:<id>"."""
    if person.name:
        return subjects(list(rows_of(person)))
    found = set()
    for holding in holdings():
        if holding.of is not None:
            rows = holding.of(person)
            found |= {
                f"{rows.model._meta.label_lower}:{pk}" for pk in rows.order_by().values_list("pk", flat=True)
            }
    return found


def subjects(rows: list[tuple[Holding, list[Any]]]) -> set[str]:
    """`subjects_of`, of rows that were read already."""
    return {subject(row) for _, some in rows for row in some}
