"""Who stood behind an identifier of the access record at a time: their posts; and who could see a person's rows then.
Each app tells of the posts that it gives and the rows that it shows."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from .holdings import Person


@dataclass(frozen=True)
class Post:
    """`words`: "문산읍 직원". `until` None: still held. `role`, `district`: as the app that gives it calls them."""

    identifier: str
    words: str
    since: datetime
    until: datetime | None
    role: str
    district: str = ""

    def held_at(self, at: datetime) -> bool:
        return self.since <= at and (self.until is None or self.until > at)


#: Of these identifiers all posts there were. One query each.
Tell = Callable[[Collection[str]], Iterable[Post]]
_tells: list[Tell] = []


def register(tell: Tell) -> Tell:
    _tells.append(tell)
    return tell


def posts(identifiers: Collection[str]) -> list[Post]:
    return [post for tell in _tells for post in tell(identifiers)]


def office_at(all_posts: Iterable[Post], identifier: str, at: datetime) -> str:
    """What somebody was then, in words: "문산읍 직원, 당직"; "" if they held nothing."""
    held = [post for post in all_posts if post.identifier == identifier and post.held_at(at)]
    return ", ".join(sorted({post.words for post in held}))


@dataclass(frozen=True)
class Sight:
    """That somebody could open something of a person: `what` of theirs, and because of which post."""

    identifier: str
    what: str
    because: str


#: Who could see what of a person at that moment, by the rules of one app.
Sees = Callable[[Person, datetime], Iterable[Sight]]
_sees: list[Sees] = []
#: Of a phone as it was typed. ValueError, whose text says in Korean what to type.
PersonOf = Callable[[str], Person]
_person_of: list[PersonOf] = []


def register_sight(sees: Sees) -> Sees:
    _sees.append(sees)
    return sees


def sights(person: Person, at: datetime) -> list[Sight]:
    """Everybody who could, by name of the account."""
    return sorted(
        {one for sees in _sees for one in sees(person, at)}, key=lambda one: (one.what, one.identifier)
    )


def know_people(person_of: PersonOf) -> None:
    _person_of[:] = [person_of]


def person_of(typed: str) -> Person:
    return _person_of[0](typed)
