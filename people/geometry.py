"""Points and shapes on a patch of the earth small enough to be flat. Pure.

A ring is a closed list of [lon, lat] in degrees (as `District.boundary`), a point is (lat, lon) as people write it.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import cos, hypot, inf, radians

Ring = Sequence[Sequence[float]]

METRES_PER_DEGREE = 111_195.0  # of latitude


def distance_m(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Metres between two points a few dozen kilometres apart at most."""
    east = (other_lon - lon) * cos(radians(lat))
    return hypot(east, other_lat - lat) * METRES_PER_DEGREE


def inside(ring: Ring, lat: float, lon: float) -> bool:
    """Whether the point lies in the shape (even-odd rule; a point on the border may go either way)."""
    odd = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
            odd = not odd
    return odd


def border_m(ring: Ring, lat: float, lon: float) -> float:
    """Metres from the point to the nearest place on the border, from inside as from outside."""
    across = cos(radians(lat))
    nearest = inf
    x1, y1 = (ring[0][0] - lon) * across, ring[0][1] - lat
    for x, y in ring[1:]:
        x2, y2 = (x - lon) * across, y - lat
        dx, dy = x2 - x1, y2 - y1
        length = dx * dx + dy * dy
        along = min(1.0, max(0.0, -(x1 * dx + y1 * dy) / length)) if length else 0.0
        nearest = min(nearest, hypot(x1 + along * dx, y1 + along * dy))
        x1, y1 = x2, y2
    return nearest * METRES_PER_DEGREE


def outside_m(ring: Ring, lat: float, lon: float) -> float:
    """Metres by which the point lies outside the shape; 0 inside."""
    return 0.0 if inside(ring, lat, lon) else border_m(ring, lat, lon)
