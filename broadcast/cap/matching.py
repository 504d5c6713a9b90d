"""Which villages an alert's areas reach. Pure: villages come in as places.

A village is a point (its hall, or the middle of its 리). Where no point lies in a small shape, as around a fire on a
hill, the villages NEAR_KM away are offered to a person; they are never sent to by rule.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from people.geometry import distance_m, outside_m

from .areas import Area

NEAR_KM = 2.0

#: Names of geocodes (CAP leaves them to whoever uses them), without blanks, in small letters. The values are the
#: codes of 행정안전부 with 2, 5, 8 or 10 digits: 시·도, 시·군·구, 읍·면·동, 리.
ADMINISTRATIVE = frozenset({"행정동코드", "행정동", "hjdong", "hjdongcode", "adm_cd", "admcode"})
LEGAL = frozenset({"법정동코드", "법정동", "법정리코드", "bjdong", "bjdongcode", "legalcode"})
EITHER = frozenset({"행정구역코드", "지역코드", "시군구코드", "시도코드", "sigungu", "sido", "region_cd"})


@dataclass(frozen=True)
class Place:
    """A village: `district` and `legal` are codes of ten digits, `legal` "" where nobody wrote it down."""

    pk: int
    lat: float
    lon: float
    district: str
    legal: str = ""


@dataclass(frozen=True)
class Match:
    """`near`: none lies inside, these lie NEAR_KM around. `unread`: names of geocodes that mean nothing here."""

    villages: frozenset[int]
    near: frozenset[int] = frozenset()
    unread: tuple[str, ...] = ()


def match(areas: Sequence[Area], places: Sequence[Place]) -> Match:
    """The union of all parts of all areas (CAP 1.2, section 3.2.4)."""
    codes = set()
    for name, value in (pair for area in areas for pair in area.codes):
        if (scheme := _scheme(name)) and (code := ten_digits(value)):
            codes.add((scheme, code))
    unread = tuple(
        sorted({n for a in areas for n, value in a.codes if not _scheme(n) or not ten_digits(value)})
    )
    hit = frozenset(
        place.pk
        for place in places
        if any(area.holds(place.lat, place.lon) for area in areas)
        or any(code_holds(scheme, code, place) for scheme, code in codes)
    )
    if hit:
        return Match(hit, unread=unread)
    return Match(hit, frozenset(p.pk for p in places if any(_is_near(a, p) for a in areas)), unread)


def code_holds(scheme: frozenset[str], code: str, place: Place) -> bool:
    """`code` of ten digits; zeros at its end mean all that lies within."""
    if code.endswith("00000"):
        level = 2 if code.endswith("00000000") else 5
        return place.district[:level] == code[:level]
    if scheme is not LEGAL and place.district == code:
        return True
    if scheme is ADMINISTRATIVE:
        return False
    if not place.legal:
        # 읍 and 면 have one code, whichever way they are counted.
        return place.district == code
    return place.legal[:8] == code[:8] if code.endswith("00") else place.legal == code


def ten_digits(value: str) -> str:
    """A code as ten digits; "" for what is none."""
    value = value.strip()
    if not (value.isascii() and value.isdigit() and len(value) in (2, 5, 8, 10)) or value.startswith("00"):
        return ""
    return value.ljust(10, "0")


def _scheme(name: str) -> frozenset[str] | None:
    plain = "".join(name.split()).lower()
    return next((scheme for scheme in (ADMINISTRATIVE, LEGAL, EITHER) if plain in scheme), None)


def _is_near(area: Area, place: Place) -> bool:
    return any(outside_m(ring, place.lat, place.lon) <= NEAR_KM * 1000 for ring in area.polygons) or any(
        distance_m(c.lat, c.lon, place.lat, place.lon) <= (c.km + NEAR_KM) * 1000 for c in area.circles
    )
