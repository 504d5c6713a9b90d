"""The land under the signs: shapes of districts, and names. Pure; kept per process, as districts do not move."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from people.models import District

from ..geometry import inside
from .frame import Frame, Point, frame_around, path
from .names import Box, Name, box_of, name_of_area, names_of_spots

#: A 동 smaller than this (km²) has no room for its name on the map of the whole city.
ROOM_FOR_A_NAME = 5.0
#: More villages than this are drawn without their names.
MOST_NAMES = 45


@dataclass(frozen=True, slots=True)
class Sizes:
    """Units of the drawing (1000 wide): height of letters, half the width of a sign. As static/css/map.css draws."""

    letters: float
    reach: float


#: On a phone the drawing is a third as wide as on a PC, so letters must be larger and fewer names have room.
CITY = {"wide": Sizes(18, 7), "phone": Sizes(26, 8)}
DISTRICT = {"wide": Sizes(20, 11), "phone": Sizes(32, 14)}


@dataclass(frozen=True, slots=True)
class Shape:
    """A district. `kind`: "here" (it has villages on the map), "empty" or "around" (a neighbour, cropped)."""

    name: str
    path: str
    kind: str


@dataclass(frozen=True, slots=True)
class Area:
    code: str
    name: str
    is_small: bool
    middle: Point
    outline: list[Point]
    path: str

    @property
    def box(self) -> Box:
        xs, ys = zip(*self.outline, strict=True)
        return min(xs), min(ys), max(xs), max(ys)


class Land:
    """The frame and the shapes of some districts; `only`: the code of the one that fills the frame."""

    def __init__(self, districts: Iterable[District], only: str | None) -> None:
        drawn = [d for d in districts if d.boundary]
        filling = [d.boundary for d in drawn if only in (None, d.code)]
        self.only = only
        self.frame: Frame = frame_around(filling, margin=0.02 if only is None else 0.06)
        self.areas = [self._area(d) for d in drawn if self.frame.shows(d.boundary)]

    def _area(self, d: District) -> Area:
        outline = self.frame.points(d.boundary)
        is_small = d.kind == "동" and d.area_km2 < ROOM_FOR_A_NAME
        return Area(d.code, d.name, is_small, self.frame.point(d.lat, d.lon), outline, path(outline))

    @lru_cache(maxsize=64)  # noqa: B019 a process has few lands and keeps them all
    def shapes(self, spots: frozenset[Point]) -> list[Shape]:
        """Every district that is seen, with whether it has a spot."""
        return [Shape(area.name, area.path, self._kind(area, spots)) for area in self.areas]

    def _kind(self, area: Area, spots: Iterable[Point]) -> str:
        if self.only is not None:
            return "here" if area.code == self.only else "around"
        left, top, right, bottom = area.box
        own = (spot for spot in spots if left <= spot[0] <= right and top <= spot[1] <= bottom)
        return "here" if any(inside(area.outline, y, x) for x, y in own) else "empty"

    @lru_cache(maxsize=64)  # noqa: B019
    def names(self, spots: frozenset[tuple[Point, str]]) -> dict[str, list[Name]]:
        """For "wide" and "phone" screens: names of the districts, or, where one fills the frame, of its villages."""
        if self.only is None:
            points = [point for point, _ in spots]
            return {screen: self._districts(sizes, points) for screen, sizes in CITY.items()}
        if len(spots) > MOST_NAMES:
            return {}
        room = (0.0, 0.0, float(self.frame.width), float(self.frame.height))
        # "문산읍 상이마을": on the map of 문산읍 the first word only takes room.
        here = next(f"{area.name} " for area in self.areas if area.code == self.only)
        villages = sorted((point, text.removeprefix(here)) for point, text in spots)
        return {
            screen: names_of_spots(villages, sizes.letters, sizes.reach, room)
            for screen, sizes in DISTRICT.items()
        }

    def _districts(self, sizes: Sizes, spots: Sequence[Point]) -> list[Name]:
        names: list[Name] = []
        size, reach = sizes.letters, sizes.reach
        for area in self.areas:
            if not area.is_small:
                taken = [box_of(name, size) for name in names]
                names.append(name_of_area(area.name, size, reach, area.middle, area.outline, spots, taken))
        return names


_lands: dict[tuple[str | None, ...], Land] = {}


def land(districts: Sequence[District], only: str | None) -> Land:
    """The land of these districts, made once a process: they change by a migration only."""
    key = only, *(d.code for d in districts)
    if key not in _lands:
        _lands[key] = Land(districts, only)
    return _lands[key]
