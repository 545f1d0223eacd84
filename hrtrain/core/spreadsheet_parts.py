"""What calamine does not tell of a workbook: rows hidden in it, columns in fonts before Unicode.

Read from the XML with a few expressions, in the limited child. A file written in an unusual way
only loses what is told here, never a row.
"""

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

# So many hidden rows are told by number.
MOST_HIDDEN = 5_000
_SHEET = re.compile(rb"<sheet\b([^>]*)/?>")
_RELATION = re.compile(rb"<Relationship\b([^>]*)/?>")
_HIDDEN_ROW = re.compile(rb'<row\b[^>]*?\br="(\d{1,7})"[^>]*?\bhidden="(?:1|true)"')
_FONT = re.compile(rb"<font>(.*?)</font>|<font/>", re.DOTALL)
_FONT_NAME = re.compile(rb'<name val="([^"]*)"')
_FORMATS = re.compile(rb"<cellXfs\b.*?</cellXfs>", re.DOTALL)
_FORMAT = re.compile(rb'<xf\b[^>]*?\bfontId="(\d+)"')
_CELL = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,2})\d+"[^>]*?\bs="(\d+)"[^>/]*>')
_ODS_TABLE = re.compile(rb'<table:table\b[^>]*?\btable:name="([^"]*)"')
_ODS_ROW = re.compile(rb"<table:table-row\b([^>]*)>")
_ODS_REPEATED = re.compile(rb'table:number-rows-repeated="(\d{1,7})"')
_ODS_HIDDEN = re.compile(rb'table:visibility="(?:collapse|filter)"')
_ENTITIES = {b"&amp;": b"&", b"&lt;": b"<", b"&gt;": b">", b"&quot;": b'"', b"&apos;": b"'"}


@dataclass(frozen=True)
class Looks:
    """How a sheet looks: hidden rows, from 0, and the encoding of columns' fonts, from 0."""

    hidden: list[int] = field(default_factory=list)
    fonts: dict[int, str] = field(default_factory=dict)


def looks_of(archive: zipfile.ZipFile) -> dict[str, Looks]:
    """How the sheets of a checked workbook look, by name."""
    names = archive.namelist()
    if "xl/workbook.xml" not in names:
        return dict(_of_opendocument(archive.read("content.xml")))
    encodings = _encodings(archive.read("xl/styles.xml")) if "xl/styles.xml" in names else {}
    return {
        name: _of_sheet(archive.read(part), encodings)
        for name, part in _parts(archive)
        if part in names
    }


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Every sheet's name and the part that holds it."""
    relations = "xl/_rels/workbook.xml.rels"
    if relations not in archive.namelist():
        return
    targets = {}
    for found in _RELATION.finditer(archive.read(relations)):
        target = _attribute(found[1], "Target").removeprefix("/")
        targets[_attribute(found[1], "Id")] = target if target[:3] == "xl/" else f"xl/{target}"
    for found in _SHEET.finditer(archive.read("xl/workbook.xml")):
        yield _attribute(found[1], "name"), targets.get(_attribute(found[1], "r:id"), "")


def _attribute(text: bytes, name: str) -> str:
    found = re.search(rb"(?:^|\s)" + name.encode() + rb'="([^"]*)"', text)
    return _plain(found[1]) if found else ""


def _plain(text: bytes) -> str:
    for entity, letter in _ENTITIES.items():
        text = text.replace(entity, letter)
    return text.decode("utf-8", errors="replace")


def _of_sheet(xml: bytes, encodings: dict[int, str]) -> Looks:
    hidden = [int(found[1]) - 1 for found in _HIDDEN_ROW.finditer(xml)]
    return Looks(hidden[:MOST_HIDDEN], _columns(xml, encodings) if encodings else {})


def _encodings(styles: bytes) -> dict[int, str]:
    """The encoding each cell format's font tells, of the formats whose font tells one."""
    fonts = [_encoding_of(found[1] or b"") for found in _FONT.finditer(styles)]
    formats = _FORMATS.search(styles)
    used = [int(found[1]) for found in _FORMAT.finditer(formats[0])] if formats else []
    told = {at: fonts[font] for at, font in enumerate(used) if font < len(fonts)}
    return {at: encoding for at, encoding in told.items() if encoding}


def _encoding_of(font: bytes) -> str:
    named = _FONT_NAME.search(font)
    name = named[1].decode("utf-8", errors="replace").lower() if named else ""
    if name.startswith(".vn"):
        return "tcvn3"
    return "vni" if name.startswith("vni") else ""


def _columns(xml: bytes, encodings: dict[int, str]) -> dict[int, str]:
    """The encoding most cells of a column are written in, where most tell the same."""
    counted: dict[int, Counter[str]] = {}
    for found in _CELL.finditer(xml):
        at = _place(found[1])
        counted.setdefault(at, Counter())[encodings.get(int(found[2]), "")] += 1
    usual = {at: counts.most_common(1)[0][0] for at, counts in counted.items()}
    return {at: encoding for at, encoding in usual.items() if encoding}


def _place(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - ord("A") + 1
    return place - 1


def _of_opendocument(xml: bytes) -> Iterator[tuple[str, Looks]]:
    tables = [(found.start(), _plain(found[1])) for found in _ODS_TABLE.finditer(xml)]
    ends = [start for start, _name in tables[1:]] + [len(xml)]
    for (start, name), end in zip(tables, ends, strict=True):
        yield name, Looks(list(_hidden_rows(xml, start, end)))


def _hidden_rows(xml: bytes, start: int, end: int) -> Iterator[int]:
    at = told = 0
    for found in _ODS_ROW.finditer(xml, start, end):
        repeated = _ODS_REPEATED.search(found[1])
        count = int(repeated[1]) if repeated else 1
        if _ODS_HIDDEN.search(found[1]) and told < MOST_HIDDEN:
            count_told = min(count, MOST_HIDDEN - told)
            yield from range(at, at + count_told)
            told += count_told
        at += count
