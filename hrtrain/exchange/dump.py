"""Tables as lines of JSON and back, the same on both engines: the rows of a backup.

The first line names the columns; each further line is a row in the order of its key. Values are
plain: days and instants as ISO text, bytes as base64.
"""

import base64
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Date, DateTime, LargeBinary, Table, insert, select
from sqlalchemy.types import TypeDecorator, TypeEngine

from hrtrain.core.db import Base

CHUNK = 2000


def tables() -> Sequence[Table]:
    """Every table that is not computed from others, those others point at first."""
    return [table for table in Base.metadata.sorted_tables if not table.info.get("derived")]


def lines_of(connection: Connection, table: Table) -> Iterator[bytes]:
    """The table as lines; a table of several key columns comes in their order."""
    yield _line([column.name for column in table.columns])
    query = select(table).order_by(*table.primary_key.columns)
    with connection.execution_options(yield_per=CHUNK).execute(query) as rows:
        for row in rows:
            yield _line([_plain(value) for value in row])


def _line(values: Sequence[Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def load_lines(connection: Connection, table: Table, lines: Iterable[bytes]) -> int:
    """Write the rows of the lines into the table; how many they were."""
    rows = iter(lines)
    names: list[str] = json.loads(next(rows))
    kinds = [_kind(table.c[name].type) for name in names]
    count = 0
    while chunk := list(islice(rows, CHUNK)):
        values = [dict(zip(names, _read(line, kinds), strict=True)) for line in chunk]
        connection.execute(insert(table), values)
        count += len(chunk)
    return count


def _kind(type_: TypeEngine[Any]) -> type | None:
    inner = type_.impl_instance if isinstance(type_, TypeDecorator) else type_
    if isinstance(inner, DateTime):
        return datetime
    if isinstance(inner, Date):
        return date
    return bytes if isinstance(inner, LargeBinary) else None


def _read(line: bytes, kinds: list[type | None]) -> Iterator[Any]:
    for value, kind in zip(json.loads(line), kinds, strict=True):
        if value is None or kind is None:
            yield value
        elif kind is bytes:
            yield base64.b64decode(value)
        else:
            yield kind.fromisoformat(value)  # type: ignore[attr-defined]
