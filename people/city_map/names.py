"""Where names go on the map so that none covers a sign or another name. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..geometry import inside
from .frame import Point

Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Name:
    """`x`, `y`: where the base line starts, is centred or ends, as `anchor` (SVG text-anchor) says."""

    x: float
    y: float
    anchor: str
    text: str

    @property
    def at(self) -> tuple[str, str]:
        """For the template: numbers as SVG writes them, in whatever language the page is."""
        return f"{self.x:.1f}", f"{self.y:.1f}"


def width_of(text: str, size: float) -> float:
    """Korean letters are as wide as high, Latin ones, digits and spaces about half."""
    return sum(1.0 if letter > "\u1100" else 0.55 for letter in text) * size


def box_of(name: Name, size: float) -> Box:
    width = width_of(name.text, size)
    left = name.x - {"start": 0.0, "middle": width / 2, "end": width}[name.anchor]
    return left, name.y - size * 0.9, left + width, name.y + size * 0.2


def overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def around(point: Point, reach: float) -> Box:
    return point[0] - reach, point[1] - reach, point[0] + reach, point[1] + reach


def names_of_spots(spots: Sequence[tuple[Point, str]], size: float, reach: float, room: Box) -> list[Name]:
    """A name beside each spot: right, left, above, below, askew, the first that is free; none where there is no room.

    `reach`: half the width of a sign; `room`: the frame, over whose edge no name goes.
    """
    taken = [around(point, reach) for point, _ in spots]
    names = []
    for (x, y), text in spots:
        low, high = y + reach * 1.5 + size * 0.8, y - reach * 1.5
        choices = (
            Name(x + reach * 1.4, y + size * 0.35, "start", text),
            Name(x - reach * 1.4, y + size * 0.35, "end", text),
            Name(x, high, "middle", text),
            Name(x, low, "middle", text),
            Name(x + reach * 0.8, high, "start", text),
            Name(x + reach * 0.8, low, "start", text),
            Name(x - reach * 0.8, high, "end", text),
            Name(x - reach * 0.8, low, "end", text),
        )
        found = next((name for name in choices if _free(box_of(name, size), taken, room)), None)
        if found:
            names.append(found)
            taken.append(box_of(found, size))
    return names


def _free(box: Box, taken: Sequence[Box], room: Box) -> bool:
    within = box[0] >= room[0] and box[1] >= room[1] and box[2] <= room[2] and box[3] <= room[3]
    return within and not any(overlap(box, other) for other in taken)


def name_of_area(
    text: str,
    size: float,
    reach: float,
    middle: Point,
    outline: Sequence[Point],
    spots: Sequence[Point],
    taken: Sequence[Box],
) -> Name:
    """The name in its area, off the names there (`taken`), clear of the spots if it can be and near the middle."""
    xs, ys = zip(*outline, strict=True)
    left, top, wide, tall = min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)
    half = width_of(text, size) / 2
    near = [s for s in spots if -half < s[0] - left < wide + half and -size < s[1] - top < tall + size]
    clear = reach + size * 0.3

    def score(at: Point) -> float:
        """Room to the nearest spot counts until it is clear; beyond that nearness to the middle does."""
        gap = min((max(abs(x - at[0]) - half, abs(y - at[1]) - size / 2) for x, y in near), default=clear)
        return min(gap, clear) * 20 - abs(at[0] - middle[0]) - abs(at[1] - middle[1])

    places = ((left + wide * i / 14, top + tall * j / 18) for i in range(1, 14) for j in range(1, 18))
    for x, y in sorted(places, key=score, reverse=True):
        if all(inside(outline, y, x + dx) for dx in (-half * 0.75, 0, half * 0.75)):
            name = Name(x, y + size * 0.35, "middle", text)
            if not any(overlap(box_of(name, size), box) for box in taken):
                return name
    return Name(middle[0], middle[1] + size * 0.35, "middle", text)
