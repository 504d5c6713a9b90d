"""The city's list of villages, a CSV file that people make in Excel (docs/villages-csv.md). Pure: bytes in, rows out.

file.py turns bytes into lines, cells.py a cell into a value or a problem, rows.py a line into a row and checks what
lines say together. Writing them is broadcast/villages.py.
"""

from .cells import Problem
from .file import MOST_BYTES, NotAList, read_lines
from .rows import Area, Place, Row, Surroundings, read_rows

__all__ = [
    "MOST_BYTES",
    "Area",
    "NotAList",
    "Place",
    "Problem",
    "Row",
    "Surroundings",
    "read_lines",
    "read_rows",
]
