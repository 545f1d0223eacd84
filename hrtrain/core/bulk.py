"""Many rows written at once, past the statement's own work for each: a rebuild writes millions."""

from collections.abc import Iterator
from contextlib import contextmanager
from struct import Struct

from sqlalchemy import Table

from hrtrain.core.db import db

# SQLite takes so many rows of fourteen columns with one statement fastest.
ROWS_AT_ONCE = 50
STATEMENTS_AT_ONCE = 200
# In KiB: a rebuild's own pages stay at hand until they are full.
_CACHE = 200_000


def row_of(table: Table) -> Struct:
    """How a row of whole numbers is packed: all columns in their order, 32 bits each."""
    return Struct(f"<{len(table.columns)}i")


def insert(table: Table, rows: bytes) -> None:
    """Add rows packed as `row_of` says, one after the other, in the session's transaction."""
    connection = db.session.connection()
    if db.engine.dialect.name == "postgresql":
        with connection.connection.cursor().copy(f"COPY {table.name} FROM STDIN") as copy:
            for row in row_of(table).iter_unpack(rows):
                copy.write_row(row)
        return
    size = row_of(table).size
    together = len(rows) // (size * ROWS_AT_ONCE) * ROWS_AT_ONCE
    _insert(table, memoryview(rows)[: together * size], ROWS_AT_ONCE)
    _insert(table, memoryview(rows)[together * size :], 1)


def _insert(table: Table, rows: memoryview, at_once: int) -> None:
    """With a statement for so many rows; their numbers never all at hand as Python's own."""
    width = len(table.columns)
    marks = ", ".join([f"({', '.join('?' * width)})"] * at_once)
    statement = f"INSERT INTO {table.name} VALUES {marks}"  # noqa: S608
    together = Struct(f"<{width * at_once}i")
    for start in range(0, len(rows), together.size * STATEMENTS_AT_ONCE):
        some = rows[start : start + together.size * STATEMENTS_AT_ONCE]
        connection = db.session.connection()
        connection.exec_driver_sql(statement, list(together.iter_unpack(some)))


@contextmanager
def by_the_million(table: Table) -> Iterator[None]:
    """Inside, SQLite fills the empty table; its indexes are made at the end, each in order.

    On PostgreSQL they stay: without them nobody could read the table until this transaction ends.
    """
    connection = db.session.connection()
    if db.engine.dialect.name == "postgresql":
        yield
        return
    cache = connection.exec_driver_sql("PRAGMA cache_size").scalar()
    connection.exec_driver_sql(f"PRAGMA cache_size = -{_CACHE}")
    for index in table.indexes:
        index.drop(connection)
    try:
        yield
        for index in table.indexes:
            index.create(connection)
    finally:
        connection.exec_driver_sql(f"PRAGMA cache_size = {cache}")
