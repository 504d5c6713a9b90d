"""What is known of those who look and of those who are looked at. Each app tells of its own; nothing is kept here."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """Of one person: `district`: code; `street`: the address without number and unit; `phone`: its blind index."""

    surname: str = ""
    street: str = ""
    phone: str = ""
    district: str = ""


#: Keys of rows of one model → what is known of each.
OfRows = Callable[[Collection[str]], Mapping[str, Known]]
#: Identifiers of accounts → what is known of whoever has it. Accounts only: no citizens.
OfStaff = Callable[[Collection[str]], Mapping[str, Known]]
_of_rows: dict[str, OfRows] = {}
_of_staff: list[OfStaff] = []
#: Questions to the database hold so many keys.
AT_ONCE = 5_000


def tell_of_rows(model: str) -> Callable[[OfRows], OfRows]:
    """Decorator. `model`: "people.resident", as access.subject begins."""

    def registered(tell: OfRows) -> OfRows:
        _of_rows[model] = tell
        return tell

    return registered


def tell_of_staff(tell: OfStaff) -> OfStaff:
    _of_staff[:] = [tell]
    return tell


def of_staff(identifiers: Collection[str]) -> dict[str, Known]:
    return {name: known for tell in _of_staff for name, known in tell(identifiers).items()}


def of_subjects(subjects: Collection[str]) -> dict[str, Known]:
    """Of those that some app knows."""
    by_model: dict[str, list[str]] = {}
    for subject in subjects:
        model, _, key = subject.partition(":")
        by_model.setdefault(model, []).append(key)
    found: dict[str, Known] = {}
    for model, keys in by_model.items():
        if tell := _of_rows.get(model):
            for n in range(0, len(keys), AT_ONCE):
                found |= {f"{model}:{key}": known for key, known in tell(keys[n : n + AT_ONCE]).items()}
    return found


def street_of(address: str) -> str:
    """경상남도 진주시 문산읍 동부로 12, 101호 → 진주시 문산읍 동부로 12: the house, without the unit."""
    words = address.replace(",", " ").split()
    for n, word in enumerate(words):
        if word[:1].isdigit():
            return " ".join(words[max(0, n - 3) : n + 1])
    return ""
