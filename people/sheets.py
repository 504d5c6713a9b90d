"""Files for the accounts: a sheet with a row each, and the sums of its money beneath (xlsx)."""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time

import xlsxwriter

Cell = str | date | int


def xlsx(
    name: str, about: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]], money_from: int
) -> bytes:
    """The file. `name`: of the sheet; `about`: its first line; columns from `money_from` on are won, and summed."""
    out = io.BytesIO()
    # What a cell says is text or a number, never a formula or a link, whatever it begins with.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        won = book.add_format({"num_format": "#,##0"})
        bold_won = book.add_format({"num_format": "#,##0", "bold": True, "top": 1})
        sheet = book.add_worksheet(name)
        sheet.set_column(0, 0, 18)
        sheet.set_column(1, len(columns) - 1, 14)
        sheet.write_string(0, 0, about, bold)
        for column, words in enumerate(columns):
            sheet.write_string(2, column, words, bold)
        at, sums = 3, [0] * (len(columns) - money_from)
        for row in rows:
            for column, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(at, column, datetime.combine(value, time()), day)
                elif isinstance(value, int):
                    sheet.write_number(at, column, value, won)
                else:
                    sheet.write_string(at, column, value)
                if column >= money_from and isinstance(value, int):
                    sums[column - money_from] += value
            at += 1
        sheet.write_string(at, 0, f"합계 {at - 3}건", bold)
        for n, total in enumerate(sums):
            sheet.write_number(at, money_from + n, total, bold_won)
        sheet.freeze_panes(3, 1)
    return out.getvalue()
