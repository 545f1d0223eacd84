"""What one import carries from file to file: keys, ids, counts, complaints, the instant."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import TypeVar

from sqlalchemy import Connection, Table, func, select, text

from hrtrain.core.db import Base
from hrtrain.exchange.complaints import Complaints
from hrtrain.exchange.layout import SHEETS, Sheet

CHUNK = 2000
# SQLite takes 32,766 values a statement, older ones 999.
IN_LIST = 900
T = TypeVar("T")
TABLE_OF = {sheet.name: sheet.table for sheet in SHEETS}
REFUSED = 0


@dataclass
class Counts:
    """What became of the rows of one file."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    retracted: int = 0


@dataclass
class Load:
    """One import. ``keys`` maps a sheet's keys to ids; a refused row's key maps to ``REFUSED``."""

    connection: Connection
    complaints: Complaints
    now: datetime
    secret_key: str
    keys: dict[str, dict[str, int]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    counts: dict[str, Counts] = field(default_factory=dict)
    first_names: dict[str, tuple[int, str, str | None]] = field(default_factory=dict)
    former_lives: dict[int, tuple[date | None, date | None]] = field(default_factory=dict)
    lives: dict[int, tuple[date | None, date | None]] = field(default_factory=dict)
    validity: dict[int, int | None] = field(default_factory=dict)
    issued: dict[tuple[int, int, int], tuple[str, int]] = field(default_factory=dict)
    was_empty: dict[str, bool] = field(default_factory=dict)
    ids: dict[str, Iterator[int]] = field(default_factory=dict)

    def table(self, name: str) -> Table:
        """The table of this name."""
        return Base.metadata.tables[name]

    def count(self, sheet: Sheet) -> Counts:
        """The counts of a file, to add to."""
        return self.counts.setdefault(sheet.file, Counts())

    @property
    def may_write(self) -> bool:
        """Once something is complained about nothing more is written: all will be undone."""
        return not self.complaints.count

    def is_empty(self, table: str) -> bool:
        """Whether the table had no row when the import came to it."""
        if table not in self.was_empty:
            found = self.connection.execute(select(self.table(table).c.id).limit(1)).first()
            self.was_empty[table] = found is None
        return self.was_empty[table]

    def new_ids(self, table: str, count: int) -> list[int]:
        """Ids nobody else has or will be given."""
        if self.connection.dialect.name == "postgresql":
            sequence = f"pg_get_serial_sequence('{table}', 'id')"
            asked = text(f"SELECT nextval({sequence}) FROM generate_series(1, :count)")  # noqa: S608
            return list(self.connection.scalars(asked, {"count": count}))
        # SQLite has one writer, and that is this transaction.
        if table not in self.ids:
            last = self.connection.scalar(select(func.max(self.table(table).c.id))) or 0
            self.ids[table] = iter(range(last + 1, 2**62))
        return list(islice(self.ids[table], count))

    def find(self, sheet: str, keys: Iterable[str]) -> dict[str, int]:
        """The ids of the keys that are known, looked up once each."""
        known = self.keys.setdefault(sheet, {})
        wanted = [key for key in set(keys) if key not in known]
        if wanted and not self.is_empty(TABLE_OF[sheet]):
            table = self.table(TABLE_OF[sheet])
            for part in parts(wanted):
                query = select(table.c.key, table.c.id).where(table.c.key.in_(part))
                known.update((key, id_) for key, id_ in self.connection.execute(query))
        return known

    def life_of(self, units: Iterable[int]) -> dict[int, tuple[date | None, date | None]]:
        """The lives of units; those of this package are noted as they are loaded."""
        wanted = [unit for unit in set(units) if unit not in self.lives and unit != REFUSED]
        table = self.table("unit")
        for part in parts(wanted):
            query = select(table.c.id, table.c.starts_on, table.c.ends_on)
            for id_, starts, ends in self.connection.execute(query.where(table.c.id.in_(part))):
                self.lives[id_] = (starts, ends)
        return self.lives

    def validity_of(self, courses: Iterable[int]) -> dict[int, int | None]:
        """How many months a completion of each course counts."""
        wanted = [course for course in set(courses) if course not in self.validity]
        table = self.table("course")
        for part in parts(wanted):
            query = select(table.c.id, table.c.validity_months).where(table.c.id.in_(part))
            self.validity.update((id_, months) for id_, months in self.connection.execute(query))
        return self.validity


def parts(values: Sequence[T], size: int = IN_LIST) -> Iterator[Sequence[T]]:
    """The values in pieces that fit into a statement."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def chunks(rows: Iterator[T], size: int = CHUNK) -> Iterator[list[T]]:
    """The rows in pieces."""
    while piece := list(islice(rows, size)):
        yield piece
