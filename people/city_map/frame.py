"""From degrees to the units of a drawing. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, radians

from ..geometry import Ring

WIDTH = 1000

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """The part of the earth that is drawn, flat and north up: right to 0.1 % over the city."""

    west: float
    north: float
    across: float  # units per degree of longitude
    down: float  # units per degree of latitude
    height: int
    width: int = WIDTH

    def point(self, lat: float, lon: float) -> Point:
        return (lon - self.west) * self.across, (self.north - lat) * self.down

    def points(self, ring: Ring) -> list[Point]:
        return [self.point(lat, lon) for lon, lat in ring]

    def shows(self, ring: Ring) -> bool:
        """Whether the box around the ring touches the frame."""
        xs, ys = zip(*self.points(ring), strict=True)
        return min(xs) < self.width and max(xs) > 0 and min(ys) < self.height and max(ys) > 0


def frame_around(rings: Iterable[Ring], margin: float) -> Frame:
    """The frame, WIDTH units wide, around the rings with a margin (share of the longer side) at each edge.

    What is taller than wide gets room at its sides: a drawing is never longer than wide.
    """
    lons, lats = zip(*((lon, lat) for ring in rings for lon, lat in ring), strict=True)
    west, east, south, north = min(lons), max(lons), min(lats), max(lats)
    squeeze = cos(radians((south + north) / 2))
    wide, tall = (east - west) * squeeze, north - south
    side = max(wide, tall) / (1 - 2 * margin)
    edge = side * margin
    down = WIDTH / side
    return Frame(
        west=(west + east) / 2 - side / 2 / squeeze,
        north=north + edge,
        across=down * squeeze,
        down=down,
        height=round((tall + 2 * edge) * down),
    )


def path(points: Iterable[Point]) -> str:
    """A closed SVG path in relative steps of one decimal; steps of nothing are left out."""
    steps: list[str] = []
    start, last = "", (0, 0)
    for x, y in points:
        here = round(x * 10), round(y * 10)
        if not start:
            start = f"M{here[0] / 10:g} {here[1] / 10:g}l"
        elif here != last:
            steps.append(f"{(here[0] - last[0]) / 10:g} {(here[1] - last[1]) / 10:g}")
        last = here
    return start + " ".join(steps).replace(" -", "-") + "z"
