"""Where benchmarks stand: applications over countries of any size, on both engines.

Databases are made for the run and removed after it. With HRTRAIN_BENCHMARKS set to a folder,
SQLite's countries are kept there and copied the next time, which spares building them.
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from benchmarks import country
from hrtrain.core.db import db
from tests import postgres
from tests.conftest import build_app

ENGINES = ("sqlite", "postgresql")


@contextmanager
def folder_of_run() -> Iterator[Path]:
    """A folder of its own, removed at the end."""
    with tempfile.TemporaryDirectory(prefix="hrtrain-benchmark-") as name:
        yield Path(name)


@contextmanager
def built(engine: str, people: int) -> Iterator[Flask]:
    """An application over a country of so many people, on one of the engines."""
    with folder_of_run() as folder:
        if engine == "sqlite":
            yield _on_sqlite(folder, people)
            return
        with postgres.fresh_database(f"hrtrain_country_{people}") as url:
            app = _filled(url, folder, people)
            yield app
            with app.app_context():
                db.session.remove()
                db.engine.dispose()


def _on_sqlite(folder: Path, people: int) -> Flask:
    url = f"sqlite:///{folder / 'hrtrain.sqlite3'}"
    keep = os.environ.get("HRTRAIN_BENCHMARKS")
    if not keep:
        return _filled(url, folder, people)
    kept = Path(keep) / f"country-{people}.sqlite3"
    if not kept.exists():
        _keep(kept, people)
    shutil.copyfile(kept, folder / "hrtrain.sqlite3")
    return build_app(url, folder)


def _keep(kept: Path, people: int) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    with folder_of_run() as folder:
        made = folder / "hrtrain.sqlite3"
        _filled(f"sqlite:///{made}", folder, people)
        with sqlite3.connect(made) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.move(made, kept)


def _filled(url: str, folder: Path, people: int) -> Flask:
    app = build_app(url, folder)
    with app.app_context():
        country.build(people)
        db.session.remove()
        db.engine.dispose()
    return app
