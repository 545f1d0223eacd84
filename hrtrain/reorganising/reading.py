"""Reads a plan's CSV: successions, renames, moves or retypings, told by the columns. Pure."""

import csv
from collections.abc import Callable, Mapping
from datetime import date
from io import StringIO

from hrtrain.core.text import clean_text
from hrtrain.reorganising.rules import Does, Entry, Fault

Row = Mapping[str, str]
MOST_LINES = 100_000
LONGEST_FIELD = 1000
_FLAGS = {"": False, "0": False, "1": True, "false": False, "true": True}


def read_plan(content: bytes, on: date) -> tuple[list[Entry], list[Fault]]:
    """The entries of a file, and all that is wrong with its lines; line 1 is the header.

    Columns of ``data/units/successions.csv`` (no successor: dissolved), or of ``renames.csv``;
    ``key,parent_key`` moves, ``key,tier,kind`` retypes. An ``effective_on`` is the plan's day.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [], [Fault(1, "", "not_utf8")]
    if "\0" in text:
        return [], [Fault(1, "", "not_utf8")]
    try:
        return _read(csv.DictReader(StringIO(text, newline=""), strict=True), on)
    except csv.Error:
        return [], [Fault(1, "", "not_csv")]


def _read(rows: "csv.DictReader[str]", on: date) -> tuple[list[Entry], list[Fault]]:
    columns = {name.strip() for name in rows.fieldnames or () if name}
    kind = next((kind for needed, kind in _KINDS if needed <= columns), None)
    if kind is None:
        return [], [Fault(1, "", "unknown_columns", ", ".join(sorted(columns))[:200])]
    entries: list[Entry] = []
    faults: list[Fault] = []
    for row in rows:
        line = rows.line_num
        if len(entries) + len(faults) >= MOST_LINES:
            return [], [Fault(line, "", "too_long", str(MOST_LINES))]
        if any(isinstance(value, list) for value in row.values()):
            faults.append(Fault(line, "", "too_many_fields"))
            continue
        values = {k.strip(): clean_text(v or "") for k, v in row.items() if k}
        if any(values.values()):
            fault = _fault(line, values, on)
            if fault is None:
                entries.append(kind(line, values))
            else:
                faults.append(fault)
    if not entries and not faults:
        faults.append(Fault(1, "", "empty"))
    return entries, faults


def _fault(line: int, row: Row, on: date) -> Fault | None:
    for column, value in row.items():
        if len(value) > LONGEST_FIELD:
            return Fault(line, column, "name_too_long", value[:40])
    day = row.get("effective_on", "")
    if day and day != on.isoformat():
        return Fault(line, "effective_on", "other_day", day, on.isoformat())
    if row.get("is_default", "").lower() not in _FLAGS:
        return Fault(line, "is_default", "bad_flag", row["is_default"])
    return None


def _succession(line: int, row: Row) -> Entry:
    if not row["successor_key"]:
        return Entry(line, Does.DISSOLVE, row["predecessor_key"])
    is_default = _FLAGS[row.get("is_default", "").lower()]
    return Entry(line, Does.BECOME, row["predecessor_key"], row["successor_key"], is_default)


def _rename(line: int, row: Row) -> Entry:
    short_name = row.get("short_name", "")
    return Entry(line, Does.RENAME, row["key"], name=row["name"], short_name=short_name)


def _move(line: int, row: Row) -> Entry:
    return Entry(line, Does.MOVE, row["key"], row["parent_key"])


def _retype(line: int, row: Row) -> Entry:
    return Entry(line, Does.RETYPE, row["key"], tier=row["tier"], kind=row["kind"])


_KINDS: tuple[tuple[set[str], Callable[[int, Row], Entry]], ...] = (
    ({"predecessor_key", "successor_key"}, _succession),
    ({"key", "name"}, _rename),
    ({"key", "parent_key"}, _move),
    ({"key", "tier", "kind"}, _retype),
)
