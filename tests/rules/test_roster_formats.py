"""A list as offices send it, read whole from each kind of file: .xlsx, .xls, .ods, .csv."""

import io
import zipfile
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import pytest
from openpyxl.styles import Font

from hrtrain.core.spreadsheet import read_spreadsheet
from hrtrain.people.rosters.reading import read
from hrtrain.people.rosters.types import SheetReading
from tests.makers.old_workbook import xls

TODAY = date(2026, 11, 22)
# A title, a header of two rows in the fifth, sections as units, ticks, a total and a signature.
ROWS: list[list[Any]] = [
    ["ỦY BAN NHÂN DÂN TỈNH", "", "", "", "", "", ""],
    ["DANH SÁCH CÁN BỘ THAM GIA", "", "", "", "", "", ""],
    ["", "", "", "", "", "", ""],
    ["", "", "", "", "", "", ""],
    ["STT", "Họ và tên", "", "Ngày sinh", "", "Chức vụ", "Số điện thoại"],
    ["", "Họ đệm", "Tên", "Nam", "Nữ", "", ""],
    ["I", "SỞ TƯ PHÁP", "", "", "", "", ""],
    [1, "Nguyễn Thị Minh", "Khai", "", "12/5/1985", "Phó phòng", 912345678],
    [2, "Ông Lê Văn", "Ân", 1980, "", "Chuyên viên", "0912.345.679"],
    ["II", "SỞ NỘI VỤ", "", "", "", "", ""],
    [3, "Lê", "Đạt", "03/1979", "", "", ""],
    ["", "Tổng cộng: 3", "", "", "", "", ""],
    ["", "", "", "", "", "NGƯỜI LẬP BIỂU", ""],
    ["", "", "", "", "", "Trần Thị Bình", ""],
]
MERGES = ((4, 1, 4, 2), (4, 3, 4, 4), (6, 1, 6, 6))
OTHER: list[list[Any]] = [["Họ tên", "Năm sinh"], ["Lê Xa", 1990]]
PEOPLE = [
    ("Nguyễn Thị Minh Khai", "female", "1985-05-12", "SỞ TƯ PHÁP", "0912345678"),
    ("Lê Văn Ân", "male", "1980", "SỞ TƯ PHÁP", "0912345679"),
    ("Lê Đạt", "male", "1979-03", "SỞ NỘI VỤ", ""),
]


def xlsx() -> bytes:
    book = openpyxl.Workbook()
    for sheet, rows in ((book.worksheets[0], ROWS), (book.create_sheet("Khác"), OTHER)):
        for row in rows:
            sheet.append(row)
    for top, left, bottom, right in MERGES:
        book.worksheets[0].merge_cells(None, top + 1, left + 1, bottom + 1, right + 1)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods(hidden: int = -1) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", 8) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        tables = _table("Danh sách", ROWS, hidden) + _table("Khác", OTHER, -1)
        archive.writestr("content.xml", _ODS.format(tables))
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
    return out.getvalue()


_ODS = (
    '<?xml version="1.0"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
    "<office:body><office:spreadsheet>{}</office:spreadsheet></office:body>"
    "</office:document-content>"
)

_MANIFEST = (
    '<?xml version="1.0"?><manifest:manifest '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
)


def _table(name: str, rows: list[list[Any]], hidden: int) -> str:
    lines = []
    for at, row in enumerate(rows):
        look = ' table:visibility="collapse"' if at == hidden else ""
        lines.append(f"<table:table-row{look}>{''.join(map(_ods_cell, row))}</table:table-row>")
    return f'<table:table table:name="{name}">{"".join(lines)}</table:table>'


def _ods_cell(cell: Any) -> str:
    kind = "string" if isinstance(cell, str) else f'float" office:value="{cell}'
    text = escape(str(cell))
    return (
        f'<table:table-cell office:value-type="{kind}"><text:p>{text}</text:p></table:table-cell>'
        if text
        else "<table:table-cell/>"
    )


def csv() -> bytes:
    lines = (";".join(map(str, row)) for row in ROWS)
    return "\r\n".join(lines).encode("utf-8-sig")


FILES = {
    "xlsx": xlsx,
    "xls": lambda: xls({"Danh sách": ROWS, "Khác": OTHER}, MERGES),
    "ods": ods,
    "csv": csv,
}


def people(readings: list[SheetReading]) -> list[tuple[str, ...]]:
    assert not [one for reading in readings for one in reading.complaints]
    return [
        (one.full_name, one.gender, one.birth_date, one.unit_text, one.phone)
        for reading in readings
        for one in reading.entries
    ]


@pytest.mark.parametrize("kind", FILES)
def test_an_office_list_is_read_whole_whatever_its_kind(kind: str) -> None:
    readings = read(read_spreadsheet(FILES[kind](), f"a.{kind}"), TODAY)
    rest = [] if kind == "csv" else [("Lê Xa", "", "1990", "", "")]
    assert people(readings) == [*PEOPLE, *rest]
    assert readings[0].header_row == 5


def test_hidden_rows_are_read_and_known() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx()))
    book.worksheets[0].row_dimensions[9].hidden = True
    out = io.BytesIO()
    book.save(out)
    for kind, content in (("xlsx", out.getvalue()), ("ods", ods(hidden=8))):
        [first, _other] = read(read_spreadsheet(content, f"a.{kind}"), TODAY)
        assert (len(first.entries), first.hidden) == (3, (9,))


def test_a_font_settles_what_letters_leave_open() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    rows: list[list[Any]] = [["Ho ten", "Nam sinh", "Don vi"], ["Lª An", 1980, "Së Y tÕ"]]
    for cells in rows:
        sheet.append(cells)
    for column in ("A", "C"):
        for row in (1, 2):
            sheet[f"{column}{row}"].font = Font(name=".VnTime")
    out = io.BytesIO()
    book.save(out)
    [made] = read_spreadsheet(out.getvalue(), "a.xlsx")
    assert made.fonts == {0: "tcvn3", 2: "tcvn3"}
    [entry] = read([made], TODAY)[0].entries
    assert (entry.full_name, entry.unit_text) == ("Lê An", "Sở Y tế")


def test_a_large_sheet_lies_on_disk_and_says_the_same() -> None:
    rows = "\n".join(f"Lê {chr(65 + n % 26)}{'a' * 60};{1960 + n % 40}" for n in range(60_000))
    [sheet] = read_spreadsheet(f"Họ tên;Năm sinh\n{rows}".encode(), "a.csv")
    assert not isinstance(sheet.rows, list)
    assert len(sheet.rows) == 60_001
    assert sheet.rows[0] == ["Họ tên", "Năm sinh"]
    assert sheet.rows[60_000][1] == str(1960 + 59_999 % 40)
    assert sheet.rows[1:3][1][1] == "1961"
