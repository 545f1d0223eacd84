"""Brings a backup back: refused when damaged, of another schema, or where other data would go.

Numbers given out are never given again: the marks kept beside the database only rise.
"""

import json
from pathlib import Path

from sqlalchemy import Connection, func, select, text

from hrtrain.certificates import marks
from hrtrain.core.config import Settings
from hrtrain.core.db import Base, db
from hrtrain.core.errors import Refusal
from hrtrain.core.files import FileStore, write_whole
from hrtrain.coverage.derived.rebuilding import rebuild
from hrtrain.exchange import sealed
from hrtrain.exchange.backup import (
    DOCUMENTS,
    FORMAT,
    MARKS,
    SECRET,
    fingerprint,
    member,
    revision_of,
)
from hrtrain.exchange.dump import load_lines, tables


def restore(path: Path, settings: Settings, *, may_replace: bool) -> dict[str, int]:
    """Put everything of the backup in place, the rows in the caller's transaction.

    Files come first: documents lie under their hashes and marks only rise, so both are right
    whichever rows are there in the end. The secret key is `restore_key`'s, after the commit.
    """
    with sealed.reading(path) as reader:
        connection = db.session.connection()
        _refuse_other_schema(path, reader, connection)
        if _is_filled(connection):
            if not may_replace:
                raise Refusal("holds data; say --replace to lose it", where="the database")
            marks.merge(settings.data_dir, _given(connection))
        _restore_files(reader, settings)
        _empty(connection)
        counts = {
            table.name: load_lines(connection, table, reader.lines(member(table)))
            for table in tables()
        }
        _raise_sequences(connection)
    rebuild()
    db.session.expire_all()
    return counts


def restore_key(path: Path, settings: Settings) -> str:
    """Put the backup's secret key in the data folder; a warning when another one is in use."""
    with sealed.reading(path) as reader:
        if SECRET in reader.files:
            write_whole(settings.data_dir / SECRET, reader.read(SECRET), mode=0o600)
            return ""
        if reader.manifest["secret"] != fingerprint(settings.secret_key):
            return "SECRET_KEY is not the backup's: national IDs will not be recognised"
    return ""


def _refuse_other_schema(path: Path, reader: sealed.Reader, connection: Connection) -> None:
    if reader.manifest["format"] != FORMAT:
        raise Refusal("is of a format this version does not know", where=str(path))
    theirs, ours = reader.manifest["revision"], revision_of(connection)
    if theirs != ours:
        raise Refusal(f"is of schema {theirs}, the database of {ours}", where=str(path))
    missing = [table.name for table in tables() if member(table) not in reader.files]
    if missing:
        raise Refusal(f"has no table {missing[0]}", where=str(path))


def _is_filled(connection: Connection) -> bool:
    return any(connection.execute(select(table).limit(1)).first() for table in tables())


def _given(connection: Connection) -> dict[str, int]:
    """The highest number given in each series and year, by the rows that are about to go."""
    number = Base.metadata.tables["certificate_number"]
    series = Base.metadata.tables["certificate_series"]
    query = (
        select(series.c.key, number.c.year, func.max(number.c.value))
        .join(series, series.c.id == number.c.series_id)
        .where(number.c.certificate_id.is_not(None))
        .group_by(series.c.key, number.c.year)
    )
    return {f"{year}/{key}": value for key, year, value in connection.execute(query)}


def _restore_files(reader: sealed.Reader, settings: Settings) -> None:
    store = FileStore(settings.data_dir / "documents")
    for name in reader.files:
        if name.startswith(DOCUMENTS):
            store.keep(reader.read(name))
    if MARKS in reader.files:
        marks.merge(settings.data_dir, json.loads(reader.read(MARKS)))


def _empty(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        # Rows that point at each other go and come back within this one transaction.
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    for table in reversed(tables()):
        connection.execute(table.delete())


def _raise_sequences(connection: Connection) -> None:
    """Let PostgreSQL's next ids follow those that came back; they never go down."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables():
        if "id" in table.c:
            name = connection.scalar(select(func.pg_get_serial_sequence(table.name, "id")))
            highest = connection.scalar(select(func.max(table.c.id)))
            if name and highest:
                last = connection.scalar(text(f"SELECT last_value FROM {name}"))  # noqa: S608
                connection.execute(select(func.setval(name, max(highest, last or 0))))
