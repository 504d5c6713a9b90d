"""가구: one spelling for one household, by its address and unit; and whether an address is in Jinju. Pure.

Source of the spelling: 도로명주소법 (a road name is unique within a city, so road and number say it all; 읍면동 and the
building's name in parentheses are an aid). An address by lot (지번) keeps its 읍면 and 동·리: names of 리 repeat.
What two spellings have in common nobody can know for sure: a clerk confirms the household, or writes down why not.
"""

import re
import unicodedata
from collections.abc import Collection
from itertools import pairwise

from . import unit_spelling

#: Characters that are read and given; forms take 200 and 40.
MOST = 400
#: Reading what was read once may show more ("101동" behind a name that is gone); after these nothing is left to see.
PASSES = 8

_PROVINCE = re.compile(r"^(?:대한민국\s*)?(?:경상남도|경남(?![가-힣]*(?:로|길)))\s*")
_JINJU = re.compile(r"^(?:진주시|진주(?=\s+(?!대로)))\s*")
_POSTCODE = re.compile(r"^(?:우\s*)?[(\[]?\s*[0-9]{5}\s*[)\]]?(?=\s|[가-힣])\s*")
_PARENTHESES = re.compile(r"\(([^()]*)\)")
_DASHES = re.compile(r"(?<=[0-9동호층])\s*[-‐‑‒–—―−﹣－~∼〜～ㅡ/]\s*(?=[0-9])")
_PUNCTUATION = re.compile(r"[^0-9a-z가-힣()\-]+")
_NOT_A_UNIT = r"(?![0-9]|\s*(?:호|층|동|번\s*길|길))"
_NUMBER = rf"(?P<main>[0-9]+)(?:\s*-\s*(?P<sub>[0-9]+))?{_NOT_A_UNIT}(?:\s*번(?:지)?(?!\s*길))?"
_ROAD = re.compile(
    r"(?<![0-9a-z가-힣])(?P<road>[0-9a-z가-힣]*[가-힣](?:로|길))"
    r"(?:\s*(?P<branch>[0-9]+)\s*(?P<way>번?)\s*(?P<side>[가-하]?길))?"
    rf"\s*(?P<kind>지하)?\s*{_NUMBER}"
)
_LOT = re.compile(
    r"(?P<road>[가-힣]{2,}[0-9]?(?:동|리|가)|(?<![가-힣])(?![가나다라마바사아자차카타파하])[가-힣](?:동|리))"
    r"\s*(?P<kind>산)?\s*(?P<main>[0-9]+)(?:\s*번지)?(?:\s*(?:-|의)\s*(?P<sub>[0-9]+))?"
    rf"{_NOT_A_UNIT}(?:\s*번지)?"
)
_TOWN_BEFORE_ROAD = re.compile(r"^[가-힣]{2,3}[읍면](?=[가-힣]{2,}(?:로|길))")
_AREA = re.compile(r"(?<![0-9a-z가-힣])[가-힣]+[0-9]?(?:읍|면|동|리)(?![0-9a-z가-힣])")


def normalised(address: str, unit: str) -> str:
    """The same for every usual way to write the same household; at most MOST characters. Never raises.

    "경상남도 진주시 문산읍 동부로 12, 101동 202호 (무지개아파트)" → "동부로 12 101동 202호". Is its own spelling.
    """
    text = _read(address[:MOST], unit[:MOST])
    for _ in range(PASSES):
        again = _read(text, "")
        if again == text:
            break
        text = again
    return text


def _read(address: str, unit: str) -> str:
    text, unit = _plain(address), _PUNCTUATION.sub(" ", _plain(unit)).replace("(", " ").replace(")", " ")
    text = _PUNCTUATION.sub(" ", _POSTCODE.sub("", text)).strip()
    text = _JINJU.sub("", _PROVINCE.sub("", text))
    aside = " ".join(_PARENTHESES.findall(text))
    outside = _opened(_PARENTHESES.sub(" ", text))
    place, rest = _place(outside)
    if not place:  # the 동 may stand in parentheses, or a name is all there is
        aside = ""
        place, rest = _place(_opened(text))
    if place:
        rest = unit_spelling.without_building(rest)
    else:
        place, rest = unit_spelling.split(_opened(text))
        place = unit_spelling.closed(place)
    parts = [rest, unit_spelling.only_units(aside), unit]
    return f"{place} {unit_spelling.spelled(parts)}".strip()[:MOST].strip()


