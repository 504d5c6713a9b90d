"""An example city to try the portal in: real districts and 법정리, and villages that say that they are examples.

The city counts 358 villages in 21 읍면동 (337 행정리 in the 16 읍면 in 2015); their list is not public. So: 337
villages over the 124 법정리 and 21 over five 동. Which 동 they are is not public either; the five largest stand in,
the ones with fields and hamlets at the edge of the city.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from math import cos, pi, radians, sin, sqrt
from pathlib import Path

from people import places
from people.geometry import METRES_PER_DEGREE, border_m, distance_m, inside

DATA = Path(__file__).parent / "data"
RURAL, URBAN = 337, 21
#: 판문동, 초장동, 가호동, 천전동, 이현동: of the 14 동 the five of the largest area.
DEMO_DONG = ("4817073000", "4817069500", "4817074000", "4817051500", "4817072000")


@dataclass(frozen=True, slots=True)
class DemoVillage:
    """`is_example`: the name is invented too (position and homes always are)."""

    code: str
    name: str
    district: str
    legal_area: str
    lat: float
    lon: float
    homes: int
    is_example: bool


@cache
def demo_villages() -> tuple[DemoVillage, ...]:
    """The 358, always the same."""
    names = known_names()
    areas = places.legal_areas()
    rural = [area for area in areas if area["kind"] == "리"]
    urban = [area for area in areas if area["district_id"] in DEMO_DONG]
    counts = {**shares(rural, names, RURAL, least=1), **shares(urban, names, URBAN, least=0)}
    villages: list[DemoVillage] = []
    taken: list[tuple[float, float]] = []
    for district in places.districts():
        own = [area for area in areas if area["district_id"] == district["code"]]
        for area in filter(lambda area: counts.get(area["code"]), own):
            spots = positions(area, own, district["boundary"], counts[area["code"]], taken)
            taken += spots
            for number, (lat, lon) in enumerate(spots, 1):
                villages.append(_village(area, number, names.get(area["code"], []), lat, lon))
    return tuple(villages)


def known_names() -> dict[str, list[str]]:
    """Legal code → names of villages that public pages tell (broadcast/data/SOURCES.md)."""
    names: dict[str, list[str]] = {}
    with (DATA / "known_villages.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names.setdefault(row["legal_code"], []).append(row["name"])
    return names


def shares(areas: Sequence[dict], names: dict[str, list[str]], total: int, least: int) -> dict[str, int]:
    """How many villages each legal area gets: at least its known ones, the rest by how much room it has."""
    counts = {area["code"]: max(least, len(names.get(area["code"], []))) for area in areas}
    room = {area["code"]: room_m(area, areas) for area in areas}
    for _ in range(total - sum(counts.values())):
        counts[max(counts, key=lambda code: (room[code] / (counts[code] + 1), code))] += 1
    return counts


def room_m(area: dict, areas: Iterable[dict]) -> float:
    """Metres from the centre of a legal area to that of its nearest neighbour in the district, at most 4 km."""
    own = area["code"], area["district_id"]
    return min(
        (
            distance_m(area["lat"], area["lon"], other["lat"], other["lon"])
            for other in areas
            if other["district_id"] == own[1] and other["code"] != own[0]
        ),
        default=4000.0,
    )


def positions(
    area: dict,
    neighbours: Iterable[dict],
    ring: places.Ring,
    count: int,
    taken: Sequence[tuple[float, float]],
) -> list[tuple[float, float]]:
    """Where the villages of a legal area stand, as (lat, lon): around its centre, inside the district, nearer to this
    centre than to a neighbour's, and as far from other villages as will go, 750 m at best.
    """
    centre = area["lat"], area["lon"]
    others = [(n["lat"], n["lon"]) for n in neighbours if n["code"] != area["code"]]
    near = [spot for spot in taken if distance_m(*spot, *centre) < 5000]
    turn = _die(area["code"], "turn") / 2**16 * 2 * pi
    ground = [
        (lat, lon)
        for lat, lon in (_spiral(centre, step, turn) for step in range(1, 200))
        if all(distance_m(lat, lon, *other) > distance_m(lat, lon, *centre) for other in others)
    ]

    @cache
    def fits(lat: float, lon: float) -> bool:
        return inside(ring, lat, lon) and border_m(ring, lat, lon) > 100

    for apart in (750, 650, 500, 400, 300, 200):
        found: list[tuple[float, float]] = []
        for spot in ground:
            if all(distance_m(*spot, *other) > apart for other in (*near, *found)) and fits(*spot):
                found.append(spot)
                if len(found) == count:
                    return found
    raise ValueError(f"no room for {count} villages in {area['name']} {area['code']}")


def _spiral(centre: tuple[float, float], step: int, turn: float) -> tuple[float, float]:
    """200 steps cover some 2 km around."""
    angle, radius = turn + step * pi * (3 - sqrt(5)), 145 * sqrt(step) / METRES_PER_DEGREE
    lat = centre[0] + radius * sin(angle)
    return round(lat, 5), round(centre[1] + radius * cos(angle) / cos(radians(lat)), 5)


def _village(area: dict, number: int, names: Sequence[str], lat: float, lon: float) -> DemoVillage:
    code = f"{area['code']}-{number:02}"
    is_example = number > len(names)
    stem = f"{area['name'][:-1]} 예시{number - len(names)}" if is_example else names[number - 1]
    # 행정리 of Jinju have some 30 to 150 homes.
    homes = 30 + _die(code, "homes") % 121
    return DemoVillage(code, f"{stem}마을", area["district_id"], area["code"], lat, lon, homes, is_example)


def _die(*of: str) -> int:
    """A number below 65,536 that is always the same for the same words."""
    return int.from_bytes(sha256("/".join(of).encode()).digest()[:2])
