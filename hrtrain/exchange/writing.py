"""Writes many rows at once, each engine in its own quickest way; nothing else bypasses the models.

SQLAlchemy's own bulk insert spends most of its time on each row's parameters: values are bound
here by the columns' types once per column, and PostgreSQL takes them by COPY.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, Connection, Table
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from hrtrain.exchange.load import Load

Bind = Callable[[Any], Any]
Records = Sequence[dict[str, Any]]


def insert(load: Load, table_name: str, records: Records) -> None:
    """Write rows of one set of columns, unless the package is refused already."""
    if not load.may_write or not records:
        return
    table = load.table(table_name)
    if any(isinstance(column.type, JSON) for column in table.columns):
        load.connection.execute(table.insert(), records)
        return
    fixed = _defaults(table, records[0])
    names = [*records[0], *fixed]
    rows = (tuple(record.values()) + tuple(fixed.values()) for record in _aligned(records))
    if load.connection.dialect.name == "postgresql":
        _copy(load.connection, table, names, list(rows))
    else:
        _execute_many(load.connection, table, names, list(rows))


def _aligned(records: Records) -> Records:
    """The records with their columns in the order of the first."""
    first = list(records[0])
    return [r if list(r) == first else {name: r[name] for name in first} for r in records]


def _defaults(table: Table, record: dict[str, Any]) -> dict[str, Any]:
    """What the model gives columns the record does not speak of."""
    return {
        column.name: column.default.arg
        for column in table.columns
        if column.name not in record and isinstance(column.default, ScalarElementColumnDefault)
    }


def _copy(
    connection: Connection, table: Table, names: Sequence[str], rows: list[tuple[Any, ...]]
) -> None:
    columns = ", ".join(names)
    driver = connection.connection.driver_connection
    if driver is None:
        raise RuntimeError("the connection is closed")
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as out:
        for row in rows:
            out.write_row(row)


def _execute_many(
    connection: Connection, table: Table, names: Sequence[str], rows: list[tuple[Any, ...]]
) -> None:
    binds = [(n, bind) for n, name in enumerate(names) if (bind := _bind(table, name, connection))]
    bound = []
    for row in rows:
        values = list(row)
        for place, bind in binds:
            values[place] = bind(values[place])
        bound.append(tuple(values))
    marks = ", ".join("?" * len(names))
    statement = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608
    connection.exec_driver_sql(statement, bound)


def _bind(table: Table, name: str, connection: Connection) -> Bind | None:
    bind = table.c[name].type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
    # Texts are many and need no binding; days and instants are few and repeat.
    return lru_cache(maxsize=8192)(bind) if bind is not None else None
