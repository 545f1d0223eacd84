"""Spreadsheets as the office opens them: a head that says what it is, then a plain table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter

Cell = str | int | float | date | None

# Text beginning with "=" stays text: nobody's name becomes a formula.
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
NONE = "—"


@dataclass(frozen=True)
class Column:
    """A column: its head, its width in characters, and whether it holds rates."""

    head: str
    width: int
    is_rate: bool = False


@dataclass(frozen=True)
class Head:
    """What stands above the table: the title, and facts about the figures by name."""

    title: str
    facts: Sequence[tuple[str, str]]


def sheet_of(head: Head, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The workbook's bytes; rows are written as they come and not kept."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        sheet = book.add_worksheet(head.title[:31])
        formats = _formats(book)
        for number, column in enumerate(columns):
            sheet.set_column(number, number, column.width)
        top = _write_head(sheet, head, formats)
        for number, column in enumerate(columns):
            sheet.write_string(top, number, column.head, formats["head"])
        sheet.freeze_panes(top + 1, 1)
        for row_number, row in enumerate(rows, top + 1):
            for number, (column, value) in enumerate(zip(columns, row, strict=True)):
                _write(sheet, (row_number, number), value, formats, is_rate=column.is_rate)
        _lay_out(sheet, top)
    return out.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    cell = {"font_name": "Times New Roman", "font_size": 12, "valign": "top", "border": 1}
    plain = {"font_name": "Times New Roman", "font_size": 12}
    return {
        "title": book.add_format({**plain, "font_size": 14, "bold": True}),
        "plain": book.add_format(plain),
        "bold": book.add_format({**plain, "bold": True}),
        "head": book.add_format({**cell, "bold": True, "text_wrap": True, "bg_color": "#E3EFF1"}),
        "text": book.add_format({**cell, "text_wrap": True}),
        "number": book.add_format({**cell, "num_format": "#,##0"}),
        "rate": book.add_format({**cell, "num_format": "0.0"}),
        "day": book.add_format({**cell, "num_format": "dd/mm/yyyy", "align": "left"}),
    }


def _write_head(sheet: Any, head: Head, formats: dict[str, Any]) -> int:
    """The title and the facts, each fact on a line; the row where the table begins."""
    sheet.write_string(0, 0, head.title, formats["title"])
    for number, (name, value) in enumerate(head.facts, 1):
        sheet.write_string(number, 0, f"{name}: {value}", formats["plain"])
    return len(head.facts) + 2


def _write(
    sheet: Any, place: tuple[int, int], value: Cell, formats: dict[str, Any], *, is_rate: bool
) -> None:
    if isinstance(value, date):
        sheet.write_datetime(*place, value, formats["day"])
    elif isinstance(value, int | float):
        sheet.write_number(*place, value, formats["rate" if is_rate else "number"])
    else:
        sheet.write_string(*place, NONE if value is None else value, formats["text"])


def _lay_out(sheet: Any, top: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)
