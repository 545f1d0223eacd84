"""Finds the header of a roster sheet, wherever it stands, by its words. Pure.

A header has one row or two; the second names the parts of a merged heading (Nam | Nữ under the
birth date, Họ đệm | Tên under the name, Ngày | Tháng | Năm).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256

from hrtrain.core.sheet import Cell, Sheet
from hrtrain.core.text import clean_text, search_key
from hrtrain.people.rosters.types import Columns

_WORDS = {
    "number": "stt|tt|so tt|so thu tu|thu tu|no|#",
    "full_name": "ho va ten|ho ten|ho va ten can bo|ho ten can bo|ho chu dem va ten|ho dem va ten|"
    "ho va ten khai sinh|ho va ten hoc vien|ho ten hoc vien|ho va ten dai bieu|ten can bo|"
    "ten hoc vien|full name|name",
    "family": "ho dem|ho va dem|ho va ten dem|ho va|ho|ho chu dem|"
    "ho va chu dem|ho lot|ho va chu lot",
    "given": "ten",
    "birth_date": "ngay sinh|nam sinh|ngay thang nam sinh|sinh ngay|ngay thang sinh|ns|"
    "ngay nam sinh|thang nam sinh|date of birth|birth date",
    "gender": "gioi tinh|gioi|phai|nam nu|gender|sex",
    "male": "nam",
    "female": "nu",
    "position": "chuc vu|chuc danh|chuc vu chuc danh|chuc danh chuc vu|chuc vu cong tac|"
    "chuc vu hien nay|chuc vu hien tai|vi tri viec lam|vi tri cong tac|chuc vu don vi|position",
    "unit": "don vi|don vi cong tac|co quan|co quan cong tac|noi cong tac|noi lam viec|"
    "co quan don vi|don vi co quan|co quan don vi cong tac|ten don vi|ten co quan|ma don vi|"
    "phong ban|phong ban don vi|to chuc|unit",
    "phone": "so dien thoai|dien thoai|sdt|dtdd|dt|di dong|so dt|so di dong|so dtdd|"
    "dien thoai di dong|"
    "so dien thoai di dong|so dien thoai lien he|dien thoai lien he|mobile|phone|tel|telephone",
    "email": "email|e mail|mail|thu dien tu|dia chi email|dia chi thu dien tu|hop thu dien tu|"
    "hop thu cong vu",
    "national_id": "cccd|so cccd|cmnd|so cmnd|cccd cmnd|cmnd cccd|so cccd cmnd|so cmnd cccd|"
    "can cuoc|"
    "so can cuoc|can cuoc cong dan|so can cuoc cong dan|so the can cuoc|ddcn|so ddcn|so dinh danh|"
    "so dinh danh ca nhan|ma dinh danh|ma so dinh danh|chung minh nhan dan|so chung minh nhan dan|"
    "so chung minh|so giay to|cccd hoac cmnd|citizen id no|citizen id number|identity no|"
    "identity number",
    "group": "nhom|nhom doi tuong|nhom can bo|doi tuong|nhom doi tuong tap huan|group",
    "note": "ghi chu|note|notes",
}
_EXACT = {word: field for field, words in _WORDS.items() for word in words.split("|")}
# Long headings begin with a known one: Chức vụ, chức danh hiện nay (theo quyết định).
_PREFIXES = sorted(
    (word for word, field in _EXACT.items() if " " in word and field not in ("male", "female")),
    key=len,
    reverse=True,
)
_HOLDS = {"cccd": "national_id", "cmnd": "national_id", "dien thoai": "phone", "email": "email"}
_NOT_OURS = re.compile(
    r"(ngay|noi|thoi gian|co quan) cap|(anh|hinh|ban chup|ban sao|scan|tep)\b|"
    r".*\b(vo|chong|con|cha|me|dang|doan)$|cap bac"
)
# A header explained once is looked for in so many rows from the top.
DEEPEST = 60
_SENSITIVE = re.compile(
    r"\b(dan toc|ton giao|tin nguong|dang vien|vao dang|dang tich|ly lich|chinh kien|"
    r"quan diem chinh tri|xuat than|suc khoe|benh|nhom mau|khuyet tat|hon nhan|thuong tat)\b"
)
_UNITS_OF = re.compile(r"\b(so|ban|don vi|co quan|phong|noi cong tac)\b")
_PARTS = {"ngay": "birth_day", "thang": "birth_month"}


@dataclass(frozen=True)
class Header:
    """Where the header stands (rows count from 0) and which column holds which field."""

    row: int
    last_row: int
    columns: dict[str, int]
    labels: tuple[tuple[str, str], ...]
    name_span: int = 1


def _label(cell: Cell) -> str:
    return clean_text(cell) if isinstance(cell, str) else ""


def is_sensitive(label: str) -> bool:
    """Whether a heading names what is not to be collected, nor read by anybody's word.

    Law 91/2025/QH15, article 2: ethnicity, religion, political views and the like are sensitive.
    """
    words = re.sub(r"[^a-z0-9]+", " ", search_key(label)).strip()
    return _SENSITIVE.search(words) is not None and not _UNITS_OF.search(words)


@lru_cache(maxsize=4_000)
def field_of(label: str) -> str:
    """The field a heading names; "" for a heading that is none of ours."""
    if is_sensitive(label):
        return ""
    words = re.sub(r"\([^)]*\)|\*", " ", search_key(label))
    words = re.sub(r"[^a-z0-9#]+", " ", words).strip()
    if words in _EXACT:
        # Năm and Nam fold to the same word; only the latter is a gender.
        return "" if words == "nam" and "ă" in label.lower() else _EXACT[words]
    if len(words) > 60 or ": " in label or _NOT_OURS.match(words):
        return ""
    for prefix in _PREFIXES:
        if words.startswith(prefix + " "):
            return _EXACT[prefix]
    return next(
        (
            field
            for word, field in _HOLDS.items()
            if word in words.split(" ") or (" " in word and word in words)
        ),
        "",
    )


def _is_value(cell: Cell) -> bool:
    """Whether the cell holds what headings never do: a number, a date, a number as text."""
    if isinstance(cell, str):
        return cell.strip().isdecimal()
    return cell is not None


def _mapping(labels: Sequence[str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for at, label in enumerate(labels):
        field = field_of(label) if label else ""
        if field:
            columns.setdefault(field, at)
    return columns


def _has_name(columns: dict[str, int]) -> bool:
    return "full_name" in columns or ("given" in columns and "family" in columns)


def _is_header(columns: dict[str, int]) -> bool:
    return _has_name(columns) and len(columns.keys() - {"given", "note"}) >= 2


def has_name(header: Header) -> bool:
    """Whether the columns hold a name, without which no row is a person."""
    return "full_name" in header.columns or "given" in header.columns


def find_header(sheet: Sheet, start: int = 0) -> Header | None:
    """The first header at or after the row; None where nothing looks like one."""
    for at in range(start, len(sheet.rows)):
        header = header_at(sheet, at)
        if header is not None:
            return header
    return None


def header_at(sheet: Sheet, at: int) -> Header | None:
    """The header whose first row is this one, if it is one."""
    labels = [_label(cell) for cell in sheet.rows[at]]
    if sum(1 for label in labels if label) < 2 or any(map(_is_value, sheet.rows[at])):
        return None
    columns = _mapping(labels)
    below = [_label(cell) for cell in sheet.rows[at + 1]] if at + 1 < len(sheet.rows) else []
    parts = _parts(below)
    if not parts:
        if not _is_header(columns):
            return None
        return Header(at, at, columns, _named(columns, labels), _name_span(sheet, at, columns))
    joined = _joined(columns, parts)
    if not _is_header(joined):
        return None
    texts = [
        (above or "") + (f" {low}" if low else "")
        for above, low in zip(labels, _padded(below, labels), strict=False)
    ]
    return Header(at, at + 1, joined, _named(joined, texts))


def _padded(below: list[str], labels: list[str]) -> list[str]:
    return below + [""] * (len(labels) - len(below))


def _named(columns: dict[str, int], labels: Sequence[str]) -> tuple[tuple[str, str], ...]:
    by_place = sorted(columns.items(), key=lambda item: item[1])
    return tuple((labels[at].strip(), field) for field, at in by_place)


def _parts(below: list[str]) -> dict[str, int]:
    """The fields a second header row names; empty when the row below is no header row."""
    places = [at for at, label in enumerate(below) if label]
    if not places:
        return {}
    found: dict[str, int] = {}
    siblings = {search_key(below[at]) for at in places}
    for at in places:
        field = _part(below[at], siblings)
        if not field:
            return {}
        found.setdefault(field, at)
    return found


def _part(label: str, siblings: set[str]) -> str:
    word = search_key(label)
    if word in _PARTS and siblings & {"thang", "nam"}:
        return _PARTS[word]
    if word == "nam" and "thang" in siblings:
        return "birth_year"
    return field_of(label)


def _joined(columns: dict[str, int], parts: dict[str, int]) -> dict[str, int]:
    """The columns of both rows; parts of a heading replace the heading that is above them."""
    joined = {field: at for field, at in columns.items() if at not in parts.values()}
    if "family" in parts and "given" in parts:
        joined.pop("full_name", None)
    if parts.keys() & {"male", "female", "birth_year"}:
        joined = {field: at for field, at in joined.items() if field != "birth_date"}
    return {**joined, **parts}


def _name_span(sheet: Sheet, at: int, columns: dict[str, int]) -> int:
    """How many columns the name fills: a merged heading may stand over Họ đệm and Tên."""
    left = columns.get("full_name")
    for merge in sheet.merges_by_row.get(at, ()):
        if merge.left == left:
            return merge.right - merge.left + 1
    return 1


def header_as_said(sheet: Sheet, said: Columns) -> Header | None:
    """The header where and as somebody says it is; None for a sheet to be left out."""
    at = said.header_row - 1
    if not 0 <= at < len(sheet.rows):
        return None
    last = min(at + said.header_rows, len(sheet.rows)) - 1
    labels = labels_at(sheet, at, last)
    columns: dict[str, int] = {}
    for place, field in enumerate(said.fields):
        if field and not (place < len(labels) and is_sensitive(labels[place])):
            columns.setdefault(field, place)
    padded = labels + [""] * max(0, len(said.fields) - len(labels))
    return Header(at, last, columns, _named(columns, padded), _span_as_said(sheet, at, said))


def _span_as_said(sheet: Sheet, at: int, said: Columns) -> int:
    """The name fills the merged heading as far as nothing else is said of the columns."""
    if "full_name" not in said.fields:
        return 1
    left = said.fields.index("full_name")
    span = _name_span(sheet, at, {"full_name": left})
    rest = said.fields[left + 1 : left + span]
    return 1 + next((n for n, field in enumerate(rest) if field), len(rest))


def labels_at(sheet: Sheet, first: int, last: int) -> list[str]:
    """What stands over each column in these rows; a merged heading stands over all its columns."""
    labels: list[str] = []
    for at in range(first, min(last + 1, len(sheet.rows))):
        row = list(map(_label, sheet.rows[at]))
        for merge in sheet.merges_by_row.get(at, ()):
            if merge.top == at and merge.left < len(row):
                width = min(merge.right, len(row) - 1) - merge.left + 1
                row[merge.left : merge.left + width] = [row[merge.left]] * width
        labels += [""] * (len(row) - len(labels))
        for place, text in enumerate(row):
            if text and text != labels[place]:
                labels[place] = f"{labels[place]} {text}".strip()
    return labels


def as_found_at(sheet: Sheet, at: int, rows: int) -> Columns:
    """What the words in these rows, which somebody says are the header, are understood to say."""
    labels = labels_at(sheet, at, at + rows - 1)
    fields = [""] * len(labels)
    for field, place in _mapping(labels).items():
        fields[place] = field
    if rows == 2 and (found := header_at(sheet, at)) is not None and found.last_row == at + 1:
        fields = list(columns_of(found, len(labels)).fields)
    return Columns(at + 1, rows, tuple(fields))


def fingerprint(labels: Sequence[str]) -> str:
    """By what a header is known again, in whatever row it stands; empty for less than two words."""
    words = [search_key(label) for label in labels]
    while words and not words[-1]:
        words.pop()
    if sum(map(bool, words)) < 2:
        return ""
    return sha256("\n".join(words).encode()).hexdigest()


def remembered_in(sheet: Sheet, remembered: Mapping[str, Columns]) -> Columns | None:
    """How the sheet is to be read, if its header is one of those explained before."""
    if not remembered:
        return None
    for at in range(min(DEEPEST, len(sheet.rows))):
        for height in (1, 2):
            found = remembered.get(fingerprint(labels_at(sheet, at, at + height - 1)))
            if found is not None and found.header_rows == height:
                return replace(found, header_row=at + 1)
    return None


def columns_of(header: Header, width: int) -> Columns:
    """The header as it could have been said by hand."""
    fields = [""] * max([width, *(place + 1 for place in header.columns.values())])
    for field, place in header.columns.items():
        fields[place] = field
    return Columns(header.row + 1, header.last_row - header.row + 1, tuple(fields))
