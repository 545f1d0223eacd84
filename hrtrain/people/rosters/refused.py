"""The rows an import left out, as a spreadsheet ready to be corrected and sent again."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from hrtrain.core.language import gettext as _
from hrtrain.people.rosters.types import FIELDS, Complaint, SheetReading
from hrtrain.people.rosters.words import column_words, sentence

_WIDTHS = (5, 28, 13, 10, 22, 34, 14, 24, 16, 16, 70)
_GENDERS = {"male": "Nam", "female": "Nữ"}
# Of a column that is complained about under another name than it is written back.
_WRITTEN_AS = {"unit": "unit_text", "group": "group_text"}
_MOST_NOTES = 5_000


@dataclass(frozen=True)
class RefusedRow:
    """What a row says, field by field, and everything it is refused for."""

    said: Mapping[str, str]
    complaints: Sequence[Complaint]


def rows_complained_about(
    readings: Iterable[SheetReading], complaints: Iterable[Complaint]
) -> Iterator[RefusedRow]:
    """What the rows complained about say, in the order of the file."""
    told: dict[tuple[str, int], list[Complaint]] = {}
    for one in complaints:
        told.setdefault((one.sheet, one.row), []).append(one)
    for reading in readings:
        entries = {entry.row: entry.written() for entry in reading.entries}
        for row, said in sorted({**entries, **reading.written}.items()):
            if (reading.sheet, row) in told:
                yield RefusedRow(said, told[reading.sheet, row])


def refused_rows(rows: Iterable[RefusedRow]) -> bytes:
    """An xlsx file of the rows, the cells at fault marked, each with its reason as a note.

    All reasons stand in the last column too. Values are text, never formulas: what a stranger
    typed must not run when it is opened. Written row by row, so that a large one fits in memory.
    """
    out = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(_("Cần sửa"))
        formats = _formats(book)
        sheet.freeze_panes(1, 2)
        for at, (label, width) in enumerate(zip(_labels(), _WIDTHS, strict=True)):
            sheet.set_column(at, at, width, formats["plain"])
            sheet.write_string(0, at, label, formats["bold"])
        for at, row in enumerate(rows, 1):
            _write(sheet, at, row, formats)
    return out.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    top = {"valign": "top", "border": 1}
    return {
        "bold": book.add_format({"bold": True, "text_wrap": True, **top}),
        "plain": book.add_format({"num_format": "@", **top}),
        "fault": book.add_format({"num_format": "@", "bg_color": "#FFE1E1", **top}),
        "reason": book.add_format({"text_wrap": True, "font_color": "#9C0006", "border": 1}),
    }


def _write(sheet: Any, at: int, row: RefusedRow, formats: Mapping[str, Any]) -> None:
    reasons: dict[str, list[str]] = {}
    for one in row.complaints:
        reasons.setdefault(_WRITTEN_AS.get(one.column, one.column), []).append(sentence(one))
    sheet.write_number(at, 0, at)
    for place, name in enumerate(FIELDS, 1):
        is_at_fault = name in reasons
        value = _value(row.said, name)
        sheet.write_string(at, place, value, formats["fault" if is_at_fault else "plain"])
        if is_at_fault and at <= _MOST_NOTES:
            sheet.write_comment(at, place, "\n".join(reasons[name]), {"x_scale": 2})
    said = [f"{column_words(one.column)}: {sentence(one)}" for one in row.complaints]
    sheet.write_string(at, len(FIELDS) + 1, "\n".join(said), formats["reason"])


def _labels() -> list[str]:
    return ["STT", *(column_words(name) for name in FIELDS), _("Lý do chưa nhận")]


def _value(values: Mapping[str, str], name: str) -> str:
    value = values.get(name, "")
    if name == "birth_date" and value[4:5] == "-":
        value = "/".join(reversed(value.split("-")))
    return _GENDERS.get(value, value) if name == "gender" else value
