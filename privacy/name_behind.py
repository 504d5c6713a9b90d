"""이름 확인: a phone is not a person. Numbers are given to others, and families share one. Who opens what is held
behind a phone says a name that stands on some of it, and sees what is of that name or of none (person.py)."""

from dataclasses import replace

from django.http import HttpRequest

from . import tries
from .holdings import Person
from .person import name_code, names, plain

#: Wrong names for one phone within an hour.
MOST, WITHIN = 5, 3600
KEY = "named_behind"


class TooMany(Exception):
    """Its text says in Korean what to do instead."""


def said(request: HttpRequest, person: Person) -> Person | None:
    """The person with the name that this session said; None while one is to be said. A phone behind
    which no name stands is enough; asked of the database once a session."""
    kept = request.session.get(KEY, {})
    if kept.get("phone") == person.index:
        return replace(person, name=kept["name"])
    if names(person):
        return None
    request.session[KEY] = {"phone": person.index, "name": ""}
    return person


def say(request: HttpRequest, person: Person, name: str) -> bool:
    """Whether it is one of them. TooMany: wrong ones are counted for the phone, whoever says them."""
    # Counted before anything is looked up, and given back if it was right: many at once gain nothing.
    if tries.count("name-behind", person.index, WITHIN) > MOST:
        raise TooMany(
            "여러 번 맞지 않아 잠시 멈췄습니다. 한 시간 뒤에 다시 하시거나 아래 번호로 전화해 주세요."
        )
    if plain(name) not in names(person):
        return False
    tries.count("name-behind", person.index, WITHIN, by=-1)
    request.session[KEY] = {"phone": person.index, "name": name_code(plain(name))}
    return True
