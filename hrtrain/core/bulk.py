"""Many rows written at once, past the statement's own work for each: a rebuild writes millions."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table

from hrtrain.core.db import db


def insert(table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Add rows of plain values, all columns in their order, in the session's transaction.

    All rows at hand: reading them meanwhile, over the connection that writes, would never end.
    """
    connection = db.session.connection()
    if db.engine.dialect.name == "postgresql":
        with connection.connection.cursor().copy(f"COPY {table.name} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join("?" * len(table.columns))
    statement = f"INSERT INTO {table.name} VALUES ({marks})"  # noqa: S608
    if rows:
        connection.exec_driver_sql(statement, list(rows))
