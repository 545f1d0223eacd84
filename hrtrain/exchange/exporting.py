"""Writes everything as a data package: the same facts give the same bytes, wherever they lie."""

import csv
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, func, or_, select
from sqlalchemy.sql.expression import collate

from hrtrain.core.db import Base, db, see_one_moment
from hrtrain.core.errors import Refusal
from hrtrain.exchange import layout
from hrtrain.exchange.descriptor import descriptor, exported_columns
from hrtrain.exchange.layout import SHEETS, UNIT_NAMES, UNITS, Column, Sheet
from hrtrain.exchange.load import TABLE_OF
from hrtrain.exchange.package import DESCRIPTOR
from hrtrain.exchange.values import written

_FILES = {DESCRIPTOR, *(sheet.file for sheet in SHEETS)}
# The first instant a zip can name, so that equal packages are equal files.
_EPOCH = (1980, 1, 1, 0, 0, 0)


def export_package(path: Path) -> dict[str, int]:
    """Write the package to a new or empty folder, to one holding a package, or to a ``.zip``.

    All files are of one moment. Gives the count of rows by file.
    """
    _check_place(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".hrtrain-export-") as folder:
        counts = _write_all(Path(folder))
        if path.suffix.lower() == ".zip":
            _zip(Path(folder), path)
        else:
            path.mkdir(exist_ok=True)
            for name in sorted(_FILES):
                shutil.move(Path(folder) / name, path / name)
    return counts


def _check_place(path: Path) -> None:
    if path.suffix.lower() == ".zip":
        if path.is_dir():
            raise Refusal("is a folder, not a zip file", where=str(path))
    elif path.is_dir():
        others = sorted({entry.name for entry in path.iterdir()} - _FILES)
        if others:
            raise Refusal(f"holds other files already, such as {others[0]}", where=str(path))
    elif path.exists():
        raise Refusal("is a file; name a folder or a .zip", where=str(path))


def _write_all(folder: Path) -> dict[str, int]:
    (folder / DESCRIPTOR).write_text(descriptor(), "utf-8")
    see_one_moment()
    connection = db.session.connection()
    return {sheet.file: _write(connection, sheet, folder) for sheet in SHEETS}


def _write(connection: Connection, sheet: Sheet, folder: Path) -> int:
    count = 0
    with (folder / sheet.file).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([column.name for column in exported_columns(sheet)])
        for row in _rows(connection, sheet):
            writer.writerow([written(value) for value in row])
            count += 1
    return count


def _rows(connection: Connection, sheet: Sheet) -> Iterator[Any]:
    query = _query(connection, sheet)
    with connection.execution_options(yield_per=2000).execute(query) as result:
        yield from result


def _query(connection: Connection, sheet: Sheet) -> Select[Any]:
    """The sheet's columns, references as keys, ordered by every column in turn."""
    table: FromClause = Base.metadata.tables[sheet.table]
    source, columns, order = table, [], []
    for column in exported_columns(sheet):
        value, source = _value(column, table, source)
        columns.append(value.label(column.name))
        order.append(_ordered(connection, column, value))
    if sheet is UNITS:
        source, columns = _with_first_name(table, source, columns)
    query = select(*columns).select_from(source).order_by(*order)
    return query.where(_is_later_name(table)) if sheet is UNIT_NAMES else query


def _value(
    column: Column, table: FromClause, source: FromClause
) -> tuple[ColumnElement[Any], FromClause]:
    if not column.references:
        return table.c[column.stored_as], source
    other = Base.metadata.tables[TABLE_OF[column.references]].alias(column.name)
    joined = source.join(other, other.c.id == table.c[column.stored_as], isouter=True)
    return other.c.key, joined


def _ordered(
    connection: Connection, column: Column, value: ColumnElement[Any]
) -> ColumnElement[Any]:
    is_text = column.kind not in (layout.DAY, layout.INSTANT, layout.WHOLE, layout.FLAG)
    if is_text and connection.dialect.name == "postgresql":
        value = collate(value, "C")
    return value.asc().nulls_first()


def _first_names() -> Any:
    """The id of every unit's first name that is known now."""
    name = Base.metadata.tables["unit_name"]
    place = func.row_number().over(
        partition_by=name.c.unit_id, order_by=(name.c.starts_on.asc().nulls_first(), name.c.id)
    )
    ranked = select(name.c.id, place.label("place")).where(name.c.retracted_at.is_(None)).subquery()
    return select(ranked.c.id).where(ranked.c.place == 1)


def _with_first_name(
    unit: FromClause, source: FromClause, columns: list[Any]
) -> tuple[FromClause, list[Any]]:
    name = Base.metadata.tables["unit_name"].alias("first_name")
    first = and_(name.c.unit_id == unit.c.id, name.c.id.in_(_first_names()))
    source = source.join(name, first, isouter=True)
    for place, said in ((1, "name"), (2, "short_name")):
        columns[place] = func.coalesce(name.c[said], unit.c[said]).label(said)
    return source, columns


def _is_later_name(name: FromClause) -> ColumnElement[bool]:
    return or_(name.c.retracted_at.is_not(None), name.c.id.not_in(_first_names()))


def _zip(folder: Path, path: Path) -> None:
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            for name in sorted(_FILES):
                info = zipfile.ZipInfo(name, _EPOCH)
                info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                with (
                    archive.open(info, "w", force_zip64=True) as out,
                    (folder / name).open("rb") as f,
                ):
                    shutil.copyfileobj(f, out, 1024 * 1024)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
