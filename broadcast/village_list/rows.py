"""Lines into rows: each by itself, then against its district, then against each other. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from people import geometry

from . import cells
from .cells import Problem, Wrong
from .file import Line, Lines

#: Metres: shapes are simplified to 25 m, and village halls stand on borders.
NEAR = 300


@dataclass(frozen=True)
class Place:
    """A district: its outer ring of [lon, lat]."""

    code: str
    name: str
    ring: geometry.Ring


@dataclass(frozen=True)
class Area:
    """A legal area and the codes of the districts in which it lies."""

    code: str
    name: str
    districts: frozenset[str]


@dataclass(frozen=True)
class Surroundings:
    """What the city knows, by code."""

    districts: Mapping[str, Place]
    areas: Mapping[str, Area]


@dataclass
class Row:
    """A village and one device of it. What the file has no column for is absent from `village`."""

    line: int
    village: dict[str, Any] = field(default_factory=dict)
    device: str = ""
    address: str = ""
    driver: str = ""


def read_rows(lines: Lines, around: Surroundings) -> tuple[list[Row], list[Problem]]:
    """Rows in the order of the file, and every problem, by line. With problems the rows are not complete."""
    rows, problems = [], []
    for line in lines.lines:
        row, wrong = _row(line, around)
        rows.append(row)
        problems += wrong
    return rows, sorted(problems + _together(rows))


def _row(line: Line, around: Surroundings) -> tuple[Row, list[Problem]]:
    row, problems = Row(line.number), []
    village = row.village

    def read(column: str, how: Callable[[str], Any]) -> Any:
        if column not in line.cells:
            return None
        try:
            return how(cells.plain(line.cells[column]))
        except Wrong as wrong:
            problems.append(Problem(line.number, column, *wrong.args))
            return None

    village["code"] = read("마을코드", cells.code)
    village["name"] = read("마을이름", cells.name)
    village["lat"] = read("위도", lambda text: cells.degrees(text, cells.LATITUDES, "35.19213"))
    village["lon"] = read("경도", lambda text: cells.degrees(text, cells.LONGITUDES, "128.08472"))
    district = read("읍면동", lambda text: _district(text, around))
    village["district_id"] = district and district.code
    if "가구수" in line.cells:
        village["homes"] = read("가구수", cells.homes)
    if "법정동리코드" in line.cells:
        village["legal_area_id"] = read("법정동리코드", lambda text: _area(text, district, around))
    row.device = read("장비번호", cells.device) or ""
    row.address = read("장비주소", cells.address) or ""
    row.driver = read("방식", cells.driver) or ""
    if not problems:
        problems += _does_not_fit(row, district, around, line)
    return row, problems


def _district(text: str, around: Surroundings) -> Place:
    wanted = text.removeprefix("진주시").strip()
    by_name = {place.name: place for place in around.districts.values()}
    found = around.districts.get(wanted) or by_name.get(wanted)
    if found:
        return found
    if not wanted:
        raise Wrong("비어 있습니다.", "읍면동 이름을 적어 주세요. 예: 문산읍")
    close = get_close_matches(wanted, by_name, n=2, cutoff=0.5)
    mend = (
        f"혹시 {' 또는 '.join(close)}입니까?" if close else "진주시의 읍면동 이름을 적어 주세요. 예: 문산읍"
    )
    raise Wrong(f"'{cells.shown(text)}'은(는) 진주시의 읍면동이 아닙니다.", mend)


def _area(text: str, district: Place | None, around: Surroundings) -> str | None:
    if not text:
        return None
    area = around.areas.get(text)
    here = [a for a in around.areas.values() if district and district.code in a.districts]
    if area and (district is None or district.code in area.districts):
        return area.code
    if area and district:
        wrong = f"{area.name}({area.code})은(는) {district.name}에 있지 않습니다."
    else:
        wrong = f"'{cells.shown(text)}'은(는) 진주시의 법정동·리 코드가 아닙니다."
    meant = [a for a in here if a.name == (area.name if area else text)]
    if not meant:
        close = get_close_matches(text, [a.code for a in here], n=3, cutoff=0.8)
        meant = [around.areas[code] for code in close]
    if meant:
        raise Wrong(wrong, "혹시 " + ", ".join(f"{a.name} {a.code}" for a in meant) + "입니까?")
    some = ", ".join(f"{a.name} {a.code}" for a in here[:3])
    raise Wrong(
        wrong, f"10자리 코드를 적거나 비워 두세요. 예: {some}" if some else "읍면동을 먼저 고쳐 주세요."
    )


def _does_not_fit(row: Row, district: Place, around: Surroundings, line: Line) -> list[Problem]:
    """What only shows when all cells of the line are right by themselves."""
    problems = []
    lat, lon = row.village["lat"], row.village["lon"]
    away = geometry.outside_m(district.ring, lat, lon) if district.ring else 0
    if away > NEAR:
        holder = next(
            (p.name for p in around.districts.values() if p.ring and geometry.inside(p.ring, lat, lon)), ""
        )
        wrong = f"이 자리는 {district.name}에서 {away / 1000:.1f}km 벗어났습니다."
        mend = (
            f"이 자리는 {holder}입니다. 읍면동이나 위도, 경도를 고쳐 주세요."
            if holder
            else "위도와 경도를 확인해 주세요."
        )
        problems.append(Problem(row.line, "위도", wrong, mend))
    if row.device and not row.address:
        problems.append(
            Problem(row.line, "장비주소", "장비번호는 있는데 주소가 없습니다.", "장비 주소를 적어 주세요.")
        )
    if not row.device and (row.address or line.cells.get("방식")):
        problems.append(
            Problem(
                row.line, "장비번호", "장비 주소나 방식은 있는데 번호가 없습니다.", "장비 번호를 적어 주세요."
            )
        )
    return problems


def _together(rows: list[Row]) -> list[Problem]:
    """What lines say against each other. A village with two devices stands in two lines that agree."""
    problems = []
    villages: dict[str, Row] = {}
    names: dict[tuple[str, str], Row] = {}
    devices: dict[str, Row] = {}
    addresses: dict[str, Row] = {}
    for row in rows:
        code, name = row.village["code"], (row.village["district_id"], row.village["name"])
        first = villages.setdefault(code, row) if code else row
        if first is not row and first.village != row.village:
            problems.append(
                _again(
                    row,
                    first,
                    "마을코드",
                    "코드가 같은데 내용이 다릅니다.",
                    "마을마다 다른 코드를 적어 주세요.",
                )
            )
        elif first is not row and not (row.device and first.device):
            problems.append(
                _again(row, first, "마을코드", "같은 마을이 두 번 있습니다.", "한 줄을 지워 주세요.")
            )
        if all(name) and code and names.setdefault(name, row).village["code"] != code:
            problems.append(
                _again(
                    row,
                    names[name],
                    "마을이름",
                    "같은 읍면동에 같은 이름이 있습니다.",
                    "이름을 다르게 적어 주세요.",
                )
            )
        if row.device and devices.setdefault(row.device, row) is not row:
            problems.append(
                _again(
                    row,
                    devices[row.device],
                    "장비번호",
                    "장비번호가 같습니다.",
                    "장비마다 다른 번호를 적어 주세요.",
                )
            )
        if row.address and addresses.setdefault(row.address, row) is not row:
            problems.append(
                _again(
                    row,
                    addresses[row.address],
                    "장비주소",
                    "장비주소가 같습니다.",
                    "장비마다 다른 주소를 적어 주세요.",
                )
            )
    return problems


def _again(row: Row, first: Row, column: str, wrong: str, mend: str) -> Problem:
    return Problem(row.line, column, f"{first.line}번째 줄과 {wrong}", mend)
