"""The indicators of a year's 편람 as somebody pastes them out of a spreadsheet or its CSV file."""

import csv
import io

from django.db import transaction

from ..models import Indicator

#: A 편람 has about fifty.
ROWS = 200
HEAD = "번호"
COLUMNS = (("number", "번호"), ("title", "지표"), ("articles", "조"), ("papers", "따로 낼 서류"))


class TableUnreadable(ValueError):
    """Its text says in Korean what to mend, and in which line."""


def read(text: str, year: int) -> list[Indicator]:
    """A line an indicator: 번호, 지표, 조, 서류, with tabs (a spreadsheet's) or commas; a head line is passed over.

    Raises TableUnreadable.
    """
    separator = "\t" if "\t" in text else ","
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    filled = [
        (n, [cell.strip() for cell in cells])
        for n, cells in enumerate(lines, 1)
        if any(map(str.strip, cells))
    ]
    if filled and filled[0][1][0].startswith(HEAD):
        filled = filled[1:]
    if not filled:
        raise TableUnreadable("표를 붙여 넣어 주세요. 한 줄에 지표 하나입니다.")
    if len(filled) > ROWS:
        raise TableUnreadable(f"한 번에 {ROWS}줄까지 넣을 수 있습니다. 나누어 넣어 주세요.")
    found: dict[str, Indicator] = {}
    for n, cells in filled:
        one = _indicator(n, cells, year)
        if one.number in found:
            raise TableUnreadable(
                f"{n}번째 줄: 번호 {one.number}이(가) 앞에도 있습니다. 한 줄만 남겨 주세요."
            )
        found[one.number] = one
    return list(found.values())


def _indicator(n: int, cells: list[str], year: int) -> Indicator:
    if len(cells) < 2 or not cells[0] or not cells[1]:
        raise TableUnreadable(f"{n}번째 줄: 번호와 지표를 모두 적어 주세요.")
    if len(cells) > len(COLUMNS):
        raise TableUnreadable(f"{n}번째 줄: 칸이 {len(cells)}개입니다. {len(COLUMNS)}칸까지 읽습니다.")
    one = Indicator(year=year)
    for (name, label), cell in zip(COLUMNS, cells, strict=False):
        longest = getattr(Indicator._meta.get_field(name), "max_length", None)
        if longest and len(cell) > longest:
            raise TableUnreadable(f"{n}번째 줄: ‘{label}’ 칸은 {longest}자까지입니다.")
        setattr(one, name, cell)
    return one


@transaction.atomic
def keep(found: list[Indicator]) -> int:
    """Adds them; one of the same year and number takes the new words. Returns how many."""
    Indicator.objects.bulk_create(
        found,
        update_conflicts=True,
        unique_fields=["year", "number"],
        update_fields=[name for name, _ in COLUMNS[1:]],
    )
    return len(found)
