"""The rows an import left out, as a spreadsheet ready to be corrected and sent again."""

import io
from collections.abc import Iterable, Mapping, Sequence

import xlsxwriter

from hrtrain.core.language import gettext as _
from hrtrain.people.rosters.types import FIELDS, Complaint, SheetReading
from hrtrain.people.rosters.words import column_words, sentence

_WIDTHS = (5, 28, 13, 10, 22, 34, 14, 24, 16, 16, 70)
_GENDERS = {"male": "Nam", "female": "Nữ"}


def refused_rows(readings: Iterable[SheetReading], complaints: Sequence[Complaint]) -> bytes:
    """An xlsx file of the rows complained about, each with every reason beside it.

    Values are text, never formulas: what a stranger typed must not run when it is opened.
    """
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(_("Cần sửa"))
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1})
        plain = book.add_format({"num_format": "@", "valign": "top", "border": 1})
        reason = book.add_format({"text_wrap": True, "font_color": "#9C0006", "border": 1})
        for at, (label, width) in enumerate(zip(_labels(), _WIDTHS, strict=True)):
            sheet.set_column(at, at, width, plain)
            sheet.write_string(0, at, label, bold)
        for row, (values, reasons) in enumerate(_rows(readings, complaints), 1):
            sheet.write_number(row, 0, row)
            for at, value in enumerate(values, 1):
                sheet.write_string(row, at, value, plain)
            sheet.write_string(row, len(values) + 1, reasons, reason)
        sheet.freeze_panes(1, 2)
    return out.getvalue()


def _labels() -> list[str]:
    return ["STT", *(column_words(name) for name in FIELDS), _("Lý do chưa nhận")]


def _rows(
    readings: Iterable[SheetReading], complaints: Sequence[Complaint]
) -> list[tuple[list[str], str]]:
    reasons: dict[tuple[str, int], list[str]] = {}
    for one in complaints:
        said = f"{column_words(one.column)}: {sentence(one)}"
        reasons.setdefault((one.sheet, one.row), []).append(said)
    written = _written(readings, reasons)
    return [
        ([_value(values, name) for name in FIELDS], "\n".join(reasons[place]))
        for place, values in written.items()
    ]


def _value(values: Mapping[str, str], name: str) -> str:
    value = values.get(name, "")
    if name == "birth_date" and value[4:5] == "-":
        value = "/".join(reversed(value.split("-")))
    return _GENDERS.get(value, value) if name == "gender" else value


def _written(
    readings: Iterable[SheetReading], wanted: Mapping[tuple[str, int], object]
) -> dict[tuple[str, int], Mapping[str, str]]:
    """What the wanted rows say, in the order of the file."""
    found: dict[tuple[str, int], Mapping[str, str]] = {}
    for reading in readings:
        entries = {entry.row: entry.written() for entry in reading.entries}
        for row, said in sorted({**entries, **reading.written}.items()):
            if (reading.sheet, row) in wanted:
                found[reading.sheet, row] = said
    return found
