"""What is read aloud of an alert: its headline, description and instruction, once each, cut at a sentence. Pure."""

import re

from .message import Info

_END = re.compile(r"[.!?。](?=\s|$)")
HANGUL = re.compile("[가-힣]")


def words_of(info: Info, most: int) -> str:
    """At most `most` letters. Where nothing is said, the event and the names of the areas."""
    said: list[str] = []
    for part in (info.headline, info.description, info.instruction):
        sentence = _one_line(part)
        if sentence and not any(_bare(sentence) in _bare(before) for before in said):
            said = [before for before in said if _bare(before) not in _bare(sentence)]
            said.append(sentence if _END.search(sentence[-1]) else f"{sentence}.")
    if not said:
        places = ", ".join(_one_line(area.about) for area in info.areas)
        said = [_one_line(f"{info.event}. {places}.")]
    return cut(" ".join(said), most)


def cut(text: str, most: int) -> str:
    """The whole sentences that have room; if the first has none, as many words as have."""
    if len(text) <= most:
        return text
    ends = [found.end() for found in _END.finditer(text[: most + 1]) if found.end() <= most]
    if ends:
        return text[: ends[-1]]
    head = text[:most]
    return (head.rsplit(" ", 1)[0] if " " in head else head).strip()


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _bare(text: str) -> str:
    return text.rstrip(".!?。 ")
