"""Bytes of a CSV file into lines by column, whatever Excel made of it. Pure."""

import csv
import io
from dataclasses import dataclass

MOST_BYTES = 2 * 1024 * 1024
MOST_LINES = 5000
LONGEST_CELL = 300

REQUIRED = ("마을코드", "읍면동", "마을이름", "위도", "경도")
OPTIONAL = ("법정동리코드", "가구수", "장비번호", "장비주소", "방식")
COLUMNS = REQUIRED + OPTIONAL


class NotAList(ValueError):
    """The file as a whole cannot be read; its text says in Korean why and what to do."""


@dataclass(frozen=True)
class Line:
    """One line: its number as an editor shows it, and its cells by column, without spaces around them."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Lines:
    """`columns`: those of COLUMNS that the file has; the others are left as they are in the database."""

    columns: frozenset[str]
    lines: list[Line]
    unknown: list[str]


def read_lines(data: bytes) -> Lines:
    """Raises NotAList. Empty lines are left out, unknown columns named but not read."""
    reader = csv.reader(io.StringIO(_text(data), newline=""), strict=True)
    try:
        header = [_squeezed(cell) for cell in next(reader, [])]
        columns = _columns(header)
        lines: list[Line] = []
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(lines) == MOST_LINES:
                raise NotAList(
                    f"줄이 너무 많습니다. 한 번에 {MOST_LINES:,}줄까지 읽습니다. 파일을 나누어 주세요."
                )
            lines.append(Line(reader.line_num, _cells(reader.line_num, cells, header, columns)))
    except csv.Error:
        raise NotAList(
            f'{reader.line_num}번째 줄 가까이에서 따옴표(")가 맞지 않습니다. 따옴표를 지우거나 짝을 맞춰 주세요.'
        ) from None
    if not lines:
        raise NotAList("제목 줄 아래에 마을이 한 줄도 없습니다. 마을 목록을 채워 주세요.")
    return Lines(columns, lines, [name for name in header if name and name not in COLUMNS])


def _text(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise NotAList("파일이 너무 큽니다(2MB까지). 마을 목록만 담아 다시 저장해 주세요.")
    if not data.strip():
        raise NotAList("빈 파일입니다. 제목 줄과 마을 목록이 있는 파일을 골라 주세요.")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\xff\xfe", b"\xfe\xff")) or b"\0" in data:
        raise NotAList(
            "CSV 파일이 아닙니다. 엑셀에서 '다른 이름으로 저장'을 누르고 'CSV UTF-8(쉼표로 분리)'을 골라 주세요."
        )
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotAList("글자를 읽을 수 없습니다. 엑셀에서 'CSV UTF-8(쉼표로 분리)'로 다시 저장해 주세요.")


def _squeezed(name: str) -> str:
    """ "법정동리 코드 " → "법정동리코드"."""
    return "".join(name.split())


def _columns(header: list[str]) -> frozenset[str]:
    missing = [name for name in REQUIRED if name not in header]
    if missing:
        hint = ""
        if len(header) == 1 and any(mark in header[0] for mark in ";\t"):
            hint = " 칸이 쉼표로 나뉘지 않았습니다."
        raise NotAList(
            f"첫 줄에 {', '.join(missing)} 제목이 없습니다.{hint} 첫 줄에 이 제목들을 적어 주세요: {', '.join(COLUMNS)}"
        )
    if "장비번호" in header and "장비주소" not in header:
        raise NotAList("첫 줄에 장비번호는 있는데 장비주소 제목이 없습니다. 장비주소 칸을 더해 주세요.")
    twice = [name for name in COLUMNS if header.count(name) > 1]
    if twice:
        raise NotAList(f"첫 줄에 {', '.join(twice)} 제목이 두 번 있습니다. 하나만 남겨 주세요.")
    return frozenset(COLUMNS).intersection(header)


def _cells(number: int, cells: list[str], header: list[str], columns: frozenset[str]) -> dict[str, str]:
    if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
        raise NotAList(
            f"{number}번째 줄의 칸이 제목보다 많습니다. 칸 안에 쉼표가 있으면 따옴표로 감싸 주세요."
        )
    found = {
        name: " ".join(cell.split()) for name, cell in zip(header, cells, strict=False) if name in columns
    }
    return {name: found.get(name, "") for name in columns}
