"""One person (정보주체) over all apps: which rows are about them, and by which names the access record knows them."""

from collections.abc import Iterator
from typing import Any

from .access import subject
from .holdings import Holding, Person, holdings


def rows_of(person: Person) -> Iterator[tuple[Holding, list[Any]]]:
    """Each holding that has rows of theirs. One query a holding, however many rows there are."""
    for holding in holdings():
        if holding.of is not None and (rows := list(holding.of(person))):
            yield holding, rows


def subjects_of(person: Person) -> set[str]:
    """As access records name them: "people.resident:<id>"."""
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
