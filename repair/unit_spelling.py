"""동·호: one spelling for the part of an address that is behind the house number. Pure; for household.py."""

import re
from collections.abc import Iterable

#: Behind a name only of three digits: 하대1동 is no block.
_BLOCK = "(?<![0-9a-z가-힣])(?:[0-9]+|[a-z]|[가나다라마바사아자차카타파하])|(?<![0-9a-z])[0-9]{3,}"
_TOKEN = re.compile(
    rf"(?<![0-9a-z가-힣-])(?P<pair>{_BLOCK})\s*-\s*(?P<of_pair>[0-9]+)(?:\s*호실?)?(?![0-9a-z가-힣-])"
    r"|(?:반지하|지하|지층)(?:\s*(?P<below>[0-9]{1,2})\s*(?:층|f(?![a-z]))?(?![0-9]|\s*(?:호|동)))?"
    r"|(?<![0-9a-z가-힣])b\s*(?P<basement>[0-9])\s*(?:층|f)?(?![0-9a-z가-힣])"
    rf"|(?:제\s*)?(?P<block>{_BLOCK})\s*동(?![가-힣])"
    r"|(?:제\s*)?(?P<door>(?:(?<![a-z])[a-z])?[0-9]+)\s*호실?"
    r"|(?:제\s*)?(?P<floor>[0-9]+)\s*(?:층|f(?![a-z]))"
    r"|(?<![0-9a-z가-힣-])(?P<bare>[0-9]+)(?![0-9a-z가-힣-])"
)
_BUILDING = "아파트|apt|오피스텔|연립주택|연립|빌라트|빌라|맨션|빌딩|타운|하이츠|원룸|주택"
_FIRST_BUILDING = re.compile(
    rf"^\s*(?!\S*[0-9]\s*(?:동|호|층))[0-9a-z가-힣]*(?:\s+[가-힣a-z]+)?\s*(?:{_BUILDING})(?![가-힣a-z])"
)
_LATER_BUILDING = re.compile(rf"(?<![0-9a-z가-힣])[가-힣a-z]*(?:{_BUILDING})(?![가-힣a-z])")


def without_building(rest: str) -> str:
    """Without the building's name: road or lot and number say which one it is."""
    return _LATER_BUILDING.sub(" ", _FIRST_BUILDING.sub(" ", rest))


def split(text: str) -> tuple[str, str]:
    """A place without any house number ("상평동 무지개아파트 101동 202호"): its name, and the unit behind it."""
    text = re.sub(rf"({_BUILDING})(?=[0-9])", r"\1 ", text.replace("apt", "아파트"))
    tokens = [found for found in _TOKEN.finditer(text) if found.start()]
    return (text[: tokens[0].start()], text[tokens[0].start() :]) if tokens else (text, "")


def only_units(aside: str) -> str:
    """Of words in parentheses, blocks, doors and floors; their names do not matter."""
    return " ".join(found[0] for found in _TOKEN.finditer(aside) if not found["bare"])


def closed(text: str) -> str:
    """Without spaces, but for those that keep two numbers or Latin words apart."""
    return re.sub(r"\s+(?![0-9a-z])|(?<![0-9a-z])\s+", "", " ".join(text.split()))


def spelled(parts: Iterable[str]) -> str:
    """Block, floor, door and whatever else, of several fields that may say the same."""
    blocks: list[str] = []
    floors: list[str] = []
    doors: list[str] = []
    bares: list[str] = []
    others: list[str] = []
    for part in parts:
        said = _parsed(part)
        for known, new in zip((blocks, floors, doors, bares, others), said, strict=True):
            known += [one for one in new if one not in known] if known else new
    bares = [one for one in bares if one not in doors and one not in blocks] or []
    if len(bares) == 2 and not blocks and not doors:
        blocks, doors, bares = bares[:1], bares[1:], []
    elif len(bares) == 1 and doors and not blocks:
        blocks, bares = bares, []
    doors += bares
    # The floor is in the number of the door.
    floors = [floor for floor in floors if not any(door[:-2] == floor for door in doors)]
    named = [f"{one}동" for one in blocks]
    named += [f"지하{floor[1:]}층" if floor.startswith("b") else f"{floor}층" for floor in floors]
    named += [f"{one}호" for one in doors]
    return " ".join([*named, *filter(None, [closed(" ".join(others))])])


def _parsed(part: str) -> tuple[list[str], list[str], list[str], list[str], list[str]]:
    blocks: list[str] = []
    floors: list[str] = []
    doors: list[str] = []
    bares: list[str] = []
    others: list[str] = []
    end = 0
    for found in _TOKEN.finditer(part):
        others.append(part[end : found.start()])
        end = found.end()
        if found["pair"]:
            blocks.append(_number(found["pair"]))
            doors.append(_number(found["of_pair"]))
        elif found["block"]:
            blocks.append(_number(found["block"]))
        elif found["door"]:
            doors.append(_number(found["door"]))
        elif found["floor"]:
            floors.append(_number(found["floor"]))
        elif found["bare"]:
            bares.append(_number(found["bare"]))
        else:
            floors.append(f"b{_number(found['below'] or found['basement'] or '1')}")
    others.append(part[end:])
    cleaned = [" ".join(other.replace("-", " ").split()) for other in others]
    return blocks, floors, doors, bares, [other for other in cleaned if other]


def _number(digits: str) -> str:
    return digits.lstrip("0") or "0"
