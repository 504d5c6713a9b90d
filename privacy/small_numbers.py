"""Numbers that may be published: none so small that it leads to a person. For open data and printed reports."""

import csv
from collections.abc import Iterable, Mapping
from io import StringIO

#: Numbers below it are hidden.
FEW = 5
HIDDEN = "가림"
#: Spreadsheets guess the letters wrongly without it.
BOM = "\ufeff"


def suppressed(counts: Mapping[str, int]) -> dict[str, int | None]:
    """The numbers that may stand beside their published sum; None: hidden. Pure.

    Hidden are those below FEW, and with them every one that equals the smallest of the others. So among the hidden
    there are some below FEW and some that are not, and which is which nobody can tell: exchange any two of them, and
    the published table is the same. With nothing below FEW nothing is hidden.
    """
    if not any(n < FEW for n in counts.values()):
        return dict(counts)
    also = min((n for n in counts.values() if n >= FEW), default=0)
    return {name: None if n <= also or n < FEW else n for name, n in counts.items()}


def as_csv(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """For spreadsheets: with a mark of its letters in front."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows(rows)
    return BOM + out.getvalue()
