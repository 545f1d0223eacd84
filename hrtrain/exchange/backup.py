"""A consistent copy of everything: the tables of one moment, the documents, the key, the marks.

One format for both engines, checked by restoring it into a scratch database before it counts.
"""

import hashlib
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic.migration import MigrationContext
from sqlalchemy import Connection, Table, create_engine, event

from hrtrain.certificates import marks
from hrtrain.core.config import Settings
from hrtrain.core.db import Base, db, see_one_moment
from hrtrain.core.errors import Refusal
from hrtrain.exchange import sealed
from hrtrain.exchange.dump import lines_of, load_lines, tables

FORMAT = 1
SECRET, MARKS = "secret_key", f"data/{marks.NAME}"
DOCUMENTS = "documents/"
_BLOCK = 1024 * 1024


def back_up(path: Path, settings: Settings) -> dict[str, int]:
    """Write the backup and check it; how many rows each table has. Refuses an existing file.

    The database must be read in a transaction begun for this alone.
    """
    if path.exists():
        raise Refusal("is there already; a backup never replaces another", where=str(path))
    if not path.parent.is_dir():
        raise Refusal("is no folder", where=str(path.parent))
    connection = _of_one_moment()
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    manifest = {"format": FORMAT, "made_at": made_at, "revision": revision_of(connection)}
    try:
        with sealed.writing(path) as writer:
            for table in tables():
                writer.add(f"tables/{table.name}.jsonl", lines_of(connection, table))
            _add_files(writer, settings)
            writer.finish({**manifest, "secret": fingerprint(settings.secret_key)})
        return check(path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _of_one_moment() -> Connection:
    see_one_moment()
    return db.session.connection()


def revision_of(connection: Connection) -> str | None:
    """The revision of the schema."""
    return MigrationContext.configure(connection).get_current_revision()


def fingerprint(secret_key: str) -> str:
    """Says whether two keys are the same without saying what they are."""
    return hashlib.sha256(b"hrtrain backup\0" + secret_key.encode()).hexdigest()[:16]


def _add_files(writer: sealed.Writer, settings: Settings) -> None:
    # Documents are only ever added, under their hash: those the tables speak of are here.
    folder = settings.data_dir / "documents"
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            writer.add(DOCUMENTS + path.relative_to(folder).as_posix(), _blocks(path))
    kept = ((settings.data_dir / SECRET, SECRET), (settings.data_dir / marks.NAME, MARKS))
    for path, name in kept:
        if path.is_file():
            writer.add(name, _blocks(path))


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def check(path: Path) -> dict[str, int]:
    """Restore the backup into a scratch database and compare; the rows of each table.

    Refuses when anything differs, and when a document the tables speak of is missing.
    """
    with sealed.reading(path) as reader, tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{folder}/scratch.sqlite3")
        event.listen(engine, "connect", _hurry)
        Base.metadata.create_all(engine)
        counts: dict[str, int] = {}
        try:
            with engine.begin() as connection:
                for table in tables():
                    counts[table.name] = load_lines(connection, table, reader.lines(member(table)))
            with engine.connect() as connection:
                for table in tables():
                    _compare(connection, table, reader)
                _refuse_missing_documents(connection, reader)
        finally:
            engine.dispose()
    return counts


def _hurry(connection: Any, _record: Any) -> None:
    # The scratch database is thrown away: nothing of it need survive a power cut.
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA journal_mode=OFF")


def member(table: Table) -> str:
    """The member that holds the table's rows."""
    return f"tables/{table.name}.jsonl"


def _compare(connection: Connection, table: Table, reader: sealed.Reader) -> None:
    digest = hashlib.sha256()
    for line in lines_of(connection, table):
        digest.update(line)
    if digest.hexdigest() != reader.files[member(table)]["sha256"]:
        raise Refusal("would not come back as it is", where=table.name)


def _refuse_missing_documents(connection: Connection, reader: sealed.Reader) -> None:
    document = Base.metadata.tables["document"]
    for (sha256,) in connection.execute(document.select().with_only_columns(document.c.sha256)):
        stored = reader.files.get(f"{DOCUMENTS}{sha256[:2]}/{sha256}")
        if stored is None or stored["sha256"] != sha256:
            raise Refusal("is missing or no longer what was stored", where=f"document {sha256}")