def _plain(text: str) -> str:
    """Composed letters, small, ASCII digits; one kind of dash between numbers."""
    text = _DASHES.sub("-", text)
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return _DASHES.sub("-", folded)


def _opened(text: str) -> str:
    return re.sub(r"[()\s]+", " ", text).strip()


def _place(text: str) -> tuple[str, str]:
    """Road or lot with its number, and what comes behind it; ("", text) if there is none."""
    if found := _ROAD.search(text):
        head = _AREA.sub(" ", text[: found.start()])
        road = found["road"]
        if found["branch"]:
            road += f"{_number(found['branch'])}{found['way']}{found['side']}"
        road = _TOWN_BEFORE_ROAD.sub("", road)
    elif found := _LOT.search(text):
        head, road = text[: found.start()], found["road"]
    else:
        return "", text
    sub = f"-{_number(found['sub'])}" if found["sub"] else ""
    place = f"{unit_spelling.closed(head + road)} {found['kind'] or ''}{_number(found['main'])}{sub}"
    return place, text[found.end() :]


def _number(digits: str) -> str:
    return digits.lstrip("0") or "0"


#: 시·군 of 경상남도 besides Jinju, and the other provinces, by the names that people write without 시, 군 or 도.
_NEIGHBOURS = "창원 통영 사천 김해 밀양 거제 양산 의령 함안 창녕 고성 남해 하동 산청 함양 거창 합천 마산 진해"
_PROVINCES = (
    "서울 부산 대구 인천 광주 대전 울산 세종 경기 강원 충북 충남 전북 전남 경북 제주 "
    "충청북도 충청남도 전라북도 전라남도 경상북도"
)
_ELSEWHERE = frozenset(f"{_NEIGHBOURS} {_PROVINCES}".split())
_CITY = re.compile(r"[가-힣]{1,5}(?:시|군|구)|[가-힣]{2,4}(?:특별자치도|도)")
_PLACE_WORD = re.compile(r"[0-9a-z가-힣]*(?:시|군|구|읍|면|동|리|로|길)")


def is_in_jinju(address: str, areas: Collection[str]) -> bool | None:
    """True: names 진주시 or one of `areas` (읍면동, 법정동·리); False: names another 시 or 군; None: neither.

    Advice, no proof: another city has a 상평동 too. The first city that is named counts.
    """
    text = _POSTCODE.sub("", _plain(address[:MOST]))
    text = re.sub(r"^(?:대한민국\s*)?(?:경상남도|경남)(?=\s|[가-힣]+시|[가-힣]+군)\s*", "", text.strip())
    words = _PUNCTUATION.sub(" ", text).replace("(", " ").replace(")", " ").split()
    for word, following in pairwise([*words, ""]):
        if word.startswith("진주시") or (word == "진주" and following != "대로"):
            return True
        if any(letter.isdigit() for letter in word):
            break  # numbers come behind the names of places
        if _is_elsewhere(word, following) and word not in areas:
            return False
    if any(word in areas or any(_begins_with(word, area) for area in areas) for word in words):
        return True
    return None


def _is_elsewhere(word: str, following: str) -> bool:
    if word in _ELSEWHERE:
        return bool(_PLACE_WORD.fullmatch(following))
    return bool(_CITY.fullmatch(word))


def _begins_with(word: str, area: str) -> bool:
    """문산읍상문리, 상평동123-4."""
    behind = word.removeprefix(area)
    return behind != word and (behind[:1].isdigit() or (area[-1] in "읍면" and behind[-1:] in "리로길"))
