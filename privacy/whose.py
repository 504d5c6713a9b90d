"""Who stood behind an identifier of the access record at a time: their posts. Each app tells of those that it gives."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime


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
