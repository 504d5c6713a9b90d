"""The map of the city as SVG geometry: district shapes, one sign a village, names. Pure.

Drawn by templates/broadcast/_map.html; the same facts stand in a table of the page beneath it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from people.city_map import ATTRIBUTION
from people.city_map.frame import Point
from people.city_map.land import Shape, land
from people.city_map.names import Name
from people.models import District

from .signs import SIGN_OF, SIGNS, Sign

__all__ = ["ATTRIBUTION", "Drawing", "Mark", "Spot", "drawing"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A village. `state`: of states.State, "silent" or "online" (its device), or "" (nothing to tell)."""

    lat: float
    lon: float
    label: str
    state: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Spot:
    """A mark as it is drawn. `sign`: the key of its sign; `title`: shown where the mouse rests."""

    x: str
    y: str
    sign: str
    title: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Drawing:
    """`names`: by the width of the screen, "wide" and "phone".

    `legend`: the signs that occur, with how many villages: also the map's alternative in words.
    """

    width: int
    height: int
    scope: str  # "city" or "district": how large signs and letters are
    shapes: Sequence[Shape]
    spots: Sequence[Spot]
    names: Mapping[str, Sequence[Name]]
    legend: Sequence[tuple[Sign, int]]
    attribution: str = ATTRIBUTION


def drawing(
    districts: Sequence[District], marks: Sequence[Mark], only_district: str | None = None
) -> Drawing:
    """The marks on the land of the districts; `only_district`: the code of the one to show, its neighbours cropped.

    Raises KeyError for a state without a sign, ValueError if `only_district` is none of the districts.
    """
    ground = land(districts, only_district)
    # What matters most is drawn last, above the others.
    marks = sorted(marks, key=lambda mark: SIGNS.index(SIGN_OF[mark.state]), reverse=True)
    points = [ground.frame.point(mark.lat, mark.lon) for mark in marks]
    count = Counter(SIGN_OF[mark.state].key for mark in marks)
    return Drawing(
        width=ground.frame.width,
        height=ground.frame.height,
        scope="city" if only_district is None else "district",
        shapes=ground.shapes(frozenset(points)),
        spots=[_spot(mark, point) for mark, point in zip(marks, points, strict=True)],
        names=ground.names(frozenset(zip(points, (mark.label for mark in marks), strict=True))),
        legend=[(sign, count[sign.key]) for sign in SIGNS if count[sign.key]],
    )


def _spot(mark: Mark, point: Point) -> Spot:
    sign = SIGN_OF[mark.state]
    return Spot(f"{point[0]:.1f}", f"{point[1]:.1f}", sign.key, f"{mark.label}: {sign.label}", mark.url)
