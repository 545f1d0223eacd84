"""A roster sheet's rows become entries and complaints. Pure: the day comes as an argument.

Every person row is an entry or a complaint, never neither; titles, section headings, totals,
column numbers and signature blocks are no people.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from hrtrain.core.legacy_text import decode_columns
from hrtrain.core.sheet import Cell, Merge, Sheet
from hrtrain.core.text import clean_text
from hrtrain.people.rosters.cells import is_signature, is_total, text_of
from hrtrain.people.rosters.header import (
    Header,
    find_header,
    has_name,
    header_as_said,
    header_at,
    labels_at,
)
from hrtrain.people.rosters.row import Place, read_person, written
from hrtrain.people.rosters.twins import refuse_twins
from hrtrain.people.rosters.types import Columns, Complaint, Entry, SheetReading

_STRONG = (
    *("birth_date", "birth_year", "male", "female", "gender"),
    *("phone", "email", "national_id"),
)
_FACTS = (*_STRONG, "birth_day", "birth_month", "position", "unit", "group")
_ROMAN_OR_LETTER = re.compile(r"(?:[IVXLC]+|[A-ZĐ])\s*[.)/:]?")
_PREFIX = re.compile(r"^(?:[IVXLC]+|[A-ZĐ]|\d+(?:\.\d+)*)\s*[.)/:-]+\s*(?=\S)")
_COUNT = re.compile(
    r"\s*[(:]\s*\d+\s*(?:người|đồng chí|đ/c|cán bộ|đại biểu)?\s*\)?\s*$", re.IGNORECASE
)
_UNIT_WORDS = re.compile(
    r"(sở|ban|ủy ban|uỷ ban|ubnd|hội|phòng|công an|báo|đài|tỉnh|huyện|thị xã|thị trấn|xã|phường|"
    r"thành phố|tp|đặc khu|đảng ủy|đảng uỷ|khối|liên đoàn|mặt trận|mttq|trường|trung tâm|"
    r"văn phòng|viện|chi cục|cục|tòa án|toà án|bộ|bch|đoàn thanh niên|đoàn tncs|tỉnh ủy|tỉnh uỷ|"
    r"thành ủy|huyện ủy|hđnd|cơ quan|các|nhóm|lớp|điểm cầu|tổ chức|doanh nghiệp|công ty|"
    r"học viện)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"[^\W\d_][^\d:;()]*")
_NAME_HEADINGS = ("họ ", "ho ", "họ,", "tên", "ten", "full name", "name")
_DITTO = frozenset(('"', "''", "nt", "-nt-", "như trên", '-"-', "”", "″", "〃"))


@dataclass
class _Walk:
    """Where the walk down a sheet stands, and what the rows above said."""

    sheet: Sheet
    header: Header
    today: date
    covered: "_Covered"
    wide: frozenset[int]
    section: str = ""
    has_ended: bool = False
    above: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """A person row: its entry, or every complaint about it with what its cells say."""

    row: int
    entry: Entry | None
    complaints: Sequence[Complaint]
    written: Mapping[str, str]


@dataclass(frozen=True)
class Understood:
    """A sheet with its legacy columns decoded, and its header; None where there is none."""

    sheet: Sheet
    header: Header | None


@dataclass(frozen=True)
class _Row:
    """One row: its cells by field, what is filled in, and the name as somebody wrote it."""

    at: int
    cells: Mapping[str, Cell]
    texts: list[str]
    number: str
    name: str
    facts: int
    is_strong: bool


def read(
    sheets: Iterable[Sheet], today: date, said: Mapping[str, Columns] | None = None
) -> list[SheetReading]:
    """Every sheet's entries and complaints; repeated people are looked for across the sheets.

    ``said`` is how somebody says that sheets, by name, are to be read.
    """
    return refuse_twins(
        _read_sheet(understand(one, (said or {}).get(one.name)), today) for one in sheets
    )


def understand(sheet: Sheet, said: Columns | None = None) -> Understood:
    """The sheet decoded, and its header found, or taken as somebody says."""
    decoded = replace(sheet, rows=decode_columns(sheet.rows, sheet.fonts))
    header = find_header(decoded) if said is None else header_as_said(decoded, said)
    return Understood(decoded, header)


def _read_sheet(understood: Understood, today: date) -> SheetReading:
    sheet, header = understood.sheet, understood.header
    found = list(people_of(understood, today))
    return SheetReading(
        sheet=sheet.name,
        header_row=header.row + 1 if header else None,
        columns=header.labels if header else (),
        entries=tuple(one.entry for one in found if one.entry is not None),
        complaints=tuple(complaint for one in found for complaint in one.complaints),
        written={one.row: one.written for one in found if one.complaints},
        hidden=tuple(one.row for one in found if one.row - 1 in sheet.hidden),
    )


def people_of(understood: Understood, today: date) -> Iterator[Found]:
    """Every person row of the sheet, one by one."""
    sheet, header = understood.sheet, understood.header
    if header is None or not has_name(header):
        return
    walk = _Walk(sheet, header, today, _Covered(sheet), _wide_rows(sheet))
    own = _said_again(header, sheet)
    at = header.last_row + 1
    while at < len(sheet.rows):
        row = sheet.rows[at]
        again = header_at(sheet, at) if _names_columns(row) else None
        if again is not None:
            is_own = _said_again(again, sheet) == own
            walk.header, walk.has_ended, at = header if is_own else again, False, again.last_row
        elif (found := _read_row(walk, _row(walk.header, at, row))) is not None:
            yield found
        at += 1


def _said_again(header: Header, sheet: Sheet) -> list[str]:
    """By what a header that is repeated on each page is known again."""
    return labels_at(sheet, header.row, header.last_row)


def _names_columns(row: list[Cell]) -> bool:
    """Whether the row may be a header again: of a second table, or repeated on each page."""
    return any(
        isinstance(cell, str) and cell.strip().lower().startswith(_NAME_HEADINGS) for cell in row
    )


class _Covered:
    """What cells under a vertical merge say: a unit written once for many people."""

    def __init__(self, sheet: Sheet) -> None:
        self._rows = sheet.rows
        self._merges: dict[int, list[Merge]] = {}
        for merge in sheet.merges:
            if merge.bottom > merge.top and merge.left == merge.right:
                self._merges.setdefault(merge.left, []).append(merge)
        for merges in self._merges.values():
            merges.sort(key=lambda merge: merge.top)

    def at(self, row: int, column: int) -> Cell:
        """The cell above that covers this one; None where there is none."""
        merges = self._merges.get(column)
        if not merges:
            return None
        place = bisect_right(merges, row, key=lambda merge: merge.top) - 1
        if place < 0 or not merges[place].top < row <= merges[place].bottom:
            return None
        top = self._rows[merges[place].top]
        return top[column] if column < len(top) else None


def _wide_rows(sheet: Sheet) -> frozenset[int]:
    """Rows with a cell merged over three columns and more, as headings of parts have."""
    return frozenset(
        merge.top
        for merge in sheet.merges
        if merge.top == merge.bottom and merge.right - merge.left >= 2
    )


def _row(header: Header, at: int, row: list[Cell]) -> _Row:
    texts = [text_of(cell) for cell in row]
    places = {name: place for name, place in header.columns.items() if place < len(row)}
    filled = {name for name, place in places.items() if texts[place]}
    return _Row(
        at=at,
        cells={name: row[place] for name, place in places.items()},
        texts=[text for text in texts if text],
        number=texts[places["number"]] if "number" in filled else "",
        name=_written_name(header, row, texts),
        facts=sum(1 for name in _FACTS if name in filled),
        is_strong=not filled.isdisjoint(_STRONG),
    )


def _written_name(header: Header, row: list[Cell], texts: list[str]) -> str:
    """The name, its parts put together, not cleaned yet: what had to be cleaned is told."""
    places = [header.columns.get("family", -1), header.columns.get("given", -1)]
    if "full_name" in header.columns:
        left = header.columns["full_name"]
        places = list(range(left, left + header.name_span))
    parts = [str(row[place]).strip() for place in places if 0 <= place < len(row) and texts[place]]
    return " ".join(parts)


def _read_row(walk: _Walk, row: _Row) -> Found | None:
    if not row.texts or _is_numbering(row.texts):
        return None
    if _ends_the_list(row):
        walk.has_ended = True
    elif not row.is_strong and _is_section(walk, row):
        walk.has_ended = False
        walk.section = _section_text(row.name or row.texts[-1])
    elif _is_person(walk, row):
        return _take_person(walk, row)
    return None


def _ends_the_list(row: _Row) -> bool:
    """A total or a signature block; what a person's own row says is neither."""
    if any(map(is_total, row.texts[:3])):
        return True
    is_free = not row.is_strong and not row.number.isdecimal()
    return is_free and any(map(is_signature, row.texts))


