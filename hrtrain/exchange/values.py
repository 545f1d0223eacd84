"""Cells of a package as values and back; a cell that is no such value raises ``ValueError``.

Pure: the reason of the refusal is the error's message.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from hrtrain.exchange import layout
from hrtrain.exchange.layout import Column

_TRUE = frozenset({"1", "true", "True", "TRUE", "yes"})
_FALSE = frozenset({"0", "false", "False", "FALSE", "no"})
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,18}\Z", re.ASCII)
_BIRTH = re.compile(r"\d{4}(-\d{2}){0,2}\Z", re.ASCII)

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

Reader = Callable[[str], Any]


def reader_of(column: Column) -> Reader:
    """The function that reads a cell of this column."""
    read = _READERS[column.kind](column)

    def cell(text: str) -> Any:
        if text:
            return read(text)
        if column.required:
            raise ValueError("is empty but is required")
        return column.default

    return cell


@lru_cache(maxsize=65536)
def day(text: str) -> date:
    """Read ``YYYY-MM-DD``."""
    if not _DAY.match(text):
        raise ValueError(f"{_shown(text)} is no date; write YYYY-MM-DD")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{_shown(text)} is no day of the calendar") from None


@lru_cache(maxsize=65536)
def instant(text: str) -> datetime:
    """Read an ISO 8601 instant; without an offset it is UTC, as everything in a package is."""
    try:
        if not _INSTANT.match(text):
            raise ValueError
        read = datetime.fromisoformat(text)
        return (read.replace(tzinfo=UTC) if read.tzinfo is None else read).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(
            f"{_shown(text)} is no instant; write it like 2026-11-22T08:30:00Z"
        ) from None


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")


def _day(_column: Column) -> Reader:
    return day


def _instant(_column: Column) -> Reader:
    return instant


def _key(column: Column) -> Reader:
    def read(text: str) -> str:
        # Keys stand in addresses and in the names of files sent out: no line may end in them.
        if _CONTROL.search(text):
            raise ValueError("holds a control character")
        if len(text) > column.length:
            raise ValueError(f"is {len(text)} characters long, at most {column.length} fit")
        return text

    return read


def _text(column: Column) -> Reader:
    def read(text: str) -> str:
        text = unicodedata.normalize("NFC", text).strip()
        if "\x00" in text:
            raise ValueError("holds a NUL character")
        if column.length and len(text) > column.length:
            raise ValueError(f"is {len(text)} characters long, at most {column.length} fit")
        if column.required and not text:
            raise ValueError("is empty but is required")
        return text

    return read


def _whole(column: Column) -> Reader:
    def read(text: str) -> int:
        if not _WHOLE.match(text):
            raise ValueError(f"{_shown(text)} is no whole number")
        number = int(text)
        if not column.low <= number <= column.high:
            raise ValueError(f"{number} is not between {column.low} and {column.high}")
        return number

    return read


def _flag(_column: Column) -> Reader:
    def read(text: str) -> bool:
        if text in _TRUE:
            return True
        if text in _FALSE:
            return False
        raise ValueError(f"{_shown(text)} is neither 1 (true) nor 0 (false)")

    return read


def _choice(column: Column) -> Reader:
    known = {choice: choice for choice in column.choices}

    def read(text: str) -> str:
        if text not in known:
            raise ValueError(f"{_shown(text)} is none of {', '.join(column.choices)}")
        return known[text]

    return read


def _list(column: Column) -> Reader:
    def read(text: str) -> str:
        words = set(text.split())
        strange = sorted(words - set(column.choices))
        if strange:
            raise ValueError(f"{_shown(strange[0])} is none of {', '.join(column.choices)}")
        return " ".join(choice for choice in column.choices if choice in words)

    return read


def _birth(_column: Column) -> Reader:
    def read(text: str) -> str:
        if not _BIRTH.match(text):
            raise ValueError(f"{_shown(text)} is no date; write YYYY-MM-DD, YYYY-MM or YYYY")
        day((text + "-01-01")[:10])
        return text

    return read


_READERS: dict[str, Callable[[Column], Reader]] = {
    layout.TEXT: _text,
    layout.KEY: _key,
    layout.DAY: _day,
    layout.INSTANT: _instant,
    layout.WHOLE: _whole,
    layout.FLAG: _flag,
    layout.CHOICE: _choice,
    layout.LIST: _list,
    layout.BIRTH: _birth,
}


def written(value: Any) -> str:
    """The cell of a value: empty for none, 1 or 0 for yes or no, UTC with Z for an instant."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
    return value.isoformat() if isinstance(value, date) else str(value)
