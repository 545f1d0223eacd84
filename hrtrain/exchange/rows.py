"""Rows of a file as values: the header understood once, every cell read, every fault noted.

Pure; what needs the database (references, what is already known) comes after.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from hrtrain.exchange.complaints import Complaints
from hrtrain.exchange.layout import PEOPLE, Sheet
from hrtrain.exchange.values import Reader, reader_of


class Absent:
    """The file has no such column: it says nothing about it."""


ABSENT: Final = Absent()
_PRECISION = {4: "year", 7: "month", 10: "day"}
_LENGTH = {"year": 4, "month": 7, "day": 10, "": 10}


@dataclass(slots=True)
class Row:
    """A row of a sheet: its number and its values in the order of the sheet's columns."""

    number: int
    values: list[Any]


Note = Callable[[int, str, str], None]


class Reading:
    """Reads the rows of one sheet. ``is_broken``: the header could not be understood."""

    def __init__(self, sheet: Sheet, complaints: Complaints) -> None:
        self.sheet, self.complaints = sheet, complaints
        self.is_broken = False
        self.refused: list[str] = []
        self._cells: list[tuple[int, int, str, Reader]] = []
        self._width = 0
        self._blank: list[Any] = []

    def note(self, number: int, column: str, reason: str) -> None:
        """Complain about a cell of this sheet."""
        self.complaints.add(self.sheet.file, number, column, reason)

    def rows(self, lines: Iterator[tuple[int, list[str]]]) -> Iterator[Row]:
        """The rows that can be read; the others are complained about."""
        first = next(lines, None)
        if first is None or not self._understand(first[1]):
            return
        for number, cells in lines:
            row = self._row(number, cells)
            if row is not None:
                yield row

    def _understand(self, header: list[str]) -> bool:
        names = [name.strip() for name in header]
        before = self.complaints.count
        for name in names:
            if name not in self.sheet.index:
                known = ", ".join(column.name for column in self.sheet.columns)
                self.note(1, name, f"is no column of this file; it has {known}")
            elif names.count(name) > 1:
                self.note(1, name, "stands there more than once")
        for column in self.sheet.columns:
            if column.required and column.name not in names:
                self.note(1, column.name, "is missing but is required")
        self.is_broken = self.complaints.count > before
        self._prepare(names)
        return not self.is_broken

    def _prepare(self, names: list[str]) -> None:
        self._width = len(names)
        absent = ABSENT if not self.sheet.is_fact else None
        self._blank = [absent if absent else column.default for column in self.sheet.columns]
        for place, name in enumerate(names):
            number = self.sheet.index.get(name)
            if number is not None:
                column = self.sheet.columns[number]
                self._cells.append((place, number, name, reader_of(column)))

    def _row(self, number: int, cells: list[str]) -> Row | None:
        if len(cells) != self._width:
            self.note(number, "", f"has {len(cells)} cells where the header has {self._width}")
            return None
        values = self._blank.copy()
        is_good = True
        for place, target, name, read in self._cells:
            try:
                values[target] = read(cells[place])
            except ValueError as error:
                self.note(number, name, str(error))
                is_good = False
        row = Row(number, values)
        if is_good and self._agrees(row):
            return row
        self._remember(values)
        return None

    def _remember(self, values: list[Any]) -> None:
        """Keep the key of a refused row, so that rows pointing at it are not blamed too."""
        if isinstance(values[0], str):
            self.refused.append(values[0])

    def _agrees(self, row: Row) -> bool:
        """Check what the cells of one row say together."""
        before = self.complaints.count
        index, values = self.sheet.index, row.values
        for first, last in self.sheet.periods:
            starts, ends = values[index[first]], values[index[last]]
            if not _is_nothing(starts) and not _is_nothing(ends) and starts >= ends:
                self.note(row.number, last, f"{ends} is not after {first} {starts}")
        if self.sheet.is_fact:
            recorded, retracted = values[-2], values[-1]
            if recorded and retracted and retracted < recorded:
                self.note(row.number, "retracted_at", "is before recorded_at")
        if self.sheet is PEOPLE:
            _agree_on_birth(self, row)
        return self.complaints.count == before


def _is_nothing(value: Any) -> bool:
    return value is None or value is ABSENT


def _agree_on_birth(reading: Reading, row: Row) -> None:
    """Cut the birth date to its precision; a precision finer than the date is refused."""
    index, values = reading.sheet.index, row.values
    birth, precision = values[index["birth_date"]], values[index["birth_precision"]]
    if birth is ABSENT:
        return
    precision = "" if precision is ABSENT else precision
    if precision and _LENGTH[precision] > len(birth):
        reading.note(row.number, "birth_precision", f"{precision} is finer than {birth!r}")
    values[index["birth_date"]] = birth[: _LENGTH[precision]]
    values[index["birth_precision"]] = precision or _PRECISION.get(len(birth), "")