def _is_numbering(texts: list[str]) -> bool:
    """A row of column numbers: 1 2 3, (1) (2) (3), A B 1 2."""
    bare = [text.strip("()[] ") for text in texts]
    digits = [int(text) for text in bare if text.isdecimal() and len(text) < 3]
    letters = [text for text in bare if len(text) == 1 and text.isalpha()]
    if len(digits) < 2 or len(digits) + len(letters) < len(bare):
        return False
    return digits == list(range(digits[0], digits[0] + len(digits)))


def _is_section(walk: _Walk, row: _Row) -> bool:
    """Whether a row is a heading of a part: by its number, its width or its words."""
    text = clean_text(row.name or row.texts[-1])
    bare = _PREFIX.sub("", text)
    has_unit_words = _UNIT_WORDS.match(bare) is not None
    if _ROMAN_OR_LETTER.fullmatch(row.number):
        return not row.facts or has_unit_words
    if row.facts:
        return False
    if row.number and row.number == text:
        return len(row.texts) == 1 and not text.isdecimal()
    return has_unit_words or row.at in walk.wide or (bare != text and not row.number)


def _section_text(text: str) -> str:
    return _COUNT.sub("", _PREFIX.sub("", clean_text(text))).rstrip(" :;")[:250]


def _is_person(walk: _Walk, row: _Row) -> bool:
    is_numbered = row.number.isdecimal()
    if row.is_strong or (is_numbered and row.facts):
        return bool(row.name) or row.facts > 1 or is_numbered
    if not row.name:
        return False
    if walk.has_ended and not is_numbered:
        return row.facts > 1 and "number" not in walk.header.columns
    return bool(row.facts or is_numbered or _looks_like_name(clean_text(row.name)))


def _looks_like_name(text: str) -> bool:
    return 2 <= len(text.split()) <= 7 and _NAME.fullmatch(text) is not None and text[0].isupper()


def _take_person(walk: _Walk, row: _Row) -> Found:
    place = Place(
        sheet=walk.sheet.name,
        row=row.at + 1,
        unit_text=(_repeated(walk, row, "unit") or walk.section)[:250],
        position=_repeated(walk, row, "position"),
        today=walk.today,
    )
    entry, complaints = read_person(place, row.name, row.cells)
    said = written(place, row.name, row.cells) if complaints else {}
    return Found(place.row, entry, complaints, said)


def _repeated(walk: _Walk, row: _Row, name: str) -> str:
    """The cell's text, or that of the cell it is merged under, or of the row above for "nt"."""
    column = walk.header.columns.get(name)
    if column is None:
        return ""
    text = text_of(row.cells.get(name)) or text_of(walk.covered.at(row.at, column))
    if text.lower() in _DITTO:
        return walk.above.get(name, "")
    walk.above[name] = text
    return text
