"""Spreadsheets, good and hostile, read by the limited child."""

import io
import time
import zipfile
from datetime import date

import openpyxl
import pytest

from hrtrain.core.errors import Refusal
from hrtrain.core.spreadsheet import read_spreadsheet


def workbook(rows: list[list[object]], *, merge: str = "") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    if merge:
        sheet.merge_cells(merge)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def edited(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", 8) as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, data.replace(old, new) if name == part else data)
    return out.getvalue()


def test_values_dates_and_merges_come_through() -> None:
    content = workbook([["Họ tên", "", 1980], ["Lê A", date(1980, 6, 5), None]], merge="A1:B1")
    sheet = read_spreadsheet(content, "a.xlsx")[0]
    assert sheet.rows == [["Họ tên", "", 1980], ["Lê A", date(1980, 6, 5), ""]]
    assert [(merge.left, merge.right) for merge in sheet.merges] == [(0, 1)]


def test_csv_is_read_whatever_its_separator_and_encoding() -> None:
    for encoding in ("utf-8-sig", "utf-16"):
        content = "Họ tên;Năm sinh\r\nLê Đạt;1980\r\n".encode(encoding)
        rows = read_spreadsheet(content, "a.csv")[0].rows
        assert rows == [["Họ tên", "Năm sinh"], ["Lê Đạt", "1980"]]


ODS = """<?xml version="1.0"?><office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="Trang 1"><table:table-row>
<table:table-cell office:value-type="string"><text:p>Họ tên</text:p></table:table-cell>
<table:table-cell office:value-type="float" office:value="1980"><text:p>1980</text:p>
</table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="1048575">
<table:table-cell table:number-columns-repeated="16384"/></table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>"""
MANIFEST = """<?xml version="1.0"?><!DOCTYPE manifest:manifest PUBLIC "-//x" "Manifest.dtd">
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>"""


def test_opendocument_with_its_endless_empty_rows_is_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS.replace("\n", ""))
        archive.writestr("META-INF/manifest.xml", MANIFEST)
    [sheet] = read_spreadsheet(out.getvalue(), "a.ods")
    assert (sheet.name, sheet.rows) == ("Trang 1", [["Họ tên", 1980.0]])


def test_hidden_sheets_are_not_read() -> None:
    book = openpyxl.Workbook()
    book.create_sheet("Ẩn").sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    assert [sheet.name for sheet in read_spreadsheet(out.getvalue(), "a.xlsx")] == ["Sheet"]


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", 8) as archive:
        archive.writestr("xl/workbook.xml", b" " * 60_000_000)
    return out.getvalue()


def two_far_cells(last: str) -> bytes:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = 1
    book.worksheets[0][last] = 2
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


GOOD = workbook([["Họ tên", "Năm sinh"], ["Lê A", 1980]])
ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet'
HOSTILE = {
    "two far cells": (two_far_cells("XFD1048576"), "quá nhiều cột"),
    "a cell far down": (two_far_cells("J1048576"), "quá nhiều dòng"),
    "a bomb": (bomb(), "lớn bất thường"),
    "cut in the middle": (GOOD[: len(GOOD) // 2], "hỏng"),
    "empty": (b"", "rỗng"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "không phải là bảng tính"),
    "a web page renamed": (b"<html><table><tr><td>A</td></tr></table></html>", "HTML"),
    "a zip of something": (b"PK\x05\x06" + b"\0" * 18, "không phải là bảng tính"),
    "an entity": (
        edited(GOOD, "xl/worksheets/sheet1.xml", b"<worksheet", ENTITY),
        "DOCTYPE",
    ),
    "an old workbook, cut": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "hỏng"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_refused_in_seconds_by_a_sentence(name: str) -> None:
    content, sentence = HOSTILE[name]
    started = time.monotonic()
    with pytest.raises(Refusal, match=sentence) as refused:
        read_spreadsheet(content, "danh-sach.xlsx")
    assert refused.value.where == "danh-sach.xlsx"
    assert time.monotonic() - started < 5


def test_rows_written_out_of_order_cannot_hide_a_far_cell() -> None:
    far = two_far_cells("J1048576")
    hidden = edited(far, "xl/worksheets/sheet1.xml", b"</sheetData>", b'<row r="3"/></sheetData>')
    with pytest.raises(Refusal):
        read_spreadsheet(hidden, "danh-sach.xlsx")
