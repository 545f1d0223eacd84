"""Spreadsheets, good and hostile, read by the limited child."""

import io
import random
import subprocess
import sys
import time
import zipfile
from base64 import b64encode
from datetime import date

import openpyxl
import pytest
import xlsxwriter

from hrtrain.core.errors import Refusal
from hrtrain.core.spreadsheet import read_spreadsheet
from tests.makers.old_workbook import xls


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


def opendocument(inner: str, head: str = "") -> bytes:
    """A text table of OpenDocument with these rows."""
    start, end = ODS.replace("\n", "").split("<table:table-row>", 1)[0], "</table:table>"
    xml = start.replace('<?xml version="1.0"?>', f'<?xml version="1.0"?>{head}') + inner + end
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", 8) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        tail = "</office:spreadsheet></office:body></office:document-content>"
        archive.writestr("content.xml", xml + tail)
        archive.writestr("META-INF/manifest.xml", MANIFEST)
    return out.getvalue()


CELL = '<table:table-cell office:value-type="string"><text:p>A</text:p></table:table-cell>'
REPEATED = CELL.replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="{}"')


def repeated(rows: int, columns: int) -> bytes:
    row = f'<table:table-row table:number-rows-repeated="{rows}">'
    return opendocument(f"{row}{REPEATED.format(columns)}</table:table-row>")


def shared() -> bytes:
    """A workbook whose every cell shows the one string that is kept for all."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for at in range(20_000):
            sheet.write_string(at // 50, at % 50, "x")
    return out.getvalue()


def string_bomb() -> bytes:
    """The one string is of almost a megabyte, and hardly to be pressed."""
    letters = b64encode(random.Random(1).randbytes(700_000))
    return edited(shared(), "xl/sharedStrings.xml", b">x<", b">" + letters + b"<")


def merge_bomb() -> bytes:
    merges = b"".join(b'<mergeCell ref="A%d:B%d"/>' % (n, n) for n in range(1, 60_000))
    return edited(
        workbook([["Họ tên"]], merge="A1:B1"),
        "xl/worksheets/sheet1.xml",
        b"</mergeCells>",
        merges + b"</mergeCells>",
    )


def many_parts() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "")
        for number in range(3_100):
            archive.writestr(f"x{number}", "")
    return out.getvalue()


def overlapping() -> bytes:
    """Parts that are said to be small and are not."""
    content = bytearray(bomb())
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    return bytes(content)


GOOD = workbook([["Họ tên", "Năm sinh"], ["Lê A", 1980]])
OLD = xls({"S": [["Họ tên", "Năm sinh"], ["Lê A", 1980]]})
LOCKED = OLD[:512] + "EncryptedPackage".encode("utf-16-le") + OLD[512:]
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
    "a string shown by every cell": (string_bomb(), "lớn"),
    "sixty thousand merges": (merge_bomb(), "ô gộp"),
    "thousands of parts": (many_parts(), "lớn bất thường"),
    "a part that lies about its size": (overlapping(), "hỏng|lớn"),
    "xml that includes a file": (
        edited(shared(), "xl/sharedStrings.xml", b"<sst", ENTITY.replace(b"worksheet", b"sst")),
        "DOCTYPE",
    ),
    "a DOCTYPE in UTF-16": (
        edited(
            GOOD,
            "xl/worksheets/sheet1.xml",
            b"<worksheet",
            "<!DOCTYPE x><worksheet".encode("utf-16-le"),
        ),
        "DOCTYPE",
    ),
    "OpenDocument with a DOCTYPE": (
        opendocument("", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'),
        "DOCTYPE",
    ),
    "OpenDocument of a million equal rows": (repeated(1_000_000, 2), "quá nhiều dòng|quá lớn"),
    "OpenDocument of many equal columns": (repeated(2, 16_000), "quá nhiều cột|quá lớn"),
    "OpenDocument, cut": (repeated(2, 2)[:200], "hỏng"),
    "an old workbook of nothing": (OLD[:512], "hỏng|lớn"),
    "an old workbook, cut in its cells": (OLD[: len(OLD) - 3_900], "hỏng"),
    "an old workbook with a password": (LOCKED, "mật khẩu"),
    "text of one column": (b"a\nb\nc\n", "không phải là bảng tính"),
    "text of too many lines": (b"a;b\n" * 150_001, "quá nhiều dòng"),
    "text of too many columns": (b";" * 500 + b"\n", "quá nhiều cột"),
    "text with a field without end": (b'a;b\n"' + b"x" * 200_000, "hỏng"),
    "bytes of nothing": (b"\0" * 1000, "không phải là bảng tính"),
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


def test_the_child_is_limited_whatever_it_meets() -> None:
    limits = "import resource as r; from hrtrain.core import spreadsheet_child as c; c._limit();"
    said = "print(r.getrlimit(r.RLIMIT_AS)[0], r.getrlimit(r.RLIMIT_CPU)[0])"
    found = subprocess.run([sys.executable, "-c", limits + said], capture_output=True, check=True)
    assert found.stdout.split() == [b"805306368", b"20"]
