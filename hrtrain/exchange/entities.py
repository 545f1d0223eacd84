"""Loads files whose rows have an identity: new ones are added, known ones take the new values.

What the package has no column for stays as it is. Frozen rows (certificates) are never changed.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row as Known
from sqlalchemy import bindparam, select, update

from hrtrain.exchange.fill import BEFORE, DERIVED, ON_NEW, ON_OLD
from hrtrain.exchange.layout import Sheet
from hrtrain.exchange.load import REFUSED, Load, chunks, parts
from hrtrain.exchange.package import Package
from hrtrain.exchange.references import resolve
from hrtrain.exchange.rows import ABSENT, Reading, Row
from hrtrain.exchange.writing import insert

Identity = Any


class Entities:
    """The loading of one such sheet."""

    def __init__(self, load: Load, sheet: Sheet) -> None:
        self.load, self.sheet = load, sheet
        self.table = load.table(sheet.table)
        self.counts = load.count(sheet)
        self.is_keyed = len(sheet.identity) == 1
        self.places = [sheet.index[name] for name in sheet.identity]
        self.seen: dict[Identity, tuple[int, int]] = {}
        self.changed: list[int] = []

    def run(self, package: Package) -> None:
        """Read the file and write what is new or changed."""
        reading = Reading(self.sheet, self.load.complaints)
        for rows in chunks(reading.rows(package.rows(self.sheet, self.load.complaints))):
            self._remember_refused(reading)
            self._write([row for row in rows if self._is_first(row)])
        self._remember_refused(reading)
        if reading.is_broken:
            self.load.broken.add(self.sheet.name)

    def _remember_refused(self, reading: Reading) -> None:
        if self.is_keyed:
            keys = self.load.find(self.sheet.name, reading.refused)
            for key in reading.refused:
                keys.setdefault(key, REFUSED)
        reading.refused.clear()

    def _identity(self, row: Row) -> Identity:
        if self.is_keyed:
            return row.values[self.places[0]]
        return tuple(row.values[place] for place in self.places)

    def _is_first(self, row: Row) -> bool:
        """Whether the row is the first of its identity; the same again is no fault, another is."""
        identity, content = self._identity(row), hash(tuple(row.values))
        before = self.seen.setdefault(identity, (row.number, content))
        if before[0] != row.number and before[1] != content:
            reason = f"{identity!r} stands in row {before[0]} already, with other values"
            self.load.complaints.add(self.sheet.file, row.number, self.sheet.identity[0], reason)
        return before[0] == row.number

    def _write(self, rows: list[Row]) -> None:
        good = resolve(self.load, self.sheet, rows)
        if self.is_keyed:
            self._set_aside(rows, good)
        records = [self._record(row) for row in good]
        DERIVED[self.sheet.name](self.load, records)
        known = self._known(good)
        new, old = [], []
        for row, record in zip(good, records, strict=True):
            found = known.get(self._identity(row))
            if found is None:
                new.append((row, record))
            else:
                old.append((row, record, found))
        BEFORE[self.sheet.name](self.load, records)
        self._change(old)
        self._add(new)

    def _set_aside(self, rows: Sequence[Row], good: Sequence[Row]) -> None:
        """Rows that fell for a reference keep their key, so that no row below is blamed."""
        stands = {id(row) for row in good}
        keys = self.load.find(self.sheet.name, (self._identity(row) for row in rows))
        for row in rows:
            if id(row) not in stands:
                keys.setdefault(self._identity(row), REFUSED)

    def _record(self, row: Row) -> dict[str, Any]:
        record = {"_row": row.number}
        for column, value in zip(self.sheet.columns, row.values, strict=True):
            if value is not ABSENT:
                record[column.stored_as] = value
        return record

    def _known(self, rows: list[Row]) -> dict[Identity, Known[Any]]:
        """What the database has of these rows, by identity."""
        if self.load.is_empty(self.sheet.table):
            return {}
        names = [self.sheet.columns[place].stored_as for place in self.places]
        first = self.table.c[names[0]]
        wanted = list({row.values[self.places[0]] for row in rows})
        found: dict[Identity, Known[Any]] = {}
        for part in parts(wanted):
            for known in self.load.connection.execute(select(self.table).where(first.in_(part))):
                values = tuple(known._mapping[name] for name in names)
                found[values[0] if self.is_keyed else values] = known
        return found

    def _add(self, new: list[tuple[Row, dict[str, Any]]]) -> None:
        ids = self.load.new_ids(self.sheet.table, len(new))
        records = []
        for (row, record), id_ in zip(new, ids, strict=True):
            if self.is_keyed:
                self.load.keys.setdefault(self.sheet.name, {})[self._identity(row)] = id_
            record["id"] = id_
            records.append(self._complete(record))
        ON_NEW[self.sheet.name](self.load, records)
        for record in records:
            record.pop("_row")
        self.counts.added += len(records)
        insert(self.load, self.sheet.table, records)

    def _complete(self, record: dict[str, Any]) -> dict[str, Any]:
        """A new row has every column: what the file does not say is the column's default."""
        for column in self.sheet.columns:
            if column.stored_as in self.table.c:
                record.setdefault(column.stored_as, column.default)
        return record

    def _change(self, old: list[tuple[Row, dict[str, Any], Known[Any]]]) -> None:
        changes = []
        for row, record, known in old:
            for name in self.sheet.on_new_only:
                record.pop(name, None)
            record.pop("_row")
            if self.is_keyed:
                self.load.keys.setdefault(self.sheet.name, {})[self._identity(row)] = known.id
            ON_OLD[self.sheet.name](self.load, known._asdict(), record)
            other = [n for n, value in record.items() if known._mapping[n] != value]
            if not other or not self._may_change(row, other):
                self.counts.unchanged += not other
                continue
            changes.append({"_id": known.id, **{f"_{n}": v for n, v in record.items()}})
            self.changed.append(known.id)
        self.counts.changed += len(changes)
        if changes and self.load.may_write:
            self._update(changes)

    def _may_change(self, row: Row, names: list[str]) -> bool:
        if not self.sheet.frozen:
            return True
        stored = {column.stored_as: column.name for column in self.sheet.columns}
        fixed = [stored[n] for n in names if n in stored and n not in self.sheet.may_change]
        for name in fixed:
            reason = f"{self._identity(row)!r} is known with another value and is never changed"
            self.load.complaints.add(self.sheet.file, row.number, name, reason)
        return not fixed

    def _update(self, changes: list[dict[str, Any]]) -> None:
        names = [name[1:] for name in changes[0] if name != "_id"]
        values: dict[str, Any] = {name: bindparam(f"_{name}") for name in names}
        if "version" in self.table.c:
            values["version"] = self.table.c.version + 1
        statement = update(self.table).where(self.table.c.id == bindparam("_id")).values(values)
        self.load.connection.execute(statement, changes)
