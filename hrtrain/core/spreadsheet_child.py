"""Reads one uploaded workbook in a process of its own, which limits itself first.

calamine aborts its process on a 5 KB workbook with cells A1 and XFD1048576, and a zip of a few
kilobytes may hold gigabytes: whatever happens here, the site lives on. The file comes on standard
input, the answer goes to standard output as lines of JSON: an object for each sheet, then a list
for each of its rows, and at last ``{"end": true}`` or ``{"fault": code}``.
Keep the imports few: they are paid for at every upload.
"""

import csv
import datetime
import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterator

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from hrtrain.core.spreadsheet_parts import Looks, looks_of

MEMORY = 768 * 1024 * 1024
CPU_SECONDS = 20
INFLATED = 256 * 1024 * 1024
ANSWER = 512 * 1024 * 1024
RATIO = 200
PARTS = 3_000
ROWS = 150_000
COLUMNS = 400
CELLS = 3_000_000
MERGES = 50_000

_PARTS_LIST = "META-INF/manifest.xml"
_FAR_COLUMN = re.compile(rb'r="[A-Z]{3}')
_ROW = re.compile(rb'row r="(\d{1,9})"')
_DOCTYPE = (b"<!DOCTYPE", b"<!ENTITY", "<!DOCTYPE".encode("utf-16-le"), "<!D".encode("utf-16-be"))


class Fault(Exception):
    """Why the file is refused; the parent has the sentence."""


def main() -> None:
    """Read standard input, answer on standard output."""
    _limit()
    last: dict[str, object] = {"end": True}
    try:
        for line in read(sys.stdin.buffer.read()):
            sys.stdout.write(json.dumps(line, ensure_ascii=True) + "\n")
    except Fault as fault:
        last = {"fault": str(fault)}
    except MemoryError:
        last = {"fault": "too_large"}
    except PasswordError:
        last = {"fault": "password"}
    except (CalamineError, zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError):
        last = {"fault": "broken"}
    sys.stdout.write("\n" + json.dumps(last))


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (ANSWER, ANSWER))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))


def read(content: bytes) -> Iterator[object]:
    """Each visible sheet of the workbook, or the one text table, and then its rows."""
    if not content.strip():
        raise Fault("empty")
    if content.startswith(b"PK"):
        return _workbook(content, _check_zip(content))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise Fault("password")
        return _workbook(content, {})
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise Fault("web_page")
    return _text_table(content)


def _check_zip(content: bytes) -> dict[str, Looks]:
    """Refuses what is no workbook or hides something; how its sheets look, by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        names = {part.filename for part in parts}
        if "xl/workbook.xml" not in names and "content.xml" not in names:
            raise Fault("not_a_workbook")
        if any(part.flag_bits & 1 for part in parts):
            raise Fault("password")
        if len(parts) > PARTS or sum(part.file_size for part in parts) > INFLATED:
            raise Fault("bomb")
        for part in parts:
            if part.file_size > 1_000_000 and part.file_size > RATIO * part.compress_size:
                raise Fault("bomb")
        for part in parts:
            # OpenOffice wrote a harmless DOCTYPE into its list of parts.
            if part.filename.endswith((".xml", ".rels")) and part.filename != _PARTS_LIST:
                _check_part(part.filename, archive.read(part))
        return looks_of(archive)


def _check_part(name: str, xml: bytes) -> None:
    if any(mark in xml for mark in _DOCTYPE):
        raise Fault("doctype")
    if not name.startswith("xl/worksheets/"):
        return
    if _FAR_COLUMN.search(xml):
        raise Fault("too_wide")
    # Rows come in order; a file that lies about it meets the limit of memory.
    last = _ROW.match(xml, max(0, xml.rfind(b'row r="')))
    if last and int(last[1]) > ROWS:
        raise Fault("too_long")
    if xml.count(b"<mergeCell ") > MERGES:
        raise Fault("too_many_merges")


def _workbook(content: bytes, looks: dict[str, Looks]) -> Iterator[object]:
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        for meta in book.sheets_metadata:
            if meta.visible == SheetVisibleEnum.Visible:
                yield from _sheet(book, meta.name, looks.get(meta.name, Looks()))


def _sheet(book: CalamineWorkbook, name: str, looks: Looks) -> Iterator[object]:
    sheet = book.get_sheet_by_name(name)
    if sheet.total_height > ROWS:
        raise Fault("too_long")
    if sheet.total_width > COLUMNS:
        raise Fault("too_wide")
    if sheet.total_height * sheet.total_width > CELLS:
        raise Fault("too_large")
    merges = [[*start, *end] for start, end in sheet.merged_cell_ranges or []]
    if len(merges) > MERGES:
        raise Fault("too_many_merges")
    yield {"name": name, "merges": merges, "hidden": looks.hidden, "fonts": looks.fonts}
    # calamine goes through the rows from the first on, but through their columns from the first
    # that holds something.
    left = [""] * (sheet.start[1] if sheet.start else 0)
    for row in sheet.iter_rows():
        yield [*left, *map(_plain, row)]


def _plain(cell: object) -> object:
    if isinstance(cell, str | int | float):
        return cell
    if isinstance(cell, datetime.datetime | datetime.date):
        return [cell.isoformat()[:10]]
    return str(cell)


def _text_table(content: bytes) -> Iterator[object]:
    text = _decoded(content)
    if "\0" in text or sum(letter < " " for letter in text[:4000] if letter not in "\r\n\t"):
        raise Fault("not_a_workbook")
    head = text[:20_000]
    delimiter = max(",;\t", key=head.count)
    csv.field_size_limit(100_000)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        raise Fault("broken") from None
    width = max(map(len, rows), default=0)
    if width < 2:
        raise Fault("not_a_workbook")
    if len(rows) > ROWS:
        raise Fault("too_long")
    if width > COLUMNS:
        raise Fault("too_wide")
    yield {"name": "CSV", "merges": [], "hidden": [], "fonts": {}}
    yield from rows


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Old text tables are TCVN3 or VNI, which Windows shows as its Western code page.
        return content.decode("cp1252", errors="replace")


if __name__ == "__main__":
    main()
