"""Rows written straight into the tables, as fast as the engine takes them.

Indexes, triggers and exclusion constraints are taken away for the time and made again afterwards,
over what was written. Values are texts and numbers: days are ISO text, instants ``… 00:00:00`` UTC.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from sqlalchemy import Table

from hrtrain.core.db import Base, db

Values = tuple[Any, ...]
BATCH = 20_000
FAST = ("synchronous=OFF", "foreign_keys=OFF", "cache_size=-262144", "temp_store=FILE")

_LATER_ON_SQLITE = """SELECT type, name, sql FROM sqlite_master
    WHERE sql IS NOT NULL AND type IN ('index', 'trigger') ORDER BY type, name"""
_LATER_ON_POSTGRESQL = """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE contype = 'x'"""
_INDEXES = """SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()
    AND indexname NOT IN (SELECT conname FROM pg_constraint)"""


class Filling:
    """An open connection of the driver into which tables are written."""

    def __init__(self, connection: Any, engine: str) -> None:
        self.connection, self.engine = connection, engine
        self.cursor = connection.cursor()

    def write(self, model: type[Base], columns: str, rows: Iterable[Values]) -> None:
        """Add rows of these columns, a batch at a time: memory stays bounded."""
        names = columns.split()
        into = f"{model.__tablename__} ({', '.join(names)})"
        if self.engine == "postgresql":
            with self.cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        statement = f"INSERT INTO {into} VALUES ({', '.join('?' * len(names))})"
        waiting = iter(rows)
        while batch := list(islice(waiting, BATCH)):
            self.cursor.executemany(statement, batch)

    def run(self, statement: str) -> list[Values]:
        """The statement's rows, if it gives any."""
        self.cursor.execute(statement)
        return self.cursor.fetchall() if self.cursor.description else []


@contextmanager
def filling() -> Iterator[Filling]:
    """A block that writes in bulk; what it wrote is committed when it ends well."""
    db.session.remove()
    pooled = db.engine.raw_connection()
    engine = db.engine.dialect.name
    open_one = _sqlite if engine == "sqlite" else _postgresql
    try:
        with open_one(Filling(pooled.driver_connection, engine)) as filling:
            yield filling
    finally:
        pooled.invalidate()


@contextmanager
def _sqlite(filling: Filling) -> Iterator[Filling]:
    for pragma in FAST:
        filling.run(f"PRAGMA {pragma}")
    filling.run("BEGIN IMMEDIATE")
    later = filling.run(_LATER_ON_SQLITE)
    for kind, name, _sql in later:
        filling.run(f"DROP {kind} {name}")
    yield filling
    for _kind, _name, sql in later:
        filling.run(sql)
    filling.run("COMMIT")
    filling.run("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def _postgresql(filling: Filling) -> Iterator[Filling]:
    filling.run("SET TIME ZONE 'UTC'")
    filling.run("SET session_replication_role = replica")
    filling.run("SET maintenance_work_mem = '512MB'")
    constraints, indexes = filling.run(_LATER_ON_POSTGRESQL), filling.run(_INDEXES)
    for table, name, _sql in constraints:
        filling.run(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name, _sql in indexes:
        filling.run(f"DROP INDEX {name}")
    yield filling
    for _name, sql in indexes:
        filling.run(sql)
    for table, name, sql in constraints:
        filling.run(f"ALTER TABLE {table} ADD CONSTRAINT {name} {sql}")
    for table in Base.metadata.sorted_tables:
        _count_on(filling, table)
    filling.connection.commit()


def _count_on(filling: Filling, table: Table) -> None:
    """Let a table's numbers go on after those that were written."""
    column = table.autoincrement_column
    if column is not None:
        sequence = f"pg_get_serial_sequence('{table.name}', '{column.name}')"
        highest = f"(SELECT coalesce(max({column.name}), 0) + 1 FROM {table.name})"
        filling.run(f"SELECT setval({sequence}, {highest}, false) WHERE {sequence} IS NOT NULL")
