"""The places of the city as they stand in people/data (its SOURCES.md says where they come from). Reads files only."""

import csv
import json
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"

Ring = list[list[float]]


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def districts() -> list[dict]:
    """The 30 읍면동 as fields of `District`; `boundary` is a closed ring of [lon, lat] in degrees."""
    rings: dict[str, Ring] = json.loads((DATA / "boundaries.json").read_text("utf-8"))
    return [
        {
            "code": row["code"],
            "name": row["name"],
            "kind": row["kind"],
            "lat": float(row["lat"]),
            "lon": float(row["lon"]),
            "area_km2": float(row["area_km2"]),
            "boundary": rings[row["code"]],
        }
        for row in _rows("districts.csv")
    ]


def legal_areas() -> list[dict]:
    """The 157 법정동·리 as fields of `LegalArea`."""
    return [
        {
            "code": row["code"],
            "name": row["name"],
            "kind": row["kind"],
            "district_id": row["district"],
            "lat": float(row["lat"]),
            "lon": float(row["lon"]),
        }
        for row in _rows("legal_areas.csv")
    ]


@cache
def districts_of_legal_area() -> dict[str, frozenset[str]]:
    """Legal code → codes of the districts in which it lies: mostly one, for 신안동, 평거동 and 이현동 two."""
    return {
        row["code"]: frozenset([row["district"], *filter(None, row["also_in"].split("|"))])
        for row in _rows("legal_areas.csv")
    }


@cache
def neighbours() -> dict[str, frozenset[str]]:
    """Code of a district → codes of those that share a stretch of border with it (at one point alone they do not)."""
    rings: dict[str, Ring] = json.loads((DATA / "boundaries.json").read_text("utf-8"))
    points = {code: {(lon, lat) for lon, lat in ring} for code, ring in rings.items()}
    return {
        code: frozenset(other for other in points if other != code and len(points[code] & points[other]) > 1)
        for code in points
    }
