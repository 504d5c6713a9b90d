"""Where an alert holds (CAP 1.2, section 3.2.4): polygons, circles and geocodes. Pure.

What could be read in two ways is refused: a polygon that crosses itself, is not closed, or whose latitude and
longitude are exchanged would reach the wrong villages.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt

from people.geometry import Ring, inside

from .refused import Refused

#: Points of one polygon. Outlines of districts to 25 m have some hundred.
MOST_POINTS = 1000
MOST_SHAPES = 50
DECIMALS = 15
_NUMBER = rf"[-+]?[0-9]{{1,3}}(?:\.[0-9]{{1,{DECIMALS}}})?"
_POINT = re.compile(rf"({_NUMBER}),({_NUMBER})")
_CIRCLE = re.compile(rf"({_NUMBER}),({_NUMBER})\s+\+?([0-9]{{1,5}}(?:\.[0-9]{{1,15}})?)")
EARTH_KM = 6371.0

Point = tuple[float, float]
Corner = tuple[int, int]


@dataclass(frozen=True)
class Circle:
    """Degrees, kilometres."""

    lat: float
    lon: float
    km: float

    def holds(self, lat: float, lon: float) -> bool:
        """On the sphere: the circle around an earthquake is too wide for flat geometry."""
        half = sin(radians(lat - self.lat) / 2) ** 2
        half += cos(radians(self.lat)) * cos(radians(lat)) * sin(radians(lon - self.lon) / 2) ** 2
        return 2 * EARTH_KM * asin(min(1.0, sqrt(half))) <= self.km


@dataclass(frozen=True)
class Area:
    """The union of its parts. `codes`: (valueName, value) as they came."""

    about: str
    polygons: tuple[Ring, ...] = ()
    circles: tuple[Circle, ...] = ()
    codes: tuple[tuple[str, str], ...] = ()

    def holds(self, lat: float, lon: float) -> bool:
        """Whether the point lies in one of the shapes; geocodes are for matching.py."""
        return any(inside(ring, lat, lon) for ring in self.polygons) or any(
            circle.holds(lat, lon) for circle in self.circles
        )


def area_of(
    about: str, polygons: Sequence[str], circles: Sequence[str], codes: Sequence[tuple[str, str]]
) -> Area:
    """From the texts of the elements. Raises Refused."""
    if len(polygons) + len(circles) > MOST_SHAPES:
        raise _bad("지역의 도형이 너무 많습니다.", f"at most {MOST_SHAPES} polygons and circles an area")
    if not all(name and value for name, value in codes):
        raise _bad("지역 코드의 이름이나 값이 비어 있습니다.", "a geocode without valueName or value")
    return Area(about, tuple(map(ring_of, polygons)), tuple(map(circle_of, circles)), tuple(codes))


def circle_of(text: str) -> Circle:
    """ "lat,lon km". Raises Refused."""
    found = _CIRCLE.fullmatch(text.strip())
    if not found:
        raise _bad("원은 '위도,경도 반지름(km)'으로 적어 주세요.", f"circle {text[:60]!r}: want 'lat,lon km'")
    lat, lon = _on_earth(float(found[1]), float(found[2]))
    return Circle(lat, lon, float(found[3]))


def ring_of(text: str) -> Ring:
    """ "lat,lon lat,lon …", the first again at the end → closed ring of [lon, lat]. Raises Refused."""
    pairs = text.split()
    if len(pairs) > MOST_POINTS:
        raise _bad(
            f"다각형의 점이 너무 많습니다. {MOST_POINTS:,}개까지 받습니다.",
            f"a polygon of more than {MOST_POINTS} points",
        )
    points: list[Point] = []
    corners: list[Corner] = []
    for pair in pairs:
        found = _POINT.fullmatch(pair)
        if not found:
            raise _bad(
                "다각형은 '위도,경도 위도,경도 …'로 적어 주세요.", f"polygon: {pair[:40]!r} is no 'lat,lon'"
            )
        point = _on_earth(float(found[1]), float(found[2]))
        if not points or points[-1] != point:
            points.append(point)
            corners.append((_exact(found[1]), _exact(found[2])))
    if len(points) < 4:
        raise _bad("다각형에는 점이 넷 이상 있어야 합니다.", "a polygon needs at least four points")
    if points[0] != points[-1]:
        raise _bad("다각형이 닫혀 있지 않습니다. 첫 점을 끝에 다시 적어 주세요.", "the polygon is not closed")
    if any(abs(b[1] - a[1]) > 180 for a, b in pairwise(points)):
        raise _bad("날짜 변경선을 넘는 다각형은 받지 않습니다.", "a polygon over the 180th meridian")
    if crosses_itself(corners):
        raise _bad(
            "다각형의 변이 서로 엇갈리거나 닿습니다. 지역을 알 수 없어 받지 않습니다.",
            "the polygon crosses or touches itself",
        )
    return [[lon, lat] for lat, lon in points]


def crosses_itself(points: Sequence[Corner]) -> bool:
    """Whether sides of the closed ring meet anywhere but at their common corner. In whole numbers, so exactly.

    Only sides whose spans of latitude overlap are compared, so that an ordinary outline costs little.
    """
    sides = sorted((min(a[0], b[0]), max(a[0], b[0]), n, a, b) for n, (a, b) in enumerate(pairwise(points)))
    last = len(sides) - 1
    for at, (_, high, n, a, b) in enumerate(sides):
        for low, _, m, c, d in sides[at + 1 :]:
            if low > high:
                break
            if (m - n) in (1, -last):  # d, or c, follows on the side before
                if _folds_back(a, b, d):
                    return True
            elif (n - m) in (1, -last):
                if _folds_back(c, d, b):
                    return True
            elif _meet(a, b, c, d):
                return True
    return False


def _turn(a: Corner, b: Corner, c: Corner) -> int:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _folds_back(a: Corner, b: Corner, c: Corner) -> bool:
    """Whether, having gone from a to b, one goes back over the same line to c."""
    return _turn(a, b, c) == 0 and (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]) < 0


def _meet(a: Corner, b: Corner, c: Corner, d: Corner) -> bool:
    if max(a[1], b[1]) < min(c[1], d[1]) or max(c[1], d[1]) < min(a[1], b[1]):
        return False
    one, two, three, four = _turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)
    if ((one > 0) != (two > 0)) and ((three > 0) != (four > 0)) and one and two and three and four:
        return True
    return (
        (one == 0 and _between(a, b, c))
        or (two == 0 and _between(a, b, d))
        or (three == 0 and _between(c, d, a))
        or (four == 0 and _between(c, d, b))
    )


def _between(a: Corner, b: Corner, on_line: Corner) -> bool:
    return all(min(a[i], b[i]) <= on_line[i] <= max(a[i], b[i]) for i in (0, 1))


def _exact(number: str) -> int:
    whole, _, part = number.partition(".")
    return int(whole + part.ljust(DECIMALS, "0"))


def _on_earth(lat: float, lon: float) -> Point:
    if abs(lat) > 90:
        raise _bad(
            "위도가 90도를 넘습니다. 위도와 경도의 차례가 바뀐 것 같습니다.",
            f"latitude {lat}: latitude comes first; are they exchanged?",
        )
    if abs(lon) > 180:
        raise _bad("경도가 180도를 넘습니다.", f"longitude {lon}")
    return lat, lon


def _bad(korean: str, english: str) -> Refused:
    return Refused("wrong_area", korean, english)
