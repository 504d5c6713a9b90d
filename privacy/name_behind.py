"""이름 확인: a phone is not a person. Numbers are given to others, and families share one. Who opens what is held
behind a phone says a name that stands on some of it; without any name on it, the phone alone is enough."""

import time
import unicodedata

from django.core.cache import cache
from django.http import HttpRequest

from .holdings import Person, holdings
from .keys import blind_index

#: Wrong names for one phone within an hour.
MOST, WITHIN = 5, 3600
KEY = "named_behind"


class TooMany(Exception):
    """Its text says in Korean what to do instead."""


def plain(name: str) -> str:
    """As two spellings of one name are compared: 예시 한아름 is 예시한아름."""
    return "".join(unicodedata.normalize("NFC", name).split()).casefold()


def names(person: Person) -> set[str]:
    """Those that stand on rows behind this phone, plain."""
    found = {
        plain(holding.named(row))
        for holding in holdings()
        if holding.of is not None and holding.named is not None
        for row in holding.of(person)
    }
    return found - {""}


def is_said(request: HttpRequest, person: Person) -> bool:
    """Whether this session may open it; asked of the database once a session."""
    if request.session.get(KEY) != person.index and not names(person):
        request.session[KEY] = person.index
    return bool(request.session.get(KEY) == person.index)


def say(request: HttpRequest, person: Person, name: str) -> bool:
    """Whether it is one of them. TooMany: wrong ones are counted for the phone, whoever says them."""
    counter = f"name-behind:{int(time.time()) // WITHIN}:{blind_index('name behind', person.index)}"
    cache.add(counter, 0, WITHIN)
    # Counted before anything is looked up, and given back if it was right: many at once gain nothing.
    if cache.incr(counter) > MOST:
        raise TooMany(
            "여러 번 맞지 않아 잠시 멈췄습니다. 한 시간 뒤에 다시 하시거나 아래 번호로 전화해 주세요."
        )
    if plain(name) not in names(person):
        return False
    cache.decr(counter)
    request.session[KEY] = person.index
    return True
